"""The report is one page that stands alone, shows the evidence, and lets nobody's text in as markup."""

import re
from html.parser import HTMLParser
from typing import Any

import pytest

from reelwright.tools.inspect import Check, Curves, Inspection, Span
from reelwright.tools.inspect.plots import Axis, clock, timeline
from reelwright.tools.inspect.report import report
from reelwright.tools.profiles import profiles

FAULT = Check(
    name="black",
    value="1.00 s",
    target="none longer than 2 frames",
    verdict="fail",
    spans=(Span(start=2.0, end=3.0),),
    source="own rule",
)
CHECKS = (
    Check(name="loudness", value="-14.0 LUFS", target="-14 LUFS ±0.5", verdict="pass", source="EBU R128"),
    FAULT,
    Check(name="shots", value="median 6.0 s", target="2 to 5 s", verdict="warn", spans=(Span(start=0, end=6),)),
    Check(name="ledger", value="no ledger given", target="", verdict="skip"),
)
CURVES = Curves(
    loudness=tuple((n / 10, -14.0) for n in range(60)),
    luminance=tuple((n / 10, 40.0) for n in range(60)),
    shots=(Span(start=0, end=2.2), Span(start=2.2, end=6.8)),
)


class Page(HTMLParser):
    """Tags that stand open, addresses, and the words of the page."""

    VOID = frozenset({"meta", "img", "rect", "line", "polygon", "polyline", "path", "circle"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.addresses: list[str] = []
        self.words = ""
        self.tags: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in {"src", "href", "action", "xlink:href"}]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1:] != ["style"]:
            self.words += data + " "


@pytest.fixture(scope="module")
def page(bench: Any) -> Page:
    return Page(report(bench.film("clean"), Inspection(checks=CHECKS, curves=CURVES)))


def test_it_stands_alone(page: Page) -> None:
    assert page.open == ["html"] or not page.open
    assert page.addresses
    assert all(address.startswith("data:image/jpeg;base64,") for address in page.addresses)
    assert "script" not in page.tags


def test_the_verdict_comes_first_and_the_gravest_check_with_it(page: Page) -> None:
    words = " ".join(page.words.split())
    assert words.index("Not ready to deliver") < words.index("Every check")
    assert "1 check failed, 1 warning, 1 passed, 1 not measured" in words
    assert re.search(r"Black picture Fail measured 1.00 s wanted none longer than 2 frames source own rule", words)
    for word in ("Pass", "Warning", "Fail", "Not measured"):
        assert word in words


def test_each_fault_is_shown(page: Page) -> None:
    # Twelve in the strip, one along a second of black, three along the long shot.
    assert page.tags.count("img") == 12 + 1 + 3


def test_nobody_writes_markup_into_it(bench: Any) -> None:
    evil = "<script>alert(1)</script>'\"><img src=x onerror=y>"
    check = Check(name=evil, value=evil, target=evil, verdict="fail", spans=(Span(start=0, end=1),), source=evil)
    text = report(bench.film("clean"), Inspection(checks=(check,)), title=evil)
    assert "<script" not in text
    assert "<img src=x" not in text
    assert "alert(1)" in Page(text).words


def test_a_film_without_curves_or_picture_has_a_report(bench: Any) -> None:
    text = Page(report(bench.voice, Inspection(checks=CHECKS)))
    assert "img" not in text.tags
    assert "Not ready to deliver" in text.words
    assert "Nothing was measured" in Page(report(bench.voice, Inspection(checks=()))).words


def test_lanes_share_one_axis() -> None:
    axis, profile = Axis(0.0, 10.0), profiles()["shorts"]
    lanes = timeline(axis, [FAULT], CURVES, [Span(start=1, end=4)], profile)
    assert "left:20.0%;width:10.0%" in lanes
    assert "class='band fail' x='20.0'" in lanes
    assert lanes.count("preserveAspectRatio='none'") == 3
    assert timeline(axis, [], Curves(), [], profile) == ""


def test_times_are_read_like_a_players() -> None:
    assert [clock(second, 2) for second in (0.0, 9.999, 61.5)] == ["0:00.00", "0:10.00", "1:01.50"]
    assert clock(59.99) == "1:00.0"
