"""Make a film, then go on with its timeline in MoviePy. Run: python examples/07_moviepy_out.py [FOLDER]"""

import sys
from pathlib import Path

import moviepy

from reelwright import Brief, Studio
from reelwright.tools.assemble import Finish
from reelwright.tools.video.guest import to_moviepy

folder = Path(sys.argv[1] if len(sys.argv) > 1 else "films/outward")
studio = Studio.open(folder)
brief = Brief(text="# Tea\n\nTea is a leaf, hot water and time.", seconds=5, size={"width": 360, "height": 640})
*_, last = studio.make(brief)
made = studio.record.film if studio.record else None

assert made, last
film = to_moviepy(made.timeline, (), studio.door.assets, Finish())
turned = film.with_effects([moviepy.vfx.BlackAndWhite(), moviepy.vfx.FadeOut(1)])
turned.write_videofile(str(folder / "grey.mp4"), preset="ultrafast", logger=None)
film.close()
print(turned.size, "at", turned.fps, "frames a second")
