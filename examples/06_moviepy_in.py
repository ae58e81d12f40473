"""Put a MoviePy clip on a timeline, its mask as alpha. Run: python examples/06_moviepy_in.py [FOLDER]"""

import sys
from pathlib import Path

import moviepy
import numpy as np

from reelwright.memory.assets import AssetStore
from reelwright.tools.media import Size
from reelwright.tools.timeline import Clip, Place, Timeline, Track
from reelwright.tools.video.guest import from_moviepy, to_moviepy

folder = Path(sys.argv[1] if len(sys.argv) > 1 else "films/guest")
shelf = AssetStore(folder / "assets")
sky = moviepy.VideoClip(lambda t: np.full((320, 180, 3), (40, 90 + 40 * t, 200), np.uint8), duration=2)
disc = np.hypot(*np.mgrid[-60:60, -60:60]) < 55
sun = moviepy.ColorClip((120, 120), (255, 210, 60), duration=2).with_mask(moviepy.ImageClip(disc * 1.0, is_mask=True))

below, above = (from_moviepy(clip, 30, shelf).video for clip in (sky, sun.with_effects([moviepy.vfx.CrossFadeIn(1)])))
place = Place(x=0.5, y=0.3, width=0.5)
tracks = (
    Track(kind="video", items=(Clip(asset=below.id, frames=60),)),
    Track(kind="overlay", items=(Clip(asset=above.id, frames=60, place=place),)),
)
line = Timeline(rate=30, size=Size(width=180, height=320), tracks=tracks)
to_moviepy(line, (below, above), shelf).save_frame(str(folder / "sun.png"), t=1.5)
print("drawn from", below.format, "and", above.format)
