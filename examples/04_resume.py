"""Stop in the middle, and go on without making anything twice. Run: python examples/04_resume.py [FOLDER]"""

import sys

from reelwright import Brief, ReelwrightError, Studio

folder = sys.argv[1] if len(sys.argv) > 1 else "films/resumed"
brief = Brief(text="# Tea\n\nTea is a leaf, hot water and time.", seconds=5, size={"width": 360, "height": 640})
studio = Studio.open(folder)
try:
    for event in studio.make(brief):
        if event.type == "took" and event.tool == "video.motion":
            studio.stop()
except ReelwrightError as stopped:
    print(stopped)

again = [event for event in Studio.open(folder).resume() if event.type == "took"]
print(sum(event.cached for event in again), "of", len(again), "results were there already")
