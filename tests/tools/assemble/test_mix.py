"""The mix: voices at one level, music under them by as much as it should be, no clicks, and everything in its place."""

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reelwright.tools import meter
from reelwright.tools.assemble.balance import REACH, VOICE, even
from reelwright.tools.assemble.duck import ATTACK, DEPTH, RELEASE, UNDER, Span, curve, merged
from reelwright.tools.assemble.loop import find, played
from reelwright.tools.assemble.mix import STEMS, Mixer
from reelwright.tools.media import Asset
from reelwright.tools.meter import RATE, Samples
from reelwright.tools.timeline import Clip, Gap, Track, Transition

Record = Callable[..., Asset]
Desk = Callable[..., Mixer]
SPEECH = "aevalsrc='0.25*sin(2*PI*(140+25*sin(4*t))*t)*(0.5+0.5*sin(15*t))+0.1*sin(2*PI*2300*t)*(0.5+0.5*sin(23*t))'"
MUSIC = "aevalsrc='0.3*sin(2*PI*220*t)+0.1*sin(2*PI*880*t)|0.3*sin(2*PI*277*t)'"


def heard(mixer: Mixer, *kinds: str) -> Samples:
    return np.concatenate(list(mixer.blocks(kinds or STEMS)))


def db(part: Samples) -> float:
    return float(10 * np.log10(np.mean(part**2) + 1e-12))


def at(sound: Samples, first: float, last: float) -> Samples:
    return sound[round(first * RATE) : round(last * RATE)]


def sharpest(sound: Samples) -> float:
    """The highest value over 8 kHz: a tone has none, a click has."""
    spectrum = np.fft.rfft(sound[:, 0])
    spectrum[: round(8000 / RATE * len(sound))] = 0
    return float(np.abs(np.fft.irfft(spectrum)).max())


@pytest.fixture
def film(desk: Desk, record: Record) -> Mixer:
    """Ten seconds of music with two spoken lines, at 2 to 4 and 4.3 to 6 seconds."""
    voice, music = record(SPEECH, 2.0), record(MUSIC, 10.0)
    lines = (Gap(frames=60), Clip(asset=voice.id, frames=60), Gap(frames=9), Clip(asset=voice.id, frames=51))
    return desk(300, voice=lines, music=(Clip(asset=music.id, frames=300),))


def test_music_lies_15_db_under_the_speech_and_rises_again(film: Mixer) -> None:
    spans = [(span.start // 48, span.end // 48) for span in film.speech]
    said, played = (meter.read(film.blocks((kind,))).powers for kind in ("voice", "music"))
    assert meter.over(said, spans) == pytest.approx(VOICE, abs=0.7)
    assert meter.over(said, spans) - meter.over(played, spans) == pytest.approx(UNDER, abs=0.7)
    music = heard(film, "music")
    before, during, between, after = (
        db(at(music, first, last)) for first, last in ((1, 1.8), (2.1, 4), (4, 4.3), (6.6, 8))
    )
    assert before - during == pytest.approx(DEPTH, abs=0.3)
    assert after == pytest.approx(before, abs=0.3)
    assert between == pytest.approx(during, abs=0.3), "it pumps between sentences"


def test_the_duck_is_down_in_time_and_takes_half_a_second_up(film: Mixer) -> None:
    music = heard(film, "music")
    levels = np.array([db(music[start : start + 480]) for start in range(0, len(music) - 480, 480)])
    low = np.flatnonzero(levels[100:900] < levels[300] + 1) + 100
    down, up = low[0] / 100, low[-1] / 100
    last = film.speech[-1].end / RATE
    assert 2 - ATTACK < down <= 2.02
    assert ATTACK <= 0.2
    assert levels[round((2 - ATTACK) * 100) - 3] == pytest.approx(levels[100], abs=0.3)
    assert last <= up + 0.01
    assert levels[round((last + RELEASE) * 100) + 2] == pytest.approx(levels[100], abs=0.3)


def test_music_comes_back_in_a_long_pause_within_one_clip(desk: Desk, record: Record) -> None:
    voice = record(SPEECH.replace("='", "='(lt(t,2)+gt(t,5))*(")[:-1] + ")'", 7.0)
    film = desk(210, voice=(Clip(asset=voice.id, frames=210),), music=(Clip(asset=record(MUSIC, 7.0).id, frames=210),))
    music = heard(film, "music")
    assert db(at(music, 3, 4.5)) - db(at(music, 0.5, 1.8)) == pytest.approx(DEPTH, abs=0.5)


def test_music_that_enters_after_the_voice_is_still_set_against_it(desk: Desk, record: Record) -> None:
    voice, loud = record(SPEECH, 2.0), record(MUSIC, 4.0)
    film = desk(180, voice=(Clip(asset=voice.id, frames=60),), music=(Gap(frames=75), Clip(asset=loud.id, frames=105)))
    music = meter.read(film.blocks(("music",)))
    assert VOICE - UNDER - 1 < music.loudness < VOICE - 5


def test_the_stems_add_up_to_the_mix_and_it_is_as_long_as_the_picture(film: Mixer) -> None:
    mixed = np.concatenate([block for _, block in film.mix().blocks()])
    assert len(mixed) == 10 * RATE
    assert np.abs(mixed - sum(heard(film, kind) for kind in film.stems())).max() < 1e-5
    assert film.stems() == ("voice", "music")


def test_speakers_of_different_loudness_come_to_one_level(desk: Desk, record: Record) -> None:
    near = record(SPEECH, 3.0)
    far = record(SPEECH.replace("0.25", "0.14").replace("0.1*", "0.056*"), 3.0)
    film = desk(180, voice=(Clip(asset=near.id, frames=90), Clip(asset=far.id, frames=90)))
    said = meter.read(film.blocks(("voice",))).powers
    first, second = meter.integrated(said[:3000]), meter.integrated(said[3000:])
    assert first == pytest.approx(second, abs=0.7)
    assert even([-20, -20, -40], [9, 9, 9]) == [0, 0, REACH], "a whisper stays one"


def test_a_clips_own_gain_is_heard_on_top_of_the_balance(desk: Desk, record: Record) -> None:
    voice, music = record(SPEECH, 3.0), record(MUSIC, 3.0)

    def film(said: float, played: float) -> Mixer:
        return desk(
            90,
            voice=(Clip(asset=voice.id, frames=90, gain_db=said),),
            music=(Clip(asset=music.id, frames=90, gain_db=played),),
        )

    plain = film(0, 0)
    for kind, other in (("voice", film(4, 0)), ("music", film(0, -5))):
        change = 4 if kind == "voice" else -5
        assert db(heard(other, kind)) - db(heard(plain, kind)) == pytest.approx(change, abs=0.1)


def test_two_voices_at_once_are_both_heard_and_the_music_waits_for_both(desk: Desk, record: Record) -> None:
    low, high = record("sine=f=300", 2.0), record("sine=f=1000", 2.0)
    film = desk(
        150,
        Track(kind="voice", items=(Clip(asset=low.id, frames=60),)),
        Track(kind="voice", items=(Gap(frames=45), Clip(asset=high.id, frames=60))),
        music=(Clip(asset=record(MUSIC, 5.0).id, frames=150),),
    )
    both = np.abs(np.fft.rfft(at(heard(film, "voice"), 1.5, 2.0)[:, 0]))
    assert both[150] > 20 * np.median(both)
    assert both[500] > 20 * np.median(both)
    assert (film.speech[0].start, film.speech[-1].end) == pytest.approx((0, 3.5 * RATE), abs=0.06 * RATE)


def test_music_alone_plays_in_full_and_fades_out(desk: Desk, record: Record) -> None:
    music = record(MUSIC, 6.0)
    film = desk(180, music=(Clip(asset=music.id, frames=180),))
    mixed = heard(film)
    levels = [db(at(mixed, first, first + 0.5)) for first in (0.2, 1, 2, 3, 4)]
    assert max(levels) - min(levels) < 0.2
    assert meter.read([at(mixed, 0.5, 4.5)]).loudness == pytest.approx(VOICE, abs=1)
    assert db(mixed[-RATE // 20 :]) < levels[0] - 20


@pytest.mark.parametrize("frames", [150, 90])
def test_music_longer_than_its_clip_fades_out(desk: Desk, record: Record, frames: int) -> None:
    film = desk(150, music=(Clip(asset=record(MUSIC, 10.0).id, frames=frames),))
    sound, end = heard(film), frames / 30
    levels = [db(at(sound, end - back, end - back + 0.1)) for back in (1.5, 0.9, 0.6, 0.3, 0.1)]
    assert np.diff(levels).max() < 0.1, "it never comes back"
    assert levels[0] - levels[-1] > 15
    assert db(at(sound, 0, 0.005)) < levels[0] - 10


def test_two_pieces_of_music_come_at_one_level_and_change_without_a_hole(desk: Desk, record: Record) -> None:
    soft, loud = record(MUSIC.replace("0.3*", "0.1*"), 6.0), record(MUSIC, 6.0)
    items = (Clip(asset=soft.id, frames=90), Transition(frames=30), Clip(asset=loud.id, start=30, frames=90))
    sound = heard(desk(180, music=items))
    levels = [db(at(sound, second, second + 0.2)) for second in np.arange(0.5, 4.3, 0.2)]
    assert levels[0] == pytest.approx(levels[-1], abs=1)
    assert max(levels) - min(levels) < 4


def test_music_shorter_than_the_film_plays_on_without_a_hole_or_a_click(desk: Desk, record: Record) -> None:
    beat = record("aevalsrc='0.4*sin(2*PI*(220+110*mod(floor(t*2),3))*t)*exp(-6*mod(t,0.5))'", 5.0)
    film = desk(420, music=(Clip(asset=beat.id, frames=420),))
    music = heard(film)
    levels = [db(at(music, second, second + 0.5)) for second in np.arange(1, 12, 0.5)]
    assert max(levels) - min(levels) < 3
    loud = [db(at(music, second, second + 0.01)) > levels[0] + 4 for second in np.arange(0.5, 12, 0.01)]
    steps = np.diff(np.flatnonzero(np.diff(np.array(loud, int)) == 1))
    assert np.abs(steps - 50).max() <= 2, "it goes on beside the beat"


def test_a_hum_without_a_beat_is_cross_faded(desk: Desk, record: Record) -> None:
    film = desk(360, music=(Clip(asset=record("anoisesrc=a=0.3:seed=3:c=pink", 4.0).id, frames=360),))
    music = heard(film)
    levels = [db(at(music, second, second + 0.25)) for second in np.arange(0.5, 10.5, 0.25)]
    assert max(levels) - min(levels) < 3


@pytest.mark.parametrize("track", ["voice", "music", "effects"])
def test_a_clip_that_was_split_sounds_as_if_it_was_not(desk: Desk, record: Record, track: str) -> None:
    tone = record(SPEECH, 2.0)
    whole = heard(desk(60, **{track: (Clip(asset=tone.id, frames=60),)}))
    halves = (Clip(asset=tone.id, frames=25), Clip(asset=tone.id, start=25, frames=35))
    assert np.array_equal(heard(desk(60, **{track: halves})), whole)


def test_joins_do_not_click(desk: Desk, record: Record) -> None:
    tone = record("sine=f=441", 1.0)
    plain = heard(desk(30, effects=(Clip(asset=tone.id, frames=30),)))
    hard = (Clip(asset=tone.id, frames=10), Clip(asset=tone.id, start=7, frames=10), Gap(frames=10))
    soft = (Clip(asset=tone.id, frames=10), Transition(frames=6), Clip(asset=tone.id, start=9, frames=10))
    full = np.abs(plain).max()
    for items in (hard, soft):
        assert sharpest(heard(desk(30, effects=items))) < full * 10 ** (-50 / 20)
    # What it would be without fades: a jump of a part of the wave.
    cut = np.concatenate([plain[: RATE // 3], plain[RATE // 3 + 77 : RATE]])
    assert sharpest(cut) > full * 10 ** (-30 / 20)


def test_cross_fades_keep_the_power(desk: Desk, record: Record) -> None:
    one, other = record("anoisesrc=a=0.3:seed=1", 3.0), record("anoisesrc=a=0.3:seed=2", 3.0)
    items = (Clip(asset=one.id, frames=45), Transition(frames=30), Clip(asset=other.id, start=30, frames=45))
    mixed = heard(desk(90, effects=items))
    levels = [db(at(mixed, second, second + 0.1)) for second in np.arange(0.2, 2.7, 0.1)]
    assert max(levels) - min(levels) < 0.8


def test_a_places_own_sound_gives_way_to_the_speech(desk: Desk, record: Record) -> None:
    street, voice = record("anoisesrc=a=0.4:seed=4:c=pink", 6.0), record(SPEECH, 2.0)
    film = desk(
        180, voice=(Gap(frames=90), Clip(asset=voice.id, frames=60)), effects=(Clip(asset=street.id, frames=180),)
    )
    sound = heard(film, "effects")
    assert meter.read([at(sound, 3.2, 4.8)]).loudness < VOICE - 12
    assert db(at(sound, 1, 2)) > db(at(sound, 3.2, 4.8)) + 3


SPANS = st.lists(
    st.builds(lambda start, length: Span(start, start + length), st.integers(0, 500_000), st.integers(1, 90_000)),
    max_size=8,
)


@settings(deadline=None, max_examples=60)
@given(SPANS)
def test_the_curve_is_down_wherever_somebody_speaks(spans: list[Span]) -> None:
    points = curve(spans, RATE)
    x, y = zip(*points, strict=True)
    assert list(x) == sorted(x)
    assert set(y) <= {0.0, -DEPTH}
    for span in spans:
        assert np.interp([span.start, (span.start + span.end) / 2, span.end], x, y) == pytest.approx(-DEPTH)


@given(SPANS)
@settings(deadline=None, max_examples=60)
def test_merged_spans_cover_the_same_and_lie_apart(spans: list[Span]) -> None:
    rows = merged(spans, 31_200)
    assert all(second.start - first.end >= 31_200 for first, second in pairwise(rows))
    assert all(any(row.start <= span.start and span.end <= row.end for row in rows) for span in spans)


@settings(deadline=None, max_examples=25)
@given(st.integers(12_000, 120_000), st.integers(1, 400_000), st.integers(0, 3))
def test_a_loop_fills_any_length_from_any_sound(size: int, length: int, seed: int) -> None:
    luck = np.random.default_rng(seed)
    beat = np.exp(-8 * (np.arange(size) % 9000) / RATE) if seed % 2 else np.full(size, float(seed))
    sound = (luck.standard_normal((size, 2)) * beat[:, None] * 0.1).astype(np.float32)
    whole = np.concatenate(list(played(sound, find(sound), length)))
    assert len(whole) == length
    assert np.abs(whole).max() <= 1.5 * np.abs(sound).max() + 1e-9
