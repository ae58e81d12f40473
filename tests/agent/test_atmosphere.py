"""The clips' own sounds as a track: under their pictures, cross-faded where both last, silent where there is none."""

from fractions import Fraction

from reelwright.agent.atmosphere import atmosphere
from reelwright.agent.model import Shot, Take
from reelwright.tools.media import Asset
from reelwright.tools.timeline import Item, segments

RATE, HANDLE = Fraction(30), 6
SHOTS = tuple(
    Shot(id=f"shot{at}", scene="s1", lines=(f"l{at}",), frames=60, source="generate", style="cinematic")
    for at in (1, 2, 3)
)


def take(shot: Shot, seconds: float | None) -> Take:
    picture = Asset(id="a" * 64, kind="video", format="mp4", frames=72, rate=RATE)
    digest = shot.id[-1] * 64
    sound = {"id": digest, "kind": "audio", "format": "wav", "rate": 16_000, "frames": round((seconds or 0) * 16_000)}
    return Take(shot=shot.id, asset=picture, sound=Asset.model_validate(sound) if seconds else None)


def track(*seconds: float | None) -> list[Item]:
    takes = {shot.id: take(shot, each) for shot, each in zip(SHOTS, seconds, strict=True)}
    found = atmosphere(SHOTS, takes, RATE, HANDLE)
    if found is None:
        return []
    assert found.kind == "effects"
    assert found.frames == 180
    assert segments(found)
    return list(found.items)


def kinds(items: list[Item]) -> list[str]:
    return [f"{item.type} {item.frames}" for item in items]


def test_a_film_whose_clips_are_silent_has_no_such_track() -> None:
    assert track(None, None, None) == []


def test_sounds_that_last_are_cross_faded_like_their_pictures() -> None:
    items = track(2.4, 2.4, None)
    assert kinds(items) == ["clip 60", "transition 12", "clip 60", "gap 60"]
    assert items[0].type == "clip"
    assert items[0].start == HANDLE


def test_a_sound_that_ends_early_leaves_silence_and_no_fade() -> None:
    assert kinds(track(1.2, 2.4, 0.1)) == ["clip 30", "gap 30", "clip 60", "gap 60"]


def test_a_take_that_failed_is_silent() -> None:
    takes = {shot.id: take(shot, 2.4) for shot in SHOTS} | {"shot2": Take(shot="shot2", failure="no")}
    found = atmosphere(SHOTS, takes, RATE, HANDLE)
    assert found is not None
    assert kinds(list(found.items)) == ["clip 60", "gap 60", "clip 60"]
