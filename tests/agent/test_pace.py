"""Lines and shots on frames: pictures move on words, and the film meets its length where words allow."""

from fractions import Fraction
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from reelwright.agent.model import Brief, Line, Scene, Script, Shot, Sound
from reelwright.agent.pace import paced, schedule, word_starts, words_of
from reelwright.tools.media import Asset
from reelwright.tools.speech import Speech, Word

RATE = Fraction(30)


def spoken(line: str, *starts: int) -> Sound:
    """A line of one word a second, recorded at 1,000 samples a second."""
    audio = Asset(id="a" * 64, kind="audio", format="wav", frames=len(starts) * 1000, rate=Fraction(1000))
    words = tuple(Word(text=f"w{start}", start=start, end=start + 500) for start in starts)
    return Sound(line=line, frames=len(starts) * 30, speech=Speech(audio=audio, words=words))


def film(*texts: str, seconds: float = 10) -> tuple[Brief, Script]:
    lines = tuple(Line(id=f"l{index}", text=text) for index, text in enumerate(texts))
    return Brief(text="x", seconds=seconds), Script(title="x", scenes=(Scene(id="s", heading="", lines=lines),))


def test_a_shot_begins_on_its_first_word() -> None:
    brief, script = film("one two three")
    shots = (
        Shot(id="a", scene="s", lines=("l0",), words=(0, 1)),
        Shot(id="b", scene="s", lines=("l0",), words=(1, 3), spots=(0, 1)),
    )
    laid = schedule(brief, script, shots, {"l0": spoken("l0", 0, 1000, 2000)})
    lead = laid.sound["l0"].start
    assert laid.shots[0].frames == lead + 30
    assert laid.shots[1].cues == (0, 30)


def test_the_card_at_the_end_takes_up_the_slack() -> None:
    brief, script = film("one two three", seconds=6)
    shots = (Shot(id="a", scene="s", lines=("l0",)), Shot(id="end", scene="s", lines=(), frames=60))
    laid = schedule(brief, script, shots, {"l0": spoken("l0", 0, 1000, 2000)})
    assert laid.frames == brief.frames


def test_words_without_times_share_their_line_by_length() -> None:
    starts = word_starts(Sound(line="l", frames=100), "a longer word", RATE)
    assert starts == [0, 14, 64]


def test_an_unspoken_line_is_paced_at_150_words_a_minute() -> None:
    assert paced("l", "five words make two seconds", RATE).frames == 60


@given(
    st.lists(st.text("abc é世", min_size=1, max_size=60).filter(str.strip), min_size=1, max_size=12),
    st.floats(2, 120),
    st.booleans(),
)
def test_every_frame_belongs_to_one_shot_and_lines_never_overlap(texts: list[str], seconds: float, card: bool) -> None:
    brief, script = film(*texts, seconds=seconds)
    sound = {line.id: paced(line.id, line.text, brief.rate) for line in script.lines}
    shots = [
        Shot(id=line.id, scene="s", lines=(line.id,), words=(0, len(words_of(line.text)))) for line in script.lines
    ]
    if card:
        shots.append(Shot(id="end", scene="s", lines=(), frames=60))
    laid = schedule(brief, script, tuple(shots), sound)
    assert sum(shot.frames for shot in laid.shots) == laid.frames
    assert all(shot.frames > 0 for shot in laid.shots)
    placed = sorted(laid.sound.values(), key=lambda line: line.start)
    assert all(before.start + before.frames <= after.start for before, after in pairwise(placed))
    assert placed[-1].start + placed[-1].frames <= laid.frames


def test_a_title_sequence_keeps_its_frames() -> None:
    brief = Brief(text="x", seconds=40)
    script = Script(title="x", scenes=(Scene(id="s", heading=""),), narrated=False)
    shots = tuple(Shot(id=name, scene="s", lines=(), frames=90) for name in "abc")
    assert [shot.frames for shot in schedule(brief, script, shots, {}).shots] == [90, 90, 90]


def test_too_few_words_are_not_stretched_into_a_long_film() -> None:
    brief, script = film("one two three", seconds=60)
    shots = (Shot(id="a", scene="s", lines=("l0",)), Shot(id="end", scene="s", lines=(), frames=60))
    laid = schedule(brief, script, shots, {"l0": spoken("l0", 0, 1000, 2000)})
    assert laid.frames < 1.2 * (90 + 60 + 15)


def test_an_opening_card_gives_way_to_the_first_cut() -> None:
    brief, script = film("one two three", seconds=9)
    shots = (Shot(id="title", scene="s", lines=(), frames=54), Shot(id="a", scene="s", lines=("l0",)))
    assert schedule(brief, script, shots, {"l0": spoken("l0", 0, 1000, 2000)}).shots[0].frames <= 78
