"""A clip comes home: fetched through the door to URLs, looked at, and brought to the film's size, rate and length.

Knows files; knows no service's protocol, and nothing about money.
"""

import time
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from urllib.parse import urlsplit

from ...base import Job
from ...errors import Refused, ToolBusy, ToolFailed
from ...ffmpeg import Input, encode, probe
from ...media import Asset, Kind, seconds_of
from ...probe import Probe
from ...web import Address, Web, public, resolve
from .. import FootageRequest
from ..diffusion import GenerateRequest
from ..footage import Footage
from . import Ready
from .wire import near

LARGEST = 1_000_000_000
"""Bytes of a clip; the longest that services make have a tenth of it."""
TRIES = 4
"""Attempts at a download that breaks off; each goes on where the one before ended."""
LICENCE = "the provider's terms"
_VIDEO = {
    "application/octet-stream",
    "binary/octet-stream",
    "application/mp4",
    "application/x-mp4",
    "image/gif",
    "image/webp",
    "image/png",
    "image/jpeg",
}
_ENDINGS = {"matroska": "mkv", "gif": "gif", "png_pipe": "png", "jpeg_pipe": "jpg", "webp_pipe": "webp", "mpegts": "ts"}
_RATE = 48_000


def fetched(ready: Ready, home: str, title: str, job: Job, largest: int = LARGEST) -> tuple[Path, Probe]:
    """The clip as a file in scratch, and what it holds.

    Args:
        home: the service's own address: its headers go there alone, and it may be in one's own network.

    Raises:
        ToolFailed: it cannot be had, or is no picture.
    """
    target = job.scratch / "clip.bin"
    if ready.data:
        target.write_bytes(ready.data)
    else:
        kind = _saved(ready, home, title, job, target, largest)
        if not (kind.startswith("video/") or kind in _VIDEO):
            raise ToolFailed(
                f"{title} sent {kind} instead of a clip.", "Make the film again: the clip is asked for anew."
            )
    try:
        found = probe(target)
    except Refused as error:
        raise ToolFailed(f"What {title} sent is no clip: {error.message}", "Make the film again.") from error
    if found.video is None or found.video.frames < 1:
        raise ToolFailed(f"What {title} sent holds no picture.", "Make the film again.")
    ending = next((ending for name, ending in _ENDINGS.items() if name in found.container), "mp4")
    return target.rename(target.with_name(f"clip.{ending}")), found


def _saved(ready: Ready, home: str, title: str, job: Job, target: Path, largest: int) -> str:
    door, headers = _door(ready, home)
    for attempt in range(TRIES):
        try:
            return door.save(ready.url, target, largest, headers=headers)
        except ToolBusy as error:
            if attempt == TRIES - 1 or job.cancelled():
                raise ToolFailed(
                    f"The clip of {title} cannot be fetched: {error.message}", "Try again later."
                ) from error
            time.sleep(min(error.after if error.after is not None else 0.2 * 4**attempt, 20.0))
        except (Refused, ToolFailed) as error:
            raise ToolFailed(f"The clip of {title} cannot be fetched: {error.message}", error.hint) from error
    raise AssertionError("unreachable: the last try returns or raises")


def _door(ready: Ready, home: str) -> tuple[Web, Mapping[str, str]]:
    """The door, and what is shown at it. A service in one's own network may send us there, to its own host alone."""
    own, place = urlsplit(ready.home or home), urlsplit(ready.url)
    if (own.scheme, own.netloc) != (place.scheme, place.netloc):
        return Web(), {}
    if not near(own.hostname or ""):
        return Web(), ready.headers
    at_home = set(resolve(own.hostname or "", own.port or 80))

    def allowed(address: Address) -> bool:
        return address in at_home or public(address)

    return Web(allowed), ready.headers


def fitted(path: Path, found: Probe, request: GenerateRequest, origin: str, job: Job) -> tuple[Asset, Asset]:
    """The clip as it came, and the take: covered by crop, at the film's rate, as long as the shot and its handles."""
    assert found.video is not None
    kind: Kind = "image" if found.video.frames == 1 else "video"
    whole = job.save(path, kind, licence=LICENCE, origin=origin)
    footage = FootageRequest(
        asset=whole,
        size=request.size,
        rate=request.rate,
        start=request.handle,  # its first frames are the handle's: nothing stands still before the shot begins
        frames=request.frames,
        handle=request.handle,
        seed=request.seed,
    )
    return whole, Footage().run(footage, job).video


def sound_of(whole: Asset, found: Probe, request: GenerateRequest, origin: str, job: Job) -> Asset | None:
    """The clip's own sound, as long as the take; None where it has none, or the take runs slower than it."""
    wanted = seconds_of(request.frames + 2 * request.handle, request.rate)
    if found.audio is None or found.seconds + 0.05 < wanted:
        return None
    path, samples = job.scratch / "sound.wav", round(wanted * _RATE)
    chain = (
        f"[0:a:0]aresample={_RATE},aformat=sample_fmts=s16:channel_layouts=stereo,apad,atrim=end_sample={samples}[a]"
    )
    encode([Input(job.path(whole.id))], chain, path, ["-map", "[a]", "-c:a", "pcm_s16le"], cancelled=job.cancelled)
    return job.save(path, "audio", licence=LICENCE, origin=origin, frames=samples, rate=Fraction(_RATE))
