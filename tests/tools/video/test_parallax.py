"""A still gets depth: its bottom moves further than its top, and the view never leaves the picture."""

import itertools
import pickle
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from PIL import Image

from reelwright.tools import ffmpeg
from reelwright.tools.base import Job
from reelwright.tools.errors import Refused, ToolFailed, ToolMissing
from reelwright.tools.media import Size
from reelwright.tools.video import FootageRequest
from reelwright.tools.video.depth import nearness
from reelwright.tools.video.footage import Footage
from reelwright.tools.video.parallax import COLUMNS, ROWS, passing, wanted

SIZE, ROOM = Size(width=160, height=120), Size(width=172, height=128)


def prior(picture: np.ndarray | None = None) -> np.ndarray:
    return nearness(np.zeros((8, 8, 3), np.uint8) if picture is None else picture, "", ROWS + 1, COLUMNS + 1)


@pytest.mark.parametrize("seed", range(6))
def test_the_view_stays_inside_and_the_near_moves_further(seed: int) -> None:
    view = passing(ROOM, SIZE, seed, prior())
    for part in np.linspace(0, 1, 9):
        quads = np.array([quad for _, quad in view(float(part))])
        assert quads.min() >= -1e-9
        assert quads[:, ::2].max() <= ROOM.width + 1e-9
        assert quads[:, 1::2].max() <= ROOM.height + 1e-9
    begin, end = (np.array([quad for _, quad in view(part)]) for part in (0.0, 1.0))
    top, bottom = abs(end[0, 0] - begin[0, 0]), abs(end[-COLUMNS, 2] - begin[-COLUMNS, 2])
    assert bottom > 1.8 * top > 0


def test_cells_meet_so_that_nothing_tears() -> None:
    near = np.random.default_rng(3).random((ROWS + 1, COLUMNS + 1)).astype(np.float32)
    cells = passing(ROOM, SIZE, 1, near)(0.8)
    covered = sum((right - left) * (bottom - top) for (left, top, right, bottom), _ in cells)
    assert covered == SIZE.width * SIZE.height
    for (_, one), (_, other) in itertools.pairwise(cells[:COLUMNS]):
        assert one[4:8] == (*other[2:4], *other[0:2])


def tiny(path: Path, metadata: bool = False) -> Path:
    """A DPT in small: patches, a mixing layer, a head brought back to the picture's size; its weights are random."""
    chance = np.random.default_rng(5)

    def weights(name: str, *shape: int) -> onnx.TensorProto:
        return numpy_helper.from_array(chance.normal(0, 0.2, shape).astype(np.float32), name)

    nodes = [
        helper.make_node("Conv", ["pixel_values", "patch"], ["tokens"], strides=[14, 14], kernel_shape=[14, 14]),
        helper.make_node("Relu", ["tokens"], ["seen"]),
        helper.make_node("Conv", ["seen", "mix"], ["mixed"], kernel_shape=[3, 3], pads=[1, 1, 1, 1]),
        helper.make_node("Relu", ["mixed"], ["felt"]),
        helper.make_node("Conv", ["felt", "head"], ["coarse"], kernel_shape=[1, 1]),
        helper.make_node("Resize", ["coarse", "", "scale"], ["predicted_depth"], mode="linear"),
    ]
    graph = helper.make_graph(
        nodes,
        "dpt",
        [helper.make_tensor_value_info("pixel_values", TensorProto.FLOAT, [1, 3, 56, 56])],
        [helper.make_tensor_value_info("predicted_depth", TensorProto.FLOAT, [1, 1, 56, 56])],
        [weights("patch", 8, 3, 14, 14), weights("mix", 8, 8, 3, 3), weights("head", 1, 8, 1, 1),
         numpy_helper.from_array(np.array([1, 1, 14, 14], np.float32), "scale")],
    )  # fmt: skip
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    if metadata:
        helper.set_model_props(model, {"depth_estimation_type": "metric"})
    onnx.save(model, path)
    return path


def test_a_depth_model_tells_how_near_things_are(tmp_path: Path) -> None:
    picture = np.random.default_rng(1).integers(0, 255, (90, 120, 3), dtype=np.uint8)
    told = nearness(picture, str(tiny(tmp_path / "depth.onnx")), ROWS + 1, COLUMNS + 1)
    assert told.shape == (ROWS + 1, COLUMNS + 1)
    assert told.min() >= 0
    assert told.max() <= 1
    assert told.std() > 0.02
    assert not np.allclose(told, prior())
    assert np.array_equal(told, nearness(picture, str(tmp_path), ROWS + 1, COLUMNS + 1)), "or its folder"
    metres = nearness(picture, str(tiny(tmp_path / "metric.onnx", metadata=True)), ROWS + 1, COLUMNS + 1)
    assert np.corrcoef(told.ravel(), metres.ravel())[0, 1] < -0.9, "metres are the other way round"


def test_a_model_that_is_none_is_named(tmp_path: Path) -> None:
    picture = np.zeros((8, 8, 3), np.uint8)
    with pytest.raises(ToolMissing, match="gone"):
        nearness(picture, str(tmp_path / "gone.onnx"), 3, 3)
    (tmp_path / "broken.onnx").write_bytes(b"no model")
    with pytest.raises(ToolFailed, match="broken"):
        nearness(picture, str(tmp_path / "broken.onnx"), 3, 3)
    (tmp_path / "evil.onnx").write_bytes(pickle.dumps({"a": Path}))
    with pytest.raises(Refused, match="pickle"):
        nearness(picture, str(tmp_path / "evil.onnx"), 3, 3)


def test_a_flat_answer_falls_back_to_the_prior(tmp_path: Path) -> None:
    flat = np.full((56, 56, 3), 124, np.uint8)
    assert nearness(flat, str(tiny(tmp_path / "depth.onnx")), 5, 4).std() >= 0


def test_a_panorama_stands_before_its_blurred_self(job: Job, tmp_path: Path) -> None:
    wide = np.full((100, 600, 3), (30, 160, 60), np.uint8)
    wide[:, :20], wide[:, -20:] = (230, 40, 40), (40, 40, 230)
    Image.fromarray(wide).save(tmp_path / "panorama.png")
    still = job.save(tmp_path / "panorama.png", "image", licence="own", origin="panorama.png")
    upright = Size(width=108, height=192)
    picture = Footage().run(FootageRequest(asset=still, size=upright, frames=3, seed=1), job)
    options = ["-map", "0:v", "-frames:v", "1", "-pix_fmt", "rgb24", "-f", "rawvideo"]
    data = b"".join(ffmpeg.decode(ffmpeg.Input(job.path(picture.video.id)), "", options))
    seen = np.frombuffer(data, np.uint8).reshape(192, 108, 3).astype(int)
    assert seen[96, 1, 0] > seen[96, 54, 0] + 60, "its left end is in the frame"
    assert seen[96, -2, 2] > seen[96, 54, 2] + 60, "and its right end"
    assert seen[10].std(axis=0).max() < 40, "above it stands something soft"


def test_some_stills_are_passed_and_some_pushed() -> None:
    assert 4 <= sum(wanted(seed) for seed in range(20)) <= 14


def test_a_passed_still_moves_in_every_frame_and_more_below(job: Job, tmp_path: Path) -> None:
    stripes = np.tile((np.arange(480) // 6 % 2 * 200 + 20).astype(np.uint8)[None, :, None], (360, 1, 3))
    Image.fromarray(stripes).save(tmp_path / "still.png")
    still = job.save(tmp_path / "still.png", "image", licence="own", origin="still.png")
    seed = next(seed for seed in range(50) if wanted(seed))
    picture = Footage().run(FootageRequest(asset=still, size=SIZE, frames=24, seed=seed), job)
    options = ["-map", "0:v", "-pix_fmt", "gray", "-f", "rawvideo"]
    data = b"".join(ffmpeg.decode(ffmpeg.Input(job.path(picture.video.id)), "", options))
    seen = np.frombuffer(data, np.uint8).reshape(-1, SIZE.height, SIZE.width).astype(int)
    step = np.abs(np.diff(seen, axis=0))
    assert step.mean(axis=(1, 2)).min() > 0.05
    assert step[:, -20:].mean() > 1.3 * step[:, :20].mean()
