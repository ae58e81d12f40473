"""Tools do things with media; they know nothing about stories."""
