"""Every palette reads, whatever text is set on it."""

import pytest

from reelwright.tools.errors import ToolFailed
from reelwright.tools.video.motion.styles import (
    Palette,
    contrast,
    luminance,
    motifs_for,
    palette,
    palette_for,
    sheet,
    sheets,
)

PALETTES = {each.name: each for name in sheets() for each in sheet(name).palettes}
GROUNDS = ("ground", "shade", "glow", "tint", "panel")


@pytest.mark.parametrize("colours", PALETTES.values(), ids=PALETTES)
@pytest.mark.parametrize("role", GROUNDS)
def test_text_reads_on_every_ground(colours: Palette, role: str) -> None:
    behind = getattr(colours, role)
    assert contrast(colours.ink, behind) >= 7
    assert contrast(colours.muted, behind) >= 4.5
    assert contrast(colours.accent, behind) >= 3
    assert contrast(colours.accent2, behind) >= 3


@pytest.mark.parametrize("name", sheets())
def test_every_sheet_has_palettes_that_differ(name: str) -> None:
    grounds = [each.ground for each in sheet(name).palettes]
    assert len(grounds) >= 3
    assert len(set(grounds)) == len(grounds)


def test_contrast_is_wcag() -> None:
    assert contrast("#FFFFFF", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)
    assert luminance("#FF0000") == pytest.approx(0.2126)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("How bees make honey", "honey"),
        ("Why the ocean is salty", "lagoon"),
        ("What software does with your money", "indigo"),
        ("Wie der Wald atmet", "forest"),
        ("Planets and their moons", "cosmos"),
    ],
)
def test_the_topic_chooses_the_palette(text: str, wanted: str) -> None:
    assert palette_for(sheet("clean"), text).name == wanted


def test_the_topic_brings_its_background_to_the_front() -> None:
    of = sheet("clean")
    assert motifs_for(of, "How bees make honey")[0] == "honeycomb"
    assert motifs_for(of, "It has been said") == of.motifs
    assert sorted(motifs_for(of, "the weather in the mountains")) == sorted(of.motifs)


def test_without_a_topic_the_seed_chooses() -> None:
    of = sheet("clean")
    assert palette_for(of, "It has been said", seed=2) == palette(of, 2) == of.palettes[2]
    assert {palette(of, seed).name for seed in range(20)} == {each.name for each in of.palettes}


def test_an_unknown_sheet_names_the_known_ones() -> None:
    with pytest.raises(ToolFailed, match="clean"):
        sheet("baroque")
