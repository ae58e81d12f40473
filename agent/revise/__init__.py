"""Revision: an instruction in plain words becomes typed edits on the plan, and only what they touch is made again.

Knows nothing about how pictures and voices are made.
"""
