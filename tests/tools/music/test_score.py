"""Theory, form and score, before anything sounds."""

from itertools import pairwise
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reelwright.tools.music import Mood
from reelwright.tools.music.form import BAR, plan
from reelwright.tools.music.instruments import VOICES
from reelwright.tools.music.moods import STYLES, SUBSTITUTES
from reelwright.tools.music.rhythms import FIGURES, KITS, WALKS
from reelwright.tools.music.score import Score, compose
from reelwright.tools.music.theory import Key, chord, ladder, lead, near

MOODS: tuple[Mood, ...] = get_args(Mood)


@pytest.mark.parametrize(
    ("numeral", "tones", "bass"),
    [
        ("I", (0, 4, 7), 0),
        ("ii7", (2, 5, 9, 0), 2),
        ("V7sus4", (7, 0, 2, 5), 7),
        ("IVmaj7", (5, 9, 0, 4), 5),
        ("I/5", (0, 4, 7), 7),
        ("Iadd9", (0, 4, 7, 2), 0),
        ("iv", (5, 8, 0), 5),
    ],
)
def test_numerals_in_c_major(numeral: str, tones: tuple[int, ...], bass: int) -> None:
    found = chord(numeral, Key(0, "major"))
    assert (found.tones, found.bass) == (tones, bass)


def test_the_flat_second_of_a_minor_key() -> None:
    assert chord("bII", Key(9, "minor")).tones == (10, 2, 5)


def test_a_word_that_is_no_chord_is_an_error() -> None:
    with pytest.raises(ValueError, match="Roman"):
        chord("Q7", Key(0, "major"))


def test_voices_move_little_and_keep_the_third() -> None:
    key = Key(0, "major")
    voicing = lead((), chord("I", key), 53, 74)
    for numeral in ("V/3", "vi7", "IVadd9", "V7", "I"):
        target = chord(numeral, key)
        following = lead(voicing, target, 53, 74)
        assert sum(abs(new - old) for old, new in zip(voicing, following, strict=True)) <= 12
        assert target.tones[1] in {note % 12 for note in following}
        voicing = following


def test_no_voicing_has_a_minor_ninth_where_another_will_do() -> None:
    key = Key(0, "major")
    for numeral in ("Imaj7", "IVmaj7", "Iadd9"):
        notes = lead((), chord(numeral, key), 53, 74)
        assert not any(right - left == 13 for left in notes for right in notes)


def test_every_chord_of_every_mood_can_be_read_and_played() -> None:
    for style in STYLES.values():
        entries = {entry for phrase in (*style.verses, *style.lifts, *style.cadences) for entry in phrase}
        numerals = {numeral for entry in entries for numeral in entry.split()}
        numerals |= {other for numeral in numerals for other in SUBSTITUTES[style.mode].get(numeral, ())}
        for numeral in numerals:
            for tonic in style.tonics:
                found = chord(numeral, Key(tonic, style.mode))
                assert len(lead((), found, *style.pad_range)) == 4
                assert len(ladder(found.clear, *style.comp_range)) >= 5
        assert set(style.figures) <= set(FIGURES)
        assert style.walk in WALKS
        assert {part.voice for part in (style.pad, style.comp, style.bass, style.motif)} <= set(VOICES)
        assert not style.kit or style.kit in KITS


def test_patterns_fit_their_bar() -> None:
    rows = [row for kit in KITS.values() for pair in kit.values() for row in pair]
    assert all(len(row) == 16 and set(row) <= set("Xxo.") for row in rows)
    hits = [hit for figure in FIGURES.values() for hit in figure]
    assert all(0 <= step < 16 and 0 < strength <= 1 for step, _, _, strength in hits)


@settings(max_examples=80, deadline=None)
@given(
    seconds=st.floats(0.02, 600),
    mood=st.sampled_from(MOODS),
    accents=st.lists(st.floats(0, 600), max_size=6),
)
def test_any_length_is_filled_by_whole_bars_near_the_tempo(seconds: float, mood: Mood, accents: list[float]) -> None:
    slow, fast = STYLES[mood].tempo
    form = plan(seconds, (slow, fast), (slow + fast) / 2, sorted(accents))
    ring = seconds - form.final
    if seconds >= 8:
        assert 1.45 <= ring <= 2.55
        assert slow * 0.93 <= form.tempo <= fast * 1.07
    assert 0 < ring <= 2.55
    assert sum(section.bars for section in form.sections) == form.bars
    assert all(left.end == right.start for left, right in pairwise(form.sections))
    assert all(section.bars >= 1 for section in form.sections)


def test_sections_meet_the_cuts_they_are_near() -> None:
    free = plan(40, (84, 96), 90)
    bar = free.beat * BAR
    cut = (free.sections[2].start + 1) * bar + 0.05
    snapped = plan(40, (84, 96), 90, (cut,))
    near_cut = min(abs(section.start * snapped.beat * BAR - cut) for section in snapped.sections)
    assert near_cut < 0.16


@pytest.mark.parametrize("mood", MOODS)
def test_no_bars_return_unchanged_more_than_twice(mood: Mood) -> None:
    score = compose(mood, 4, 300)
    beat = score.form.beat
    for bars in (1, 2, 4, 8):
        span = bars * BAR * beat
        units = [_unit(score, nth * span, span) for nth in range(int(score.form.final / span))]
        assert not any(one == two == three for one, two, three in zip(units, units[1:], units[2:], strict=False))


def _unit(score: Score, start: float, span: float) -> frozenset[tuple[str, int, int]]:
    sixteenth = score.form.beat / 4
    inside = [note for note in score.notes if start - 0.04 <= note.at < start + span - 0.04]
    return frozenset((note.voice, note.pitch, round((note.at - start) / sixteenth)) for note in inside)


@pytest.mark.parametrize("mood", MOODS)
def test_it_begins_thinly_and_ends_on_the_tonic(mood: Mood) -> None:
    score = compose(mood, 2, 45)
    bar = BAR * score.form.beat
    assert len([note for note in score.notes if note.at < bar]) < len(score.notes) / score.form.bars
    last = [note for note in score.notes if note.at >= score.form.final - 0.04 and note.voice == score.style.bass.voice]
    assert last[-1].pitch % 12 == score.key.tonic
    held = [note for note in score.notes if note.at + note.length > score.form.seconds + 1e-6]
    assert not held


def test_calm_and_dark_have_no_drums() -> None:
    for mood in ("calm", "dark"):
        voices = {note.voice for note in compose(mood, 1, 60).notes}
        assert voices <= set(VOICES)


def test_pads_stay_in_their_range() -> None:
    assert near(0, 60, 53, 74) == 60
    score = compose("warm", 9, 60)
    low, high = score.style.pad_range
    assert all(low <= note.pitch <= high for note in score.notes if note.voice == "warm")
