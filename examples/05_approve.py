"""Say yes or no to the plan, from Python. Run: python examples/05_approve.py [FOLDER]"""

import sys

from reelwright import Brief, Studio

studio = Studio.open(sys.argv[1] if len(sys.argv) > 1 else "films/approved", approve=True)
brief = Brief(text="# Tea\n\nTea is a leaf, hot water and time.", seconds=5, size={"width": 360, "height": 640})
events = list(studio.make(brief))
while events[-1].type == "asking":
    print(events[-1].question, "yes")
    events = list(studio.resume(answer=True))
print(events[-1].type)
