"""A talk over sound: frames in, frames out, over any audio stream.

Knows when somebody speaks and passes on what was heard; what is answered is the partner's. A frame is 20 ms of 16-bit
mono at 16 kHz.
"""

import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from ...tools.listen.vad import WINDOW, Samples
from . import Heard, Partner, Reply
from .booth import Booth, packed
from .ear import Ear
from .mouth import Mouth
from .turns import STEP, Rules, Turns

FRAME = 320
"""Samples of a frame: 20 ms."""
BYTES = 2 * FRAME
BEFORE = 0.3
"""Seconds before a turn was noticed that belong to it: the first consonant."""
TICK = 0.5
"""Seconds of quiet after which the partner may tell of the film."""


@dataclass(frozen=True)
class Timing:
    """What one reply took, in wall seconds of work: hearing the turn's end, thinking, speaking the first sentence."""

    turn: float
    """Length of the turn."""
    hear: float
    think: float
    speak: float


class Session:
    """One talk. Without `live` all work is done inside `feed`, so that the same sound gives the same talk."""

    def __init__(
        self,
        partner: Partner,
        booth: Booth,
        *,
        live: bool = False,
        rules: Rules | None = None,
        partial: Callable[[str], None] = lambda text: None,
        seen: Callable[[Heard | Reply], None] = lambda turn: None,
    ) -> None:
        """A talk of the partner with whoever speaks into the frames.

        Args:
            live: listen, think and speak in a thread, for a microphone that does not wait.
            partial: told what was understood so far, at every pause of the person.
            seen: told every turn, the person's and ours, for whoever reads along.
        """
        self.partner, self._booth, self._partial, self._seen = partner, booth, partial, seen
        self._turns, self._detector = Turns(rules or Rules()), booth.detector()
        self._pool = ThreadPoolExecutor(1, "reelwright-talk") if live else None
        self._jobs: deque[Future[None]] = deque()
        self._mouth = Mouth(self._timed, self._do)
        self.ear = Ear(booth)
        self._rest = np.zeros(0, np.float32)
        self._before: deque[Samples] = deque(maxlen=round(BEFORE / STEP))
        self._idle, self._pause = 0.0, 0
        self._waiting: Timing | None = None
        self.timings: list[Timing] = []
        self.interrupted = 0
        """Times that a person spoke over our voice."""

    @property
    def finished(self) -> bool:
        """True once the goodbye was said and heard."""
        return self.partner.finished and not self._mouth.busy and not self._jobs

    @property
    def speaking(self) -> bool:
        """True while our voice is to be heard."""
        return self._mouth.busy

    def open(self) -> None:
        """Say the first words."""
        self._do(lambda: self._say(self.partner.open()))

    def feed(self, frame: bytes) -> bytes:
        """One frame heard, one frame to be played. A shorter frame is the end of a stream and is filled up."""
        self._check()
        heard = np.frombuffer(frame[: len(frame) // 2 * 2], "<i2").astype(np.float32) / 32768
        self._rest = np.concatenate([self._rest, heard])
        while len(self._rest) >= WINDOW:
            window, self._rest = self._rest[:WINDOW], self._rest[WINDOW:]
            self._listen(window)
        if self._turns.speaking:
            return packed(self._mouth.pull(FRAME)) if self._mouth.fading else bytes(BYTES)
        return packed(self._mouth.pull(FRAME))

    def drain(self, pause: Callable[[float], None] = time.sleep) -> Iterator[bytes]:
        """After the last frame: the answer to it, the film that is being made, the goodbye; frames to be played."""
        if self._turns.close() == "ended":
            self._paused()
            self._ended()
        while not self.partner.finished:
            yield from self._out(pause)
            if not self.partner.busy:
                break
            pause(TICK)
            self._say(self.partner.tick())
        if not self.partner.finished:
            self.partner.close()
            self._say(self.partner.tick())
        yield from self._out(pause)
        self.close()

    def close(self) -> None:
        """End the session's own thread."""
        if self._pool is not None:
            self._pool.shutdown()
        self._check()

    def _out(self, pause: Callable[[float], None]) -> Iterator[bytes]:
        while self._mouth.busy or self._jobs:
            self._check()
            if self._mouth.ready:
                yield packed(self._mouth.pull(FRAME))
            else:
                pause(0.01)

    def _listen(self, window: Samples) -> None:
        level = 10 * np.log10(float(np.mean(window * window)) + 1e-12)
        ours, step = self._mouth.busy, self._turns.step(self._detector.chance(window), level)
        if step == "began":
            self.interrupted += ours
            self._mouth.hush()
            self.ear = Ear(self._booth)
            for earlier in self._before:
                self.ear.add(earlier)
        if self._turns.speaking or step:
            self._idle = 0.0
            self.ear.add(window)
        else:
            self._quietly()
        self._before.append(window)
        if step == "paused":
            self._paused()
        elif step == "ended":
            self._ended()
        elif step == "dropped":
            self._mouth.again()

    def _quietly(self) -> None:
        """Nobody speaks: now the partner may tell of the film."""
        self._idle = 0.0 if self._mouth.busy else self._idle + STEP
        if self._idle >= TICK and not self._jobs:
            self._idle = 0.0
            if self.partner.busy:
                self._do(lambda: self._say(self.partner.tick()))

    def _paused(self) -> None:
        """The person is quiet for a moment: write down what was said, and ask whether it was all."""
        self._pause += 1
        if not self.ear.fresh:  # a monologue, of which no more is listened to
            return
        ear, samples, pause = self.ear, self.ear.piece(), self._pause

        def work() -> None:
            ear.write(samples)
            began = time.monotonic()
            over = self._booth.over(np.concatenate(ear.whole[-round(8 / STEP) :]))
            ear.seconds += time.monotonic() - began
            if pause == self._pause and self._turns.speaking:
                self._turns.over = over
            self._partial(ear.text)

        self._do(work)

    def _ended(self) -> None:
        """The turn is over: answer it."""
        ear = self.ear

        def work() -> None:
            if not ear.text and self._mouth.left:
                self._mouth.again()
                return
            self._mouth.forget()
            recording = self._booth.record(np.concatenate(ear.whole))
            began = time.monotonic()
            heard = Heard(text=ear.text, confidence=ear.confidence, recording=recording, cut=ear.full)
            self._seen(heard)
            replies = self.partner.hear(heard)
            self._waiting = Timing(ear.length, ear.seconds, time.monotonic() - began, 0.0)
            self._say(replies)

        self._do(work)

    def _say(self, replies: tuple[Reply, ...]) -> None:
        for reply in replies:
            self._seen(reply)
        self._mouth.say([reply.text for reply in replies])

    def _timed(self, text: str) -> Samples:
        began = time.monotonic()
        sound = self._booth.speak(text)
        if self._waiting is not None:
            waited, self._waiting = self._waiting, None
            self.timings.append(Timing(waited.turn, waited.hear, waited.think, time.monotonic() - began))
        return sound

    def _do(self, work: Callable[[], None]) -> None:
        if self._pool is None:
            work()
        else:
            self._jobs.append(self._pool.submit(work))

    def _check(self) -> None:
        """Forget jobs that are done; what one failed with is raised here."""
        while self._jobs and self._jobs[0].done():
            self._jobs.popleft().result()
