"""Reelwright: from a brief to a finished film.

from reelwright import Brief, Studio

for event in Studio.open("myfilm").make(Brief(text="How bees make honey ...")):
    print(event)
"""
