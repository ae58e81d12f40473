"""What a file says about itself, read from ffmpeg's own words and its list of packets.

Opens nothing: tools/ffmpeg.py does, and hands the text over.
"""

import re
from fractions import Fraction
from itertools import pairwise

from .media import Frames, Frozen

_VIDEO = re.compile(r"^\s*Stream #0:\d+.*?: Video: (?P<codec>\w+)(?P<rest>.*)$", re.M)
_AUDIO = re.compile(r"^\s*Stream #0:\d+.*?: Audio: (?P<codec>\w+)(?P<rest>.*)$", re.M)
_PIXELS = re.compile(r", (?P<format>[a-z]\w+)(?:\((?P<tags>[^)]*)\))?, (?P<width>\d+)x(?P<height>\d+)")
_SHAPE = re.compile(r"\bSAR (\d+):(\d+)")
_CLEAR = re.compile(r"^(rgba|bgra|argb|abgr|ya\d|rgbaf|yuva|gbrap|pal8)")
_TURN = re.compile(r"display ?matrix: rotation of (-?[\d.]+)", re.I)
_PACKET = re.compile(r"^([01]),\s*(-?\d+|NOPTS),\s*(-?\d+|NOPTS),\s*(\d+),\s*(\d+), 0x[0-9a-f]+(?:, F=0x([0-9A-F]+))?")
_KEY, _DISCARD = 1, 4
_LAYOUTS = {"mono": 1, "stereo": 2, "2.1": 3, "3.0": 3, "quad": 4, "4.0": 4, "5.0": 5, "5.1": 6, "6.1": 7, "7.1": 8}


class VideoStream(Frozen):
    """The first picture stream. Size and colour are as shown, rotation applied; times in seconds."""

    codec: str
    pixels: str
    """Pixel format, such as yuv420p."""
    width: int
    height: int
    rotation: int = 0
    """Degrees clockwise that players turn it."""
    sar: Fraction = Fraction(1)
    """Width of a stored pixel by its height, as shown."""
    alpha: bool = False
    """True where pictures may have transparent parts."""
    rate: Fraction
    frames: Frames
    steady: bool
    """True at a constant frame rate."""
    start: float
    end: float
    setup: str = ""
    """Codec and a checksum of its set-up data: streams with the same one can be decoded back to back."""
    gop: float
    """Longest distance between key frames in seconds."""
    colour_range: str = ""
    matrix: str = ""
    primaries: str = ""
    transfer: str = ""


class AudioStream(Frozen):
    """The first sound stream, its priming left out of the times."""

    codec: str
    rate: int
    channels: int
    start: float
    end: float
    bits: int
    """Bits a second."""
    profile: str = ""


class Probe(Frozen):
    """One file: container, length in seconds, and its first picture and sound streams."""

    container: str
    seconds: float
    video: VideoStream | None = None
    audio: AudioStream | None = None


class _Packets:
    """Times of one stream's packets as the demuxer gives them, edit lists applied."""

    def __init__(self, rows: list[tuple[int, int, int, int]], base: Fraction) -> None:
        shown = [row for row in rows if not row[3] & _DISCARD]
        self.times = sorted(row[0] for row in shown)
        self.keys = sorted(row[0] for row in shown if row[3] & _KEY)
        self.bytes = sum(row[2] for row in rows)
        self.base = base
        self.last = max((row[0] + row[1] for row in shown), default=0)

    @property
    def start(self) -> float:
        return float(self.times[0] * self.base) if self.times else 0.0

    @property
    def end(self) -> float:
        return float(self.last * self.base)

    @property
    def steady(self) -> bool:
        steps = {after - before for before, after in pairwise(self.times)}
        # A millisecond clock (matroska) cannot hold 1/30 s: one tick of jitter is not a variable rate.
        return not steps or max(steps) - min(steps) <= 1

    @property
    def gop(self) -> float:
        marks = [*self.keys, self.last]
        return float(max((b - a for a, b in pairwise(marks)), default=0) * self.base)


def read(log: str) -> Probe:
    """Parse the log of a stream copy into `-f framecrc` (packets and the lines of the input's streams)."""
    head = log.split("Stream mapping:", 1)[0]
    packets = _packets(log)
    video, audio = _video(head, packets, log), _audio(head, packets)
    container = re.search(r"^Input #0, (.+?), from ", head, re.M)
    ends = [stream.end for stream in (video, audio) if stream]
    clock = re.search(r"Duration: (\d+):(\d+):([\d.]+)", head)
    stated = int(clock[1]) * 3600 + int(clock[2]) * 60 + float(clock[3]) if clock else 0.0
    return Probe(
        container=container[1] if container else "", seconds=max(ends, default=stated), video=video, audio=audio
    )


def _packets(log: str) -> dict[str, _Packets]:
    """Packets by media type."""
    bases = {number: Fraction(base) for number, base in re.findall(r"^#tb (\d): (\S+)", log, re.M)}
    kinds = dict(re.findall(r"^#media_type (\d): (\w+)", log, re.M))
    rows: dict[str, list[tuple[int, int, int, int]]] = {number: [] for number in kinds}
    for line in log.splitlines():
        found = _PACKET.match(line)
        if found and found[3] != "NOPTS" and found[1] in rows:
            flags = int(found[6], 16) if found[6] else _KEY
            rows[found[1]].append((int(found[3]), int(found[4]), int(found[5]), flags))
    return {kinds[number]: _Packets(part, bases[number]) for number, part in rows.items()}


def _video(head: str, packets: dict[str, _Packets], log: str) -> VideoStream | None:
    stream = _VIDEO.search(head)
    shape = _PIXELS.search(stream["rest"]) if stream else None
    if not stream or not shape or "video" not in packets:
        return None
    seen = packets["video"]
    turn = _TURN.search(head, stream.end())
    setup = re.search(r"^#extradata 0:\s*(\d+, 0x[0-9a-f]+)", log, re.M)
    rotation = -round(float(turn[1])) % 360 if turn else 0
    width, height = int(shape["width"]), int(shape["height"])
    sar = _aspect(stream["rest"])
    if rotation in (90, 270):
        width, height, sar = height, width, 1 / sar
    return VideoStream(
        codec=stream["codec"],
        pixels=shape["format"],
        width=width,
        height=height,
        rotation=rotation,
        sar=sar,
        alpha=bool(_CLEAR.match(shape["format"]) or re.search(r"^\s*alpha_mode\s*: 1$", head, re.M)),
        rate=_rate(stream["rest"], seen),
        frames=len(seen.times),
        steady=seen.steady,
        start=seen.start,
        end=seen.end,
        gop=seen.gop,
        setup=f"{stream['codec']} {setup[1] if setup else ''}",
        **_colour(shape["tags"] or ""),
    )


def _aspect(words: str) -> Fraction:
    found = _SHAPE.search(words)
    return Fraction(int(found[1]), int(found[2])) if found and int(found[1]) and int(found[2]) else Fraction(1)


def _audio(head: str, packets: dict[str, _Packets]) -> AudioStream | None:
    stream = _AUDIO.search(head)
    if not stream or "audio" not in packets:
        return None
    seen = packets["audio"]
    rate = re.search(r"(\d+) Hz, (?:(\d+) channels|([\d.a-z]+))", stream["rest"])
    profile = re.match(r" \(([\w-]+)\)", stream["rest"])
    length = seen.end - seen.start
    return AudioStream(
        codec=stream["codec"],
        rate=int(rate[1]) if rate else 0,
        channels=(int(rate[2]) if rate[2] else _LAYOUTS.get(rate[3], 2)) if rate else 0,
        start=max(seen.start, 0.0),
        end=seen.end,
        bits=round(seen.bytes * 8 / length) if length > 0 else 0,
        profile=profile[1] if profile else "",
    )


def _rate(words: str, seen: _Packets) -> Fraction:
    """The stated rate as a fraction (30, 30000/1001), else the mean over the packets."""
    stated = re.search(r"([\d.]+)(k?) fps", words) or re.search(r"([\d.]+)(k?) tbr", words)
    if stated:
        value = Fraction(stated[1]) * (1000 if stated[2] else 1)
        for exact in (Fraction(24000, 1001), Fraction(30000, 1001), Fraction(60000, 1001), Fraction(120000, 1001)):
            if abs(value - exact) < Fraction(6, 1000):
                return exact
        if value > 0:
            return value
    span = (seen.last - seen.times[0]) * seen.base if seen.times else Fraction(0)
    return (len(seen.times) / span).limit_denominator(1001) if span > 0 else Fraction(25)


def _colour(tags: str) -> dict[str, str]:
    """Range, matrix, primaries and transfer from `tv, bt709, progressive` or `tv, a/b/c`."""
    words = [word.strip() for word in tags.split(",")]
    span = next((word for word in words if word in ("tv", "pc")), "")
    rest = [word for word in words if word not in ("tv", "pc", "progressive", "left", "topleft", "center", "")]
    named = next((word for word in rest if not word.endswith(("first", "order", "bpc", "swapped"))), "")
    parts = named.split("/") if "/" in named else [named] * 3
    matrix, primaries, transfer = ("" if part == "unknown" else part for part in parts)
    return {"colour_range": span, "matrix": matrix, "primaries": primaries, "transfer": transfer}
