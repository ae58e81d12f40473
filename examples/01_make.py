"""Make a film from a brief, and watch it being made. Run: python examples/01_make.py [FOLDER]"""

import sys

from reelwright import Brief, Studio

BRIEF = """# How bees make honey

Bees sip the nectar of flowers, fan the water away and seal it with wax.
"""

studio = Studio.open(sys.argv[1] if len(sys.argv) > 1 else "films/example")
for event in studio.make(Brief(text=BRIEF, seconds=6, size={"width": 360, "height": 640})):
    if event.type in {"planned", "took", "warned", "reviewed", "finished"}:
        print(event.model_dump_json())
