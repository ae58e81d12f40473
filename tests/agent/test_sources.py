"""Where each shot's picture comes from: by what was asked, what is ready, the budget, the promise and the library."""

from fractions import Fraction
from pathlib import Path

import pytest

from reelwright import Brief, Registry, Settings, Studio
from reelwright.agent.choose import generated, sourced
from reelwright.agent.errors import BriefError, ProjectError
from reelwright.agent.events import worth
from reelwright.agent.model import Budget, Line, Pick, Plan, Scene, Script, Shot, Treatment
from reelwright.agent.passes import drafts, passed
from reelwright.agent.quote import quoted
from reelwright.agent.record import Record
from reelwright.memory.timings import Timing, Timings
from reelwright.tools.base import Cost
from reelwright.tools.errors import ToolFailed, ToolMissing
from reelwright.tools.stock import Segment
from reelwright.tools.video import Card, Figure
from reelwright.tools.video.diffusion import Generated, GenerateRequest

SCRIPT = Script(title="Boats", scenes=(Scene(id="s1", heading="", lines=(Line(id="l1", text="Boats rest."),)),))
BRIEF = Brief(text="# Boats\n\nBoats rest.", seconds=4)


class Elsewhere:
    """A stranger's provider: ready unless it says why not, at a price and a length of its own."""

    name, version, device, models, result = "video.generate.elsewhere", "1", "net", (), Generated

    def __init__(self, cost: Cost = Cost(seconds=100), problem: Exception | None = None) -> None:  # noqa: B008
        self.cost, self.problem = cost, problem

    def ready(self) -> None:
        if self.problem is not None:
            raise self.problem

    def quote(self, request: GenerateRequest) -> Cost:
        return self.cost


def studio(folder: Path, tool: Elsewhere, **more: object) -> Studio:
    given = Settings.model_validate({"cache": None, "source": "auto"} | more)
    return Studio.open(folder / "film", given, registry=Registry([tool]))  # type: ignore[list-item]


def shot(number: int, score: float | None = None, **more: object) -> Shot:
    plain = {"id": f"shot{number:02}", "scene": "s1", "lines": ("l1",), "frames": 60}
    picks = () if score is None else (Pick(query="boats", score=score, segment=segment(number)),)
    return Shot.model_validate(plain | {"candidates": picks} | more)


def segment(number: int) -> Segment:
    digest = f"{number:064x}"
    return Segment(
        id=f"{digest}:0", file=digest, place="boat.jpg", name="boat", kind="image", frames=1, rate=Fraction(1)
    )


def test_auto_generates_where_a_model_is_ready_and_nothing_better_was_found(tmp_path: Path) -> None:
    shots = (shot(1), shot(2, layout="title"), shot(3, card=Card(figure=Figure(value=3))))
    made = sourced(studio(tmp_path, Elsewhere()), BRIEF, SCRIPT, shots)
    assert [each.source for each in made] == ["generate", "motion", "motion"]
    assert [each.why for each in made] == [
        "video.generate.elsewhere pictures it: perhaps 100 s",
        "its words are there to be read",
        "it shows numbers, steps, code or a place",
    ]


def test_auto_without_a_model_draws_and_does_not_complain(tmp_path: Path) -> None:
    place = studio(tmp_path, Elsewhere(problem=ToolMissing("No local video model is configured.", "Set folder.")))
    (made,) = sourced(place, BRIEF, SCRIPT, (shot(1),))
    assert (made.source, made.why) == ("motion", "no video model is set up")
    assert not place.log.warnings


def test_auto_tells_of_a_model_that_was_meant_and_is_missing(tmp_path: Path) -> None:
    problem = ToolMissing("torch is not installed.", "Install it.")
    place = studio(tmp_path, Elsewhere(problem=problem), tools={"video.generate.local": {"folder": "there"}})
    (made,) = sourced(place, BRIEF, SCRIPT, (shot(1),))
    assert made.why == "the video model that is set up cannot be used"
    assert "torch is not installed" in place.log.warnings[0].message


def test_auto_with_a_broken_model_draws_and_says_so_without_calling_the_film_less(tmp_path: Path) -> None:
    place = studio(tmp_path, Elsewhere(problem=ToolFailed("model_index.json cannot be read.", "Download it again.")))
    (made,) = sourced(place, BRIEF, SCRIPT, (shot(1),))
    assert made.source == "motion"
    assert "cannot be read" in place.log.warnings[0].message
    assert not place.degradations()


def test_auto_spends_no_more_seconds_than_are_left_and_begins_where_footage_is_worst(tmp_path: Path) -> None:
    place = studio(tmp_path, Elsewhere(), budget=Budget(seconds=300))
    made = generated(place, BRIEF, SCRIPT, (shot(1, 0.3), shot(2, 0.1), shot(3, 0.2), shot(4, 0.25)))
    assert [each.source for each in made] == ["motion", "generate", "generate", "motion"]
    assert made[0].why == "generating it would take perhaps 100 s, and less is left"


def test_auto_spends_no_money_that_was_not_given(tmp_path: Path) -> None:
    tool = Elsewhere(Cost(money=0.4))
    (none,) = generated(studio(tmp_path / "none", tool), BRIEF, SCRIPT, (shot(1),))
    assert none.why == "generating it would take nobody knows how long and $0.40, and less is left"
    some = generated(
        studio(tmp_path / "some", tool, budget=Budget(money=1)), BRIEF, SCRIPT, (shot(1), shot(2), shot(3))
    )
    assert [each.source for each in some] == ["generate", "generate", "motion"]


def test_what_was_asked_for_is_generated_whatever_it_takes(tmp_path: Path) -> None:
    place = studio(tmp_path, Elsewhere(), source="generate", budget=Budget(seconds=10))
    assert [each.source for each in generated(place, BRIEF, SCRIPT, (shot(1), shot(2)))] == ["generate", "generate"]


def test_drafts_are_asked_for_by_the_setting(tmp_path: Path) -> None:
    place = studio(tmp_path, Elsewhere(), draft=True)
    assert [each.draft for each in generated(place, BRIEF, SCRIPT, (shot(1), shot(2, layout="end")))] == [True, False]


def test_the_quote_is_an_estimate_until_this_machine_has_made_such_a_clip(tmp_path: Path) -> None:
    place = studio(tmp_path, Elsewhere(Cost(money=0.5, seconds=100)), cache=tmp_path / "cache")
    shots = (shot(1, source="generate"), shot(2, source="generate"), shot(3))
    quote = quoted(place, BRIEF, shots)
    assert quote is not None
    assert (quote.shots, quote.money, quote.seconds, quote.basis) == (2, 1.0, 200, "estimated")
    timings = Timings(tmp_path / "cache")
    same = {"tool": Elsewhere.name, "version": "1", "size": "1080x1920"}
    timings.note(Timing(film=2, took=300, preset="roomy", **same))
    for took in (40, 20, 22):
        timings.note(Timing(film=2, took=took, preset="tiled", **same))
    timings.note(Timing(film=2, took=2, draft=True, **same))
    timings.note(Timing(film=2, took=500, machine="another", preset="tiled", **same))
    with (tmp_path / "cache" / "timings.jsonl").open("a") as rows:
        rows.write("torn\n")
    quote = quoted(place, BRIEF, shots)
    assert quote is not None
    assert quote.basis == "measured"
    # 60 frames and two handles of 6 at 30 a second, twice, at the middle pace of the preset in use.
    assert quote.seconds == pytest.approx(2 * 2.4 * 11)
    assert quoted(place, BRIEF, shots[2:]) is None


@pytest.mark.parametrize(
    ("seconds", "basis", "words"),
    [
        (9.4, "measured", "about 9.4 s as measured here"), (119, "estimated", "perhaps 119 s"),
        (120, "estimated", "perhaps 2.0 min"), (9000, "estimated", "perhaps 2.5 h"),
    ],
)  # fmt: skip
def test_seconds_as_people_say_them(seconds: float, basis: str, words: str) -> None:
    assert worth(seconds, basis) == words  # type: ignore[arg-type]


def test_stills_keep_to_the_share_that_the_promise_leaves() -> None:
    from reelwright.agent.choose import _room

    shots = (shot(1), shot(2, 0.5, source="stock", chosen=segment(2).id), shot(3), shot(4))
    assert _room(SCRIPT, shots) == 180
    promised = SCRIPT.model_copy(update={"treatment": Treatment(moving=0.5)})
    assert _room(promised, shots) == 60


PLAN = Plan(
    script=SCRIPT, shots=(shot(1), shot(2, source="generate", draft=True), shot(3, source="generate", draft=True))
)


def test_a_final_pass_is_of_the_chosen_shots() -> None:
    record = Record(brief=BRIEF, plan=PLAN)
    assert drafts(PLAN.shots) == ("Shots 2, 3 are drafts: `reelwright resume DIR --final` makes them in full.",)
    change = passed(record, draft=False, shots=("3",))
    assert [each.draft for each in change.plan.shots] == [False, True, False]
    assert change.request == "final pass of shot 3"
    assert drafts(change.plan.shots) == ("Shot 2 is a draft: `reelwright resume DIR --final` makes it in full.",)
    assert drafts(passed(record, draft=False).plan.shots) == ()


@pytest.mark.parametrize(
    ("plan", "shots", "says"),
    [
        (PLAN, ("9",), "no shot '9'"), (PLAN, ("1",), "No video model makes shot 1"),
        (Plan(script=SCRIPT, shots=(shot(1),)), (), "No video model makes a shot"),
    ],
)  # fmt: skip
def test_what_cannot_be_made_in_full_is_named(plan: Plan, shots: tuple[str, ...], says: str) -> None:
    with pytest.raises(BriefError, match=says):
        passed(Record(brief=BRIEF, plan=plan), draft=False, shots=shots)


def test_a_film_without_a_plan_has_no_drafts() -> None:
    with pytest.raises(ProjectError, match="no plan yet"):
        passed(Record(brief=BRIEF), draft=False)
