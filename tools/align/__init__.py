"""Alignment: when each word of a known text is spoken.

Knows nothing about captions or films.
"""
