"""Bring a tool of your own: a composer that hums one note. Run: python examples/03_own_tool.py [FOLDER]"""

import sys
import wave
from fractions import Fraction

import numpy as np

from reelwright import Brief, Job, Registry, Studio
from reelwright.tools.base import Cost, Device
from reelwright.tools.music import Music, MusicRequest


class Hum:
    name, version, result = "music.hum", "1", Music
    models: tuple[str, ...] = ()
    device: Device = "cpu"

    def ready(self) -> None: ...

    def quote(self, request: MusicRequest) -> Cost:
        return Cost(seconds=1)

    def run(self, request: MusicRequest, job: Job) -> Music:
        samples = round(request.frames / request.rate * 48_000)
        tone = np.sin(np.arange(samples) * 2 * np.pi * 110 / 48_000) * np.hanning(samples) * 3000
        with wave.open(str(job.scratch / "hum.wav"), "wb") as file:
            file.setparams((2, 2, 48_000, samples, "NONE", ""))
            file.writeframes(np.repeat(tone.astype("<i2"), 2).tobytes())
        rate = Fraction(48_000)
        hum = job.save(job.scratch / "hum.wav", "audio", licence="CC0-1.0", origin="hum", frames=samples, rate=rate)
        return Music(audio=hum, tempo=60, key="A")


registry = Registry([*Registry.installed().tools(), Hum()], order={"music": ["music.hum"]})
brief = Brief(text="# Tea\n\nTea is a leaf, hot water and time.", seconds=5, size={"width": 360, "height": 640})
for event in Studio.open(sys.argv[1] if len(sys.argv) > 1 else "films/hummed", registry=registry).make(brief):
    if event.type == "took" and event.target == "music":
        print(event.tool)
