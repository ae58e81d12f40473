"""What the container says: colour tags, delivery format, length, and whether sound and picture begin together.

Knows nothing about what is seen or heard.
"""

from ..probe import Probe, VideoStream
from ..profiles import Profile
from . import Check, Verdict
from .atoms import Atoms
from .onset import Onsets

_UNEVEN = "variable frame rate"
_AAC_FRAME = 1024
"""Samples by which AAC rounds the end of the sound up."""


def colour_check(probe: Probe) -> Check:
    """yuv420p, and matrix, primaries, transfer and range all tagged as HD."""
    name, target = "colour", "yuv420p, bt709 matrix, primaries and transfer, range tv"
    video = probe.video
    if video is None:
        return Check(name=name, value="the film has no picture", target=target, verdict="skip")
    wanted = {"matrix": "bt709", "primaries": "bt709", "transfer": "bt709", "range": "tv"}
    tags = {
        "matrix": video.matrix,
        "primaries": video.primaries,
        "transfer": video.transfer,
        "range": video.colour_range,
    }
    faults = [f"{tag} {tags[tag] or 'not tagged'}" for tag, want in wanted.items() if tags[tag] != want]
    if video.pixels != "yuv420p":
        faults.insert(0, video.pixels)
    return Check(
        name=name,
        value=", ".join(faults) or "yuv420p, bt709, tv",
        target=target,
        verdict="fail" if faults else "pass",
        source="players decode untagged HD differently",
    )


def container_check(probe: Probe, boxes: Atoms, profile: Profile) -> Check:
    """Constant rate, faststart, even size, AAC-LC at 48 kHz, short distances between key frames."""
    limits = profile.limits
    faults, doubts = _sound_faults(probe, profile)
    if probe.video is not None:
        more, less = _picture_faults(probe.video, profile)
        faults, doubts = [*faults, *more], [*doubts, *less]
    if boxes.cut_off:
        # What is cut off has uneven times at its end, whatever its rate.
        faults = [fault for fault in faults if fault != _UNEVEN] + ["the file ends too early"]
    elif "mp4" not in probe.container:
        faults.append(f"not an MP4 ({probe.container.split(',')[0]})")
    elif not boxes.faststart:
        faults.append("index at the end (no faststart)")
    rate = f"{float(probe.video.rate):g} fps constant, " if probe.video else ""
    return Check(
        name="container",
        value=", ".join([*faults, *doubts]) or f"{rate}faststart, {_sound_words(probe)}",
        target=f"constant rate, faststart, even size, AAC-LC {limits.audio_rate // 1000} kHz "
        f"≥ {limits.audio_bits // 1000} kb/s, key frames every {limits.gop_seconds:g} s",
        verdict=_verdict(bool(faults), bool(doubts)),
        source="platform upload practice",
    )


def duration_check(probe: Probe, profile: Profile, expected: float | None) -> Check:
    """Within 5 % of what was asked for; picture and sound end together."""
    part = profile.limits.duration_part
    value, apart = f"{probe.seconds:.2f} s", 0.0
    if probe.video and probe.audio:
        apart = abs(probe.video.end - probe.audio.end)
        value += f", picture and sound end {apart * 1000:.0f} ms apart"
    loose = apart > _frame(probe, coarse=True)
    far = expected is not None and abs(probe.seconds - expected) > part * expected + 1e-3
    wanted = f"{expected:g} s ±{part:.0%}" if expected is not None else "no length given"
    return Check(
        name="duration",
        value=value,
        target=f"{wanted}, ends within a frame",
        verdict="fail" if far or loose else "skip" if expected is None else "pass",
        source="complaint about peers",
    )


def sync_check(probe: Probe, profile: Profile, heard: Onsets | None = None) -> Check:
    """Sound and picture begin within a frame of each other, and a beep comes with its flash; 40 ms is the end of it."""
    limit = profile.limits.sync_seconds
    name, target = "sync", f"within a frame, at most {limit * 1000:.0f} ms"
    if probe.video is None or probe.audio is None:
        return Check(name=name, value="needs picture and sound", target=target, verdict="skip")
    start = probe.audio.start - probe.video.start
    late = max((start, heard.late), key=abs) if heard else start
    good, fair = abs(late) <= min(_frame(probe), limit), abs(late) <= limit
    said = f"sound begins {_late(start)}" if start else "together"
    beeps = f", {heard.pairs} beeps {_late(heard.late)}" if heard else ""
    return Check(
        name=name,
        value=said + beeps,
        target=target,
        verdict="pass" if good else "warn" if fair else "fail",
        source="ITU-R BT.1359-1, EBU R37",
    )


def _late(seconds: float) -> str:
    return f"{abs(seconds) * 1000:.0f} ms {'late' if seconds >= 0 else 'early'}"


def _picture_faults(video: VideoStream, profile: Profile) -> tuple[list[str], list[str]]:
    limits, faults, doubts = profile.limits, list[str](), list[str]()
    if not video.steady:
        faults.append(_UNEVEN)
    if video.width % 2 or video.height % 2:
        faults.append(f"odd size {video.width}x{video.height}")
    if video.gop > limits.gop_seconds + 0.01:
        (faults if video.gop > limits.gop_fail else doubts).append(f"{video.gop:.1f} s between key frames")
    return faults, doubts


def _sound_faults(probe: Probe, profile: Profile) -> tuple[list[str], list[str]]:
    limits, sound = profile.limits, probe.audio
    if sound is None:
        return [], []
    faults, doubts = list[str](), list[str]()
    if sound.codec != "aac" or sound.profile not in {"", "LC"}:
        faults.append(f"sound in {sound.codec} {sound.profile}".strip())
    if sound.rate != limits.audio_rate:
        faults.append(f"sound at {sound.rate / 1000:g} kHz")
    if sound.bits < limits.audio_bits * 0.97:
        (faults if sound.bits < limits.audio_bits_fail else doubts).append(f"sound at {sound.bits / 1000:.0f} kb/s")
    return faults, doubts


def _sound_words(probe: Probe) -> str:
    sound = probe.audio
    return f"AAC-LC {sound.rate / 1000:g} kHz {sound.bits / 1000:.0f} kb/s" if sound else "no sound"


def _frame(probe: Probe, coarse: bool = False) -> float:
    """Seconds of a frame; `coarse` never less than AAC can measure."""
    frame = float(1 / probe.video.rate) if probe.video else 0.0
    grain = _AAC_FRAME / probe.audio.rate if coarse and probe.audio and probe.audio.rate else 0.0
    return max(frame, grain) + 1e-3


def _verdict(fail: bool, warn: bool) -> Verdict:
    return "fail" if fail else "warn" if warn else "pass"
