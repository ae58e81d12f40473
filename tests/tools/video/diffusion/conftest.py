"""Tiny pipelines with random weights: the real classes, built in memory once, saved and loaded as real ones are."""

import json
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from functools import cache
from importlib import import_module
from pathlib import Path
from runpy import run_path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from reelwright.tools.base import Job
from reelwright.tools.ffmpeg import Input, decode, probe
from reelwright.tools.media import Asset, Size
from reelwright.tools.video.diffusion import Generated, GenerateRequest
from reelwright.tools.video.diffusion.provider import Diffusion

Model = Callable[[str], Path]
Local = Callable[[str, str, frozenset[tuple[str, str]]], Diffusion]
Generate = Callable[..., Generated]
Picture = Callable[..., Asset]
Seen = Callable[[Asset], NDArray[np.int16]]
HERE = Path(__file__).parent
SMALL = Size(width=64, height=64)
LTX2 = {
    "max_sequence_length": 16, "stg_scale": 0, "modality_scale": 1, "audio_guidance_scale": 1, "audio_stg_scale": 0,
    "audio_modality_scale": 1, "spatio_temporal_guidance_blocks": None, "use_cross_timestep": False, "image_crf": 0,
}  # fmt: skip
"""What a model of two layers needs: guidance that skips a layer has none to skip."""
CALLS: dict[str, dict[str, Any]] = {
    "ltx2": LTX2,
    "hunyuan": {"prompt_template": {"template": "{}", "crop_start": 0}},
    "framepack": {"prompt_template": {"template": "{}", "crop_start": 0}, "latent_window_size": 3},
}  # fmt: skip


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> Iterator[None]:
    """Two threads on a busy machine cost ten times one."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Model:
    """The folder of a tiny model by its name; each is built when it is first asked for."""
    folder = tmp_path_factory.mktemp("tiny")
    builders = run_path(str(HERE / "tiny.py"))["BUILDERS"] | run_path(str(HERE / "tiny_more.py"))["BUILDERS"]

    @cache
    def build(name: str) -> Path:
        import torch

        torch.manual_seed(0)
        builders[name](import_module("diffusers"), import_module("transformers")).save_pretrained(folder / name)
        return folder / name

    return build


@pytest.fixture(scope="session")
def local(model: Model) -> Local:
    """A provider by its tiny model's name, its family and its options; each is opened once."""

    @cache
    def opened(name: str, family: str, options: frozenset[tuple[str, str]]) -> Diffusion:
        call = json.dumps({"max_sequence_length": 16} | CALLS.get(name, {}))
        given = {"folder": str(model(name)), "family": family, "steps": "2", "guidance": "1.0", "call": call}
        return Diffusion(given | dict(options))

    return opened


@pytest.fixture
def generate(local: Local, job: Job) -> Generate:
    """A clip by a tiny model: its name, its family, the provider's options, and what the request has beside words."""

    def made(name: str, family: str, options: Mapping[str, str] | None = None, **asked: Any) -> Generated:
        request = {"prompt": "a red boat", "size": SMALL, "rate": Fraction(24), "frames": 9, "seed": 3} | asked
        provider = local(name, family, frozenset((options or {}).items()))
        return provider.run(GenerateRequest.model_validate(request), job)

    return made


@pytest.fixture
def picture(job: Job, tmp_path: Path) -> Picture:
    """A still of one colour, or of pixels, as an asset."""
    from PIL import Image

    def saved(content: Any, size: tuple[int, int] = (64, 64)) -> Asset:
        path = tmp_path / "given.png"
        (Image.new("RGB", size, content) if isinstance(content, tuple) else Image.fromarray(content)).save(path)
        return job.save(path, "image", licence="own", origin="given.png")

    return saved


@pytest.fixture
def pixels(job: Job) -> Seen:
    """An asset's frames, (N, height, width, 3)."""

    def seen(asset: Asset) -> NDArray[np.int16]:
        path = job.path(asset.id)
        stream = probe(path).video
        assert stream is not None
        raw = b"".join(decode(Input(path), "", ["-f", "rawvideo", "-pix_fmt", "rgb24"]))
        return np.frombuffer(raw, np.uint8).reshape(-1, stream.height, stream.width, 3).astype(np.int16)

    return seen
