"""What is tried on a graphics card: the models of a folder in each preset that fits, where somebody names a folder."""

from pathlib import Path

import pytest

MISSING = "needs a graphics card and models: python tests/gpu/run.py FOLDER"


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("gpu")
    group.addoption("--gpu-models", help="a folder with models in diffusers' layout, one folder each")
    group.addoption("--gpu-device", default="cuda:0", help="as torch calls it")
    group.addoption("--gpu-option", action="append", default=[], help="NAME=VALUE of video.generate.local")
    group.addoption("--gpu-size", default="", help="WIDTHxHEIGHT; the family's own if not given")
    group.addoption("--gpu-seconds", type=float, default=3.0, help="length of a clip")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    place = metafunc.config.getoption("gpu_models", default=None)
    rows = _presets(Path(place), metafunc.config.getoption("gpu_device")) if place else []
    skip = pytest.param(Path(), "", marks=pytest.mark.skip(reason=MISSING))
    if "preset" in metafunc.fixturenames:
        metafunc.parametrize(("folder", "preset"), rows or [skip], ids=lambda value: getattr(value, "name", value))
    elif "folder" in metafunc.fixturenames:
        folders = sorted({row[0] for row in rows})
        metafunc.parametrize("folder", folders or [pytest.param(Path(), marks=pytest.mark.skip(reason=MISSING))])


def _presets(place: Path, device: str) -> list[tuple[Path, str]]:
    from reelwright.tools.video.diffusion.loader import INDEX, inspected
    from reelwright.tools.video.diffusion.presets import machine, tiers

    folders = sorted(index.parent for index in place.glob(f"*/{INDEX}"))
    here = machine(device)
    return [(folder, preset.name) for folder in folders for preset in tiers(inspected(folder)[1], here)]


@pytest.fixture
def options(request: pytest.FixtureRequest, folder: Path) -> dict[str, str]:
    """The provider's options, but for the preset."""
    said = dict(each.split("=", 1) for each in request.config.getoption("gpu_option"))
    return {"folder": str(folder), "devices": request.config.getoption("gpu_device")} | said
