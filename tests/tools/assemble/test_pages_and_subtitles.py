"""Karaoke pages and subtitle cues: no word lost, limits kept, on the frame; files that players read."""

import re
from fractions import Fraction
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from reelwright.tools.assemble.pages import CELLS, POP, SHORTEST, WORDS, Page, paginate
from reelwright.tools.assemble.subtitles import GAP, LINE, Measure, Subtitle, srt, subtitles, vtt
from reelwright.tools.assemble.words import cells
from reelwright.tools.timeline import Cue, CueWord

RATE = Fraction(30)


def cue(text: str, start: int = 0, pace: int = 2, gap: int = 1) -> Cue:
    """A cue whose words last `pace` frames a letter, as people speak."""
    words, frame = [], start
    for word in text.split():
        words.append(CueWord(text=word, start=frame, end=frame + pace * len(word)))
        frame += pace * len(word) + gap
    return Cue(start=start, end=words[-1].end, text=text, words=tuple(words))


def pages(*cues: Cue, end: int = 100_000) -> list[Page]:
    return paginate(cues, RATE, lambda text: len(text) <= 14, end)


WORD = st.text("abcdefgh", min_size=1, max_size=16)
SENTENCE = st.builds(
    lambda words, mark: " ".join(words) + mark, st.lists(WORD, min_size=2, max_size=14), st.sampled_from(".!?…")
)
FILM = st.lists(st.tuples(SENTENCE, st.integers(0, 40), st.integers(2, 4)), min_size=1, max_size=5)


def laid(film: list[tuple[str, int, int]]) -> list[Cue]:
    cues: list[Cue] = []
    for text, gap, pace in film:
        cues.append(cue(text, (cues[-1].end if cues else 0) + gap, pace))
    return cues


@settings(deadline=None, max_examples=40)
@given(FILM)
def test_no_word_is_lost_or_moved_and_limits_hold(film: list[tuple[str, int, int]]) -> None:
    cues = laid(film)
    shown = pages(*cues)
    assert [word.text for page in shown for word in page.words] == [
        word for text, _, _ in film for word in text.split()
    ]
    for page in shown:
        assert len(page.words) <= WORDS
        assert cells(page.text) <= CELLS or len(page.words) == 1 or page.end - page.start < 2 * SHORTEST
        assert not any(word.ends_sentence for word in page.words[:-1]), "a page crosses a sentence"
        assert page.end - page.start >= SHORTEST
        assert abs(page.start - page.words[0].start) <= 3, "more than 100 ms off the word"
    assert all(first.end <= second.start for first, second in pairwise(shown))


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.text(min_size=1, max_size=40), st.integers(0, 60)), max_size=4), st.integers(1, 200))
def test_any_text_and_any_times_give_ordered_pages_inside_the_film(rows: list[tuple[str, int]], end: int) -> None:
    cues = [Cue(start=start, end=start + 20, text=text) for text, start in rows]
    shown = pages(*cues, end=end)
    assert all(page.start < page.end <= end for page in shown)
    assert all(first.end <= second.start for first, second in pairwise(shown))


def test_pages_follow_each_other_without_flicker_and_let_go_in_a_pause() -> None:
    first, second, _ = pages(cue("one two"), cue("three four", 22), cue("five six", 200))
    assert first.end == second.start == 22
    assert second.end == second.words[-1].end + 12


def test_a_page_breaks_where_a_speaker_would() -> None:
    text = "To fill one jar, bees visit two million flowers in the tombs of Egypt."
    shown = [page.text for page in pages(cue(text))]
    assert "one jar," in {page[-8:] for page in shown}
    assert not any(page.split()[-1] in {"the", "of", "in", "two"} for page in shown)


def test_ideographs_part_between_phrases_not_before_a_full_stop() -> None:
    text = "蜂蜜は決して腐りません。"
    shown = [page.text for page in pages(Cue(start=0, end=60, text=text, words=(CueWord(text=text, start=0, end=60),)))]
    assert "".join(shown) == text
    assert shown == ["蜂蜜は決して", "腐りません。"]


def test_a_word_that_nobody_can_fit_is_parted() -> None:
    word = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerk"
    shown = pages(cue(word))
    assert "".join(part.text for page in shown for part in page.words) == word
    assert all(cells(part.text) <= 26 for page in shown for part in page.words)


def test_the_text_shown_is_the_scripts() -> None:
    spelled = Cue(
        start=0,
        end=40,
        text="It costs $5 today.",
        words=tuple(
            CueWord(text=word, start=n * 10, end=n * 10 + 9) for n, word in enumerate(["It", "costs", "five", "today"])
        ),
    )
    shown = pages(spelled)
    assert " ".join(page.text for page in shown) == "It costs $5 today."
    assert [word.start for page in shown for word in page.words] == [0, 10, 20, 30]


def test_words_without_times_are_never_lit() -> None:
    (page,) = pages(Cue(start=0, end=60, text="One two three."))
    assert not any(word.timed for word in page.words)


def shown(*cues: Cue, cuts: tuple[int, ...] = (), end: int = 100_000) -> list[Subtitle]:
    return subtitles(cues, RATE, end, cuts)


@settings(deadline=None, max_examples=40)
@given(FILM)
def test_subtitles_lose_no_word_and_keep_the_limits(film: list[tuple[str, int, int]]) -> None:
    rows = shown(*laid(film))
    assert " ".join(line for row in rows for line in row.lines).split() == " ".join(text for text, _, _ in film).split()
    for row in rows:
        assert 1 <= len(row.lines) <= 2
        assert all(cells(line) <= LINE for line in row.lines)
        assert row.end > row.start
    assert all(second.start - first.end >= GAP for first, second in pairwise(rows))


def test_in_times_are_the_words_and_speech_at_a_human_pace_is_readable() -> None:
    text = (
        "Archaeologists found pots of it in the tombs of Egypt, three thousand years old, and it was still good to eat."
    )
    rows = shown(cue(text, 10), cue("A single bee makes a twelfth of a teaspoon in her whole life.", 270))
    starts = {
        word.start
        for one in (cue(text, 10), cue("A single bee makes a twelfth of a teaspoon.", 270))
        for word in one.words
    }
    for row in rows:
        seconds = (row.end - row.start) / RATE
        assert row.start in starts
        assert cells(" ".join(row.lines)) / seconds <= 17
        assert Fraction(5, 6) <= seconds <= 7


def test_lines_break_where_sense_breaks() -> None:
    rows = shown(cue("A single bee makes only a twelfth of a teaspoon in her whole life."))
    assert [row.lines for row in rows] == [("A single bee makes only a twelfth", "of a teaspoon in her whole life.")]


def test_a_short_word_stays_long_enough() -> None:
    (row,) = shown(cue("No.", 30))
    assert row.end - row.start >= 25


def test_an_end_prefers_a_cut() -> None:
    one = cue("The bees dance for each other.", 0)
    assert shown(one, cuts=(one.end + 5,))[0].end == one.end + 5


def test_files_say_times_exactly_and_markup_is_text() -> None:
    rows = [Subtitle(("a <b> & c", "--> d"), 0, 45), Subtitle(("e",), 108_000, 108_030)]
    assert srt(rows, RATE).startswith(
        "1\n00:00:00,000 --> 00:00:01,500\na <b> & c\n--> d\n\n2\n01:00:00,000 --> 01:00:01,000\n"
    )
    text = vtt(rows, RATE)
    assert text.startswith("WEBVTT\n\n00:00:00.000 --> 00:00:01.500\na &lt;b&gt; &amp; c\n--&gt; d\n")


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.text(min_size=1, max_size=80), st.integers(0, 90)), max_size=4))
def test_any_text_gives_a_file_in_order(rows: list[tuple[str, int]]) -> None:
    text = srt(shown(*(Cue(start=start, end=start + 30, text=words) for words, start in rows), end=200), RATE)
    times = re.findall(r"^(\d\d:\d\d:\d\d,\d{3}) --> (\d\d:\d\d:\d\d,\d{3})$", text, re.M)
    flat = [time for pair in times for time in pair]
    assert flat == sorted(flat)


def test_korean_words_stay_whole_and_japanese_breaks_between_phrases() -> None:
    korean = "고고학자들은 오래된 무덤에서 꿀단지를 발견했고, 그것은 여전히 먹을 수 있었습니다."
    words = set(korean.split())
    assert all(set(page.text.split()) <= words for page in pages(cue(korean, pace=4)))
    assert all(set(line.split()) <= words for row in shown(cue(korean, pace=4)) for line in row.lines)
    japanese = "考古学者は古い墓で蜂蜜の壺を見つけ、それはまだ食べられました。"
    rows = shown(Cue(start=0, end=160, text=japanese, words=(CueWord(text=japanese, start=0, end=160),)))
    assert "".join(line for row in rows for line in row.lines) == japanese
    assert not any(line.endswith("見") for row in rows for line in row.lines)


def test_a_second_language_is_parted_like_the_first_and_loses_no_word() -> None:
    first = "Archaeologists found pots of it in the tombs of Egypt, three thousand years old, and still good to eat."
    second = "Archäologen fanden Töpfe davon in ägyptischen Gräbern, dreitausend Jahre alt und immer noch genießbar."
    cues = [cue(first, 10).model_copy(update={"second": second}), cue("No.", 300), cue("So it is.", 330)]
    rows = shown(*cues)
    said = " ".join(line for row in rows for line in row.second)
    assert said == second
    assert len([row for row in rows if row.second]) >= 2
    assert all(cells(line) <= LINE for row in rows for line in row.second)
    assert ("No.",) in [row.lines for row in rows]
    assert f"{rows[0].lines[-1]}\n{rows[0].second[0]}" in srt(rows, RATE)
    assert f"{rows[0].lines[-1]}\n{rows[0].second[0]}" in vtt(rows, RATE)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.text(min_size=1, max_size=60), st.text(max_size=90)), min_size=1, max_size=4))
def test_any_two_texts_are_stacked_whole(rows: list[tuple[str, str]]) -> None:
    cues = [Cue(start=60 * n, end=60 * n + 50, text=text, second=other) for n, (text, other) in enumerate(rows)]
    made = shown(*cues)
    wanted = "".join("".join(other.split()) for text, other in rows if text.strip())
    assert "".join("".join("".join(row.second).split()) for row in made) == wanted


def test_pop_pages_are_a_word_or_two() -> None:
    text = "Archaeologists found pots of it in the tombs of Egypt."
    made = paginate([cue(text, pace=4)], RATE, lambda part: len(part) <= 9, 1000, POP)
    assert " ".join(page.text for page in made) == text
    assert all(len(page.words) <= 2 for page in made)
    assert len(made) >= 6


def test_children_read_slower() -> None:
    fast = cue("The bees dance for each other in the dark of the hive all day.", pace=2, gap=0)
    slow = subtitles([fast], RATE, 1000, measure=Measure(speed=13.0))
    assert slow[0].end > shown(fast)[0].end


def test_a_beginning_prefers_a_cut_just_before_its_word() -> None:
    one = cue("The bees dance for each other.", 33)
    assert [shown(one, cuts=(cut,))[0].start for cut in (29, 30, 32, 33, 34)] == [33, 30, 32, 33, 33]
