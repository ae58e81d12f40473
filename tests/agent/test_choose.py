"""The person's own pictures find the shots that speak of them."""

from reelwright import Brief
from reelwright.agent.choose import described, match
from reelwright.agent.model import Line, Plan, Scene, Script, Shot
from reelwright.agent.planner.offline import Offline
from reelwright.tools.media import Asset

LINES = {
    "l1": "A jar of honey starts with two million flowers.",
    "l2": "Bees carry the nectar home.",
    "l3": "Wax seals every cell.",
    "l4": "Thank a flower.",
}
SHOTS = tuple(Shot(id=f"shot{at}", scene="s1", lines=(line,)) for at, line in enumerate(LINES, start=1))


def own(number: int, origin: str, kind: str = "image") -> Asset:
    return Asset(id=f"{number:064x}", kind=kind, format="jpg", origin=origin)


def chosen(*assets: Asset) -> dict[str, str]:
    names = {asset.id: asset.origin for asset in assets}
    return {shot: names[asset] for shot, asset in match(SHOTS, LINES, assets).items()}


def test_names_find_their_lines() -> None:
    assert chosen(own(1, "wax_cells-02.jpg"), own(2, "honeyJar.png"), own(3, "IMG_2044 bees.mp4", "video")) == {
        "shot3": "wax_cells-02.jpg",
        "shot1": "honeyJar.png",
        "shot2": "IMG_2044 bees.mp4",
    }


def test_side_car_text_counts() -> None:
    origin = "IMG_0001.jpg\nA bee with nectar on her way home"
    assert chosen(own(1, origin)) == {"shot2": origin}


def test_what_fits_nothing_is_left_out() -> None:
    assert chosen(own(1, "IMG_2041.jpg"), own(2, "my cat.jpg"), own(3, "bees.wav", "audio")) == {}


def test_no_picture_twice_and_no_shot_twice() -> None:
    found = match(SHOTS, LINES, [own(1, "flower.jpg"), own(2, "flowers.jpg"), own(3, "flower field.jpg")])
    assert len(set(found.values())) == len(found) == 2
    assert set(found) == {"shot1", "shot4"}


def test_the_surest_pair_goes_first_whatever_the_order() -> None:
    assets = [own(1, "flower.jpg"), own(2, "two million flowers in a jar of honey.jpg")]
    assert chosen(*assets) == chosen(*assets[::-1])
    assert chosen(*assets)["shot1"].startswith("two million")


def test_cards_that_nobody_speaks_over_take_no_picture() -> None:
    shots = (*SHOTS, Shot(id="end", scene="s1", lines=(), layout="end"))
    assert "end" not in match(shots, LINES, [own(1, "flower.jpg"), own(2, "flowers.jpg"), own(3, "flower bed.jpg")])


def test_only_the_words_that_the_shot_covers_count() -> None:
    shots = (
        Shot(id="a", scene="s1", lines=("l1",), words=(0, 6)),
        Shot(id="b", scene="s1", lines=("l1",), words=(6, 9)),
    )
    assert match(shots, LINES, [own(1, "flowers.jpg")]) == {"b": own(1, "").id}


def test_camera_names_and_counters_say_nothing() -> None:
    assert described(own(1, "C:\\photos\\DSC_0042.jpg")) == ""
    assert described(own(1, "two million flowers-3.jpeg\nTaken in May.")) == "two million flowers Taken in May."


def test_a_planned_film_takes_the_persons_pictures() -> None:
    brief = Brief(
        text="# Bees\n\nBees carry nectar home. Wax seals every cell of the comb. The end is sweet.", seconds=20
    )
    plan = Offline().plan(brief)
    assert isinstance(plan, Plan)
    words = {line.id: line.text for line in plan.script.lines}
    found = match(plan.shots, words, [own(1, "wax.jpg")])
    shot = next(shot for shot in plan.shots if shot.id in found)
    assert "Wax" in " ".join(words[line] for line in shot.lines)


def test_an_empty_film_takes_nothing() -> None:
    script = Script(title="Bees", scenes=(Scene(id="s1", heading="", lines=(Line(id="l1", text="Bees."),)),))
    assert match((), {line.id: line.text for line in script.lines}, [own(1, "bees.jpg")]) == {}
