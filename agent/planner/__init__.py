"""Planners turn a brief into a script and shots."""
