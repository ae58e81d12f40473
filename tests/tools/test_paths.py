import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from reelwright.tools.errors import Refused
from reelwright.tools.paths import inside


@pytest.mark.parametrize("name", ["film.mp4", "out/film.mp4", "Бджола ü 蜂.png", ".hidden", "a b.txt", "common.txt"])
def test_plain_names_stay(tmp_path: Path, name: str) -> None:
    assert inside(tmp_path, name) == tmp_path.resolve() / name


@pytest.mark.parametrize(
    "name",
    [
        "", " ", ".", "..", "../x", "a/../../x", "a/./b", "a//b", "a/", "/etc/passwd", "~/x", "C:\\x", "C:x", "a\\b",
        "a\0b", "a\nb", "-rf", "a/-rf", "con", "NUL.txt", "a/com1.png", "LPT¹", "x.", "x ", "a?b", "a*b", "x" * 256,
    ],
)  # fmt: skip
def test_hostile_names_are_refused_by_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(Refused) as caught:
        inside(tmp_path, name)
    assert repr(name[:100]) in caught.value.message


def test_links_may_stay_but_not_leave(tmp_path: Path) -> None:
    root = tmp_path / "root"
    (root / "real").mkdir(parents=True)
    (root / "near").symlink_to("real")
    (root / "away").symlink_to(tmp_path)
    (root / "loop").symlink_to("loop")
    assert inside(root, "near/x") == root.resolve() / "real" / "x"
    for name in ("away", "away/x", "loop/x"):
        with pytest.raises(Refused):
            inside(root, name)


def test_the_root_may_be_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    assert inside(tmp_path / "link", "x") == (tmp_path / "real").resolve() / "x"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=30))
@example("\ud800")
def test_any_text_lands_inside_or_is_refused(tmp_path: Path, name: str) -> None:
    try:
        place = inside(tmp_path, name)
    except Refused:
        return
    assert place.is_relative_to(tmp_path.resolve())
    assert place != tmp_path.resolve()
    os.fsencode(place)
