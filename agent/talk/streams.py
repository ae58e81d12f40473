"""Where the sound of a talk comes from and goes to: files, pipes, a microphone and a loudspeaker.

Knows frames of 20 ms; knows nothing about what is said.
"""

import importlib.util
import os
import wave
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO

from ...tools import ffmpeg
from ...tools.errors import ToolMissing
from ...tools.listen.vad import RATE
from ..errors import BriefError
from .session import BYTES, FRAME, Session

Sink = Callable[[bytes], None]


def run(session: Session, frames: Iterable[bytes], sink: Sink) -> None:
    """Talk until the goodbye or the end of the frames; then finish what is being made."""
    session.open()
    for frame in frames:
        sink(session.feed(frame))
        if session.finished:
            session.close()
            return
    for frame in session.drain():
        sink(frame)


def framed(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Frames out of chunks of any size; the last one is filled up."""
    rest = b""
    for chunk in chunks:
        rest += chunk
        whole = len(rest) // BYTES * BYTES
        for start in range(0, whole, BYTES):
            yield rest[start : start + BYTES]
        rest = rest[whole:]
    if rest:
        yield rest.ljust(BYTES, b"\0")


def from_file(path: Path) -> Iterator[bytes]:
    """The frames of a recording of any format, rate and ending.

    Raises:
        BriefError: there is no such file.
        Refused: the file is broken, hostile or of a format we do not open.
    """
    if not path.is_file():
        raise BriefError(f"There is no file {path}.", "Check what you gave to --in.")
    options = ["-map", "0:a:0", "-ac", "1", "-ar", str(RATE), "-f", "s16le", "-c:a", "pcm_s16le"]
    return framed(ffmpeg.decode(ffmpeg.Input(path), "", options))


def from_pipe(source: int) -> Iterator[bytes]:
    """Raw 16-bit mono samples at 16 kHz from a file descriptor, to its end."""
    return framed(iter(lambda: os.read(source, BYTES), b""))


class WavOut:
    """A WAV that grows frame by frame, whole whenever it is closed."""

    def __init__(self, path: Path) -> None:
        """Raises BriefError where the file cannot be written."""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = wave.open(str(path), "wb")  # noqa: SIM115
        except OSError as error:
            raise BriefError(f"{path} cannot be written: {error.strerror}.", "Choose another --out.") from error
        self._file.setnchannels(1)
        self._file.setsampwidth(2)
        self._file.setframerate(RATE)

    def __call__(self, frame: bytes) -> None:
        """Add a frame."""
        self._file.writeframes(frame)

    def close(self) -> None:
        """Write the header."""
        self._file.close()


def to_pipe(stream: IO[bytes]) -> Sink:
    """Raw samples into a stream, each frame at once."""

    def sink(frame: bytes) -> None:
        stream.write(frame)
        stream.flush()

    return sink


class Microphone:
    """This machine's microphone and loudspeaker, by sounddevice. Use headphones: it would hear its own voice."""

    def __init__(self) -> None:
        """Raises ToolMissing without sounddevice or PortAudio, BriefError without a device."""
        if importlib.util.find_spec("sounddevice") is None:
            raise ToolMissing("sounddevice is not installed.", "Install it: pip install 'reelwright[talk]'.")
        try:
            import sounddevice
        except OSError as error:  # its wheel for Linux has no PortAudio
            raise ToolMissing(f"Sound does not work here: {error}.", "Install PortAudio (libportaudio2).") from error
        try:
            self._stream = sounddevice.RawStream(samplerate=RATE, blocksize=FRAME, channels=1, dtype="int16")
            self._stream.start()
        except (sounddevice.PortAudioError, ValueError) as error:
            raise BriefError(
                f"There is no microphone and loudspeaker here ({error}).",
                "Use --in FILE.wav --out FILE.wav, a pipe (--in - --out -), or type: reelwright chat --out FOLDER",
            ) from error

    def frames(self) -> Iterator[bytes]:
        """What is heard, until the talk ends."""
        while True:
            data, _ = self._stream.read(FRAME)
            yield bytes(data)

    def __call__(self, frame: bytes) -> None:
        """Play a frame."""
        self._stream.write(frame)

    def close(self) -> None:
        """Give the devices back."""
        self._stream.stop()
        self._stream.close()
