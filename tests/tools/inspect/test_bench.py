"""A clean film raises nothing; each broken one is found by its own check and by no other."""

from pathlib import Path
from typing import Any

import pytest

from reelwright.tools.inspect import PlacedText
from reelwright.tools.inspect.film import NAMES, worst

UNKNOWN = {
    *("voice_over_music", "captions", "caption_timing", "caption_cuts", "sizes", "moving", "pace", "words", "ledger"),
    "reference",
}
FLICKER = "drawbox=enable='between(n,80,112)*lt(mod(n,6),3)':color=white:t=fill"
AGAIN = "split[a][b];[a]trim=end_frame=138[c];[b]trim=end_frame=66,setpts=PTS-STARTPTS{change}[d];[c][d]concat"
LEAP = "crop=216:384:x='if(lt(n,100),0,{0})':y='if(lt(n,100),0,{0})',scale=270:480,setsar=1"
BOIL = "null[a];color=gray:s=27x48:r=30:d=6.8,noise=alls=100:allf=t,scale=270:480,format=yuv420p,setsar=1[b];"
FILMS: dict[str, tuple[set[str], dict[str, Any]]] = {
    "too loud": ({"loudness"}, {"audio": "volume=6dB"}),
    "too quiet": ({"loudness"}, {"audio": "volume=-6dB"}),
    "clipped": ({"clipping", "peak"}, {"audio": "volume=-1dB,volume=enable='between(t,3,3.08)':volume=22dB"}),
    "late sound": ({"sync"}, {"audio": "atrim=end=6.8", "sound_options": ("-itsoffset", "0.08")}),
    "sound ends early": ({"duration"}, {"audio": "atrim=end=6.4"}),
    "black second": ({"black"}, {"video": "drawbox=enable='between(n,95,124)':color=black:t=fill"}),
    "frozen": ({"freeze"}, {"video": "loop=loop=42:size=1:start=90,trim=end_frame=204"}),
    "letterbox": ({"bars"}, {"video": "crop=270:376,pad=270:480:0:52"}),
    "pillarbox": ({"bars"}, {"video": "crop=214:480,pad=270:480:28:0"}),
    "flashing": ({"flash"}, {"video": FLICKER}),
    "wrong tags": (
        {"colour"},
        {"tags": "setparams=range=tv:color_primaries=smpte170m:color_trc=bt709:colorspace=bt709"},
    ),
    "no tags": (
        {"colour"},
        {"tags": "setparams=range=unknown:color_primaries=unknown:color_trc=unknown:colorspace=unknown"},
    ),
    "ten bits": ({"colour"}, {"pixels": "yuv420p10le"}),
    "variable rate": ({"container"}, {"video": "select='mod(n,5)'", "options": ("-fps_mode", "vfr")}),
    "index at the end": ({"container"}, {"faststart": False}),
    "repeated": ({"variety"}, {"video": AGAIN.format(change="")}),
    "repeated under other words": (
        {"variety"},
        {"video": AGAIN.format(change=",drawbox=x=30:y=330:w=200:h=40:color=white:t=fill")},
    ),
    "too long": ({"duration"}, {"video": "setpts=1.12*PTS,fps=30", "audio": "atempo=0.892857"}),
    "long silence": ({"silence"}, {"audio": "volume=enable='between(t,2,4)':volume=0"}),
    "silent end": ({"silence"}, {"audio": "volume=enable='gt(t,5)':volume=0"}),
    "flickering light": ({"flicker"}, {"video": "eq=brightness='0.02*sin(20*PI*t)':eval=frame"}),
    "a jump inside a shot": ({"jumps"}, {"video": LEAP.format(50)}),
    "a small jump": ({"jumps"}, {"video": LEAP.format(14)}),
    "boiling": ({"warping"}, {"video": f"{BOIL}[a]setsar=1[c];[c][b]blend=all_mode=overlay"}),
    "grey text": ({"contrast"}, {"video": "lutyuv=y='val*0.2+100'"}),
}


def broken(bench: Any, name: str) -> Path:
    """The film with that fault, made once a run, whichever test asks first."""
    path: Path = bench.film(name.replace(" ", "-"), **FILMS[name][1])
    return path


def failed(checks: dict[str, Any]) -> set[str]:
    return {name for name, check in checks.items() if check.verdict == "fail"}


def test_a_clean_film_raises_nothing(bench: Any, clean: Path) -> None:
    checks = bench.check(clean, boxes=(bench.title,))
    assert tuple(checks) == NAMES
    assert worst(list(checks.values())) == "pass", [check for check in checks.values() if check.verdict != "pass"]
    skipped = {name for name, check in checks.items() if check.verdict == "skip"}
    assert skipped == UNKNOWN


@pytest.mark.parametrize("name", FILMS)
def test_a_broken_film_is_found_by_its_own_check(bench: Any, name: str) -> None:
    wanted, _ = FILMS[name]
    boxes = (bench.title,) if "contrast" in wanted else ()
    # Where a leap is as great as a cut, only the plan can tell them apart.
    cuts = bench.cuts if name == "a jump inside a shot" else None
    checks = bench.check(broken(bench, name), boxes=boxes, cuts=cuts)
    assert failed(checks) == wanted, [check for check in checks.values() if check.verdict == "fail"]


def test_evidence_names_the_seconds(bench: Any) -> None:
    black = bench.check(broken(bench, "black second"))["black"].spans[0]
    frozen = bench.check(broken(bench, "frozen"))["freeze"].spans[0]
    again = bench.check(broken(bench, "repeated"))["variety"].spans[0]
    assert (black.start, black.end) == pytest.approx((95 / 30, 125 / 30), abs=0.04)
    assert (frozen.start, frozen.end) == pytest.approx((90 / 30, 133 / 30), abs=0.08)
    assert again.start == pytest.approx(138 / 30, abs=0.04)


def test_text_under_the_interface(bench: Any, clean: Path) -> None:
    low = PlacedText(text="Buried", left=40, top=400, right=200, bottom=440, start=10, end=60)
    check = bench.check(clean, boxes=(bench.title, low))["safe_area"]
    assert (check.verdict, check.spans[0].end) == ("fail", 2.0)
    assert "“Buried” 65 px into the bottom" in check.value


def test_ten_bit_text_is_seen(bench: Any) -> None:
    assert bench.check(bench.film("ten-bits"), boxes=(bench.title,))["contrast"].verdict == "pass"
