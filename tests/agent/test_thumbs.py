"""Three thumbnails of a real film: of its size, unlike each other, with their words in place."""

import json
from pathlib import Path

from PIL import Image

from reelwright import Studio
from reelwright.agent.shoot import handle_of
from reelwright.agent.thumbs import LOOKED_AT, views_of
from reelwright.tools.inspect.thumbs import look


def test_a_film_is_delivered_with_its_listing_and_three_thumbnails(out: Path) -> None:
    listed = json.loads((out / "listing.json").read_text())
    assert listed["title"] == "How tea is made"
    assert "#tea" in (out / "listing.md").read_text()
    pictures = [Image.open(out / f"thumb-{number}.jpg") for number in (1, 2, 3)]
    assert all(picture.size == (270, 480) for picture in pictures)
    marks = [look(picture) for picture in pictures]
    assert all((one ^ other).bit_count() >= 1 for one in marks for other in marks if one is not other)


def test_words_have_come_and_none_has_begun_to_go(studio: Studio, out: Path) -> None:
    record = studio.record
    assert record is not None
    assert record.plan is not None
    shots, rate = record.plan.shots, record.brief.rate
    views = views_of(record.plan.script, shots, record.takes, handle_of(record.brief), rate)
    assert len(views) == len(shots)
    assert views[0].words == 1.0
    for shot, view in zip(shots, views, strict=True):
        for second in view.seconds:
            frame = second * rate
            assert handle_of(record.brief) < frame < handle_of(record.brief) + shot.frames
            standing = [box for box in record.takes[shot.id].boxes if box.start + 12 <= frame <= box.end - 8]
            assert standing or not record.takes[shot.id].boxes


def test_a_long_film_is_looked_at_in_places(studio: Studio, out: Path) -> None:
    record = studio.record
    assert record is not None
    assert record.plan is not None
    many = tuple(
        shot.model_copy(update={"card": shot.card.model_copy(update={"headline": f"{number}"})})
        for number in range(40)
        for shot in record.plan.shots[:1]
    )
    assert (
        len(views_of(record.plan.script, many, record.takes, handle_of(record.brief), record.brief.rate)) == LOOKED_AT
    )
