"""How long a person waits for the first sound of an answer. Run: python tests/benchmarks/talk.py

A turn of about five seconds is spoken by Piper into a session in frames of 20 ms, with noise, again and again. Reported
is what the answer costs after the person's last word, without any chat model: writing the turn down and judging whether
it is over (both begin at the first quarter second of quiet, while the session still waits whether more is said), the
grammar, and speaking the first sentence. CPU seconds count this process and the voice's; wall seconds are those of
a machine that may be busy with other things.
"""

import statistics
import tempfile
import time
from pathlib import Path

import numpy as np
import psutil

from reelwright import Brief, Settings
from reelwright.agent.talk.booth import Booth, packed, resampled
from reelwright.agent.talk.partner import FilmPartner
from reelwright.agent.talk.session import BYTES, Session
from reelwright.agent.talk.studios import Studios
from reelwright.tools.listen.vad import RATE, Samples
from reelwright.tools.models import Models
from reelwright.tools.speech.server import server_for
from reelwright.tools.speech.sound import read_wav

TURN = "I would like it to last for thirty seconds and to be square for all of my students."
ROUNDS = 3
TAIL = round(0.6 * RATE)
"""Samples of the turn's end that are counted too: a soft last consonant may already be quiet, and heard as such."""


def cpu() -> float:
    """CPU seconds of this process and of those it started."""
    me = psutil.Process()
    return sum(sum(process.cpu_times()[:2]) for process in (me, *me.children(recursive=True)))


def spoken() -> Samples:
    models = Models.installed(Settings().cache)
    sound = read_wav(server_for(models.path("piper-joe") / "en_US-joe-medium.onnx").speak(TURN, 1.25)[0])
    said = resampled(sound.samples, sound.rate, RATE) * np.float32(0.5)
    loud = np.flatnonzero(np.abs(said) > 0.01)
    return said[loud[0] : loud[-1]]


def play(session: Session, sound: Samples) -> bytes:
    noisy = sound + np.random.default_rng(1).normal(0, 0.003, len(sound)).astype(np.float32)
    frames = packed(noisy.astype(np.float32))
    return b"".join(session.feed(frames[at : at + BYTES].ljust(BYTES, b"\0")) for at in range(0, len(frames), BYTES))


def one(said: Samples, folder: Path) -> tuple[float, float, float, float]:
    """CPU and wall seconds of processing after the last word, and how much quiet was heard before the first sound."""
    partner = FilmPartner(Studios(folder, Settings()), Brief(text="film"))
    booth = Booth(partner.studio())
    booth.ready()
    session = Session(partner, booth)
    session.open()
    play(session, np.zeros(4 * RATE, np.float32))
    play(session, said[:-TAIL])
    before, began = cpu(), time.monotonic()
    play(session, said[-TAIL:])
    quiet = 0.0
    while not np.any(np.frombuffer(play(session, np.zeros(BYTES // 2, np.float32)), "<i2")):
        quiet += 0.02
    found = session.timings[-1]
    return cpu() - before, time.monotonic() - began, found.hear + found.think + found.speak, quiet


def main() -> None:
    said = spoken()
    length = len(said) / RATE
    with tempfile.TemporaryDirectory() as folder:
        one(said, Path(folder) / "warm")
        rows = [one(said, Path(folder) / str(number)) for number in range(ROUNDS)]
    spent, wall, work, quiet = (statistics.median(column) for column in zip(*rows, strict=True))
    print(
        f"utterance {length:.1f} s, median of {ROUNDS}, load {psutil.getloadavg()[0]:.1f} on {psutil.cpu_count()} cores"
    )
    print(f"processing to the first sound: {1000 * spent:.0f} ms CPU = {spent / length:.3f} of the utterance")
    print(f"wall: {1000 * wall:.0f} ms in one thread, of which hearing, thinking and speaking {1000 * work:.0f} ms")
    print(f"quiet that the session waits for before it takes the turn: {1000 * quiet:.0f} ms of sound")


if __name__ == "__main__":
    main()
