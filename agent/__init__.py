"""The agent decides: it plans, calls tools, judges and delivers."""
