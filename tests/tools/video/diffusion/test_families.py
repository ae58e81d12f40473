"""Rows of the registry: their classes and arguments exist, and their tiny pipelines make clips through our own door."""

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import diffusers
import numpy as np
import pytest
from numpy.typing import NDArray

from reelwright.memory.assets import AssetStore
from reelwright.tools.base import Job
from reelwright.tools.errors import ToolFailed
from reelwright.tools.media import Asset, Size
from reelwright.tools.models import Models
from reelwright.tools.video.diffusion import Generated, GenerateRequest
from reelwright.tools.video.diffusion.families import Family, Mode, families

pytestmark = [
    pytest.mark.xdist_group("diffusion"),
    # diffusers and torch speak to their own authors
    pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning"),
]
Generate = Callable[..., Generated]
Seen = Callable[[Asset], NDArray[np.int16]]
MODES = get_args(Mode)


def wanted(row: Family, mode: Mode) -> set[str]:
    """What a class must be called with, in its own words."""
    found = {"num_inference_steps", "generator", "output_type"}
    if row.pipeline(mode) != "HunyuanVideo15ImageToVideoPipeline":  # its size follows from the picture
        found |= {"width", "height"}
    if mode != "video" and not row.still and row.pipeline(mode) != "CogVideoXFunControlPipeline":  # as long as its map
        found |= {"num_frames"}
    if mode == "ends":
        found |= {"conditions"} if row.condition else {"video", "mask"} if row.canvas else {"image", "last_image"}
    elif mode == "image":
        found |= {"video", "mask"} if row.canvas else {"image"}
    elif mode == "control":
        found |= {"video", "mask"} if row.canvas else {"control"}
    elif mode == "video":
        found |= {"video"}
    if row.name not in ("svd",):
        found |= {"prompt"}
    return {row.names.get(name, {"control": "control_video"}.get(name, name)) for name in found}


def test_every_row_names_classes_that_take_what_they_are_called_with() -> None:
    problems = list[str]()
    for row in families().values():
        for mode in MODES:
            name = row.pipeline(mode)
            if not name:
                continue
            taken = set(inspect.signature(getattr(diffusers, name).__call__).parameters)
            own = {*row.call, *row.parts}
            problems += [f"{row.name} {mode} {name}: {each}" for each in sorted((wanted(row, mode) | own) - taken)]
        if row.base:
            assert hasattr(diffusers, row.base)
        if row.beside:
            assert hasattr(diffusers, row.beside)
    assert not problems


def test_renamed_arguments_are_those_of_one_of_the_rows_classes() -> None:
    for row in families().values():
        kinds = [getattr(diffusers, row.pipeline(mode)) for mode in MODES if row.pipeline(mode)]
        taken = {name for kind in kinds for name in inspect.signature(kind.__call__).parameters}
        assert set(row.names.values()) <= taken, row.name


def test_conditions_are_classes_beside_their_pipelines() -> None:
    for row in families().values():
        if row.condition is not None:
            kind = getattr(inspect.getmodule(getattr(diffusers, row.ends)), row.condition.kind)
            assert {row.condition.picture, row.condition.at} <= set(inspect.signature(kind).parameters)


@pytest.mark.parametrize(
    ("name", "family", "options"),
    [
        ("vace", "wan21-vace-1b", {}),
        ("skyreels", "skyreels-v2", {}),
        ("sana", "sana-video", {}),
        ("mochi", "mochi", {}),
        ("latte", "latte", {}),
        ("anyflow", "anyflow", {}),
        ("helios", "helios", {}),
        ("stable", "text2video-zero", {"guidance": "7.5", "steps": "3"}),
        ("still_xl", "sdxl", {}),
        ("z_image", "z-image", {}),
        ("amused", "amused", {}),
        ("hunyuan15", "hunyuan-video-15", {}),
    ],
)
def test_words_become_a_clip(generate: Generate, pixels: Seen, name: str, family: str, options: dict[str, str]) -> None:
    made = generate(name, family, options)
    seen = pixels(made.video)
    assert seen.shape == (9, 64, 64, 3)
    assert made.family == family
    assert made.notes == ()
    assert seen.std() > 1


def test_a_family_of_one_length_is_trimmed(generate: Generate, pixels: Seen) -> None:
    """Its decoder leaves pictures smaller than a tile of 320 pixels empty: here only the way there is run."""
    assert pixels(generate("allegro", "allegro").video).shape == (9, 64, 64, 3)


def test_a_picture_becomes_a_clip_without_words(generate: Generate, picture: Any, pixels: Seen) -> None:
    seen = pixels(generate("svd", "svd", first=picture((200, 40, 40))).video)
    assert seen.shape == (9, 64, 64, 3)
    assert np.abs(seen[0] - np.array((200, 40, 40))).mean() < 6


def test_a_family_of_discrete_tokens_tells_its_steps_and_hears_a_stop(
    local: Any, shelf: AssetStore, tmp_path: Path
) -> None:
    """Its pipeline takes no callback: the scheduler's steps are counted."""
    provider = local("amused", "amused", frozenset({("steps", "4")}))
    request = GenerateRequest(prompt="a boat", size=Size(width=64, height=64), frames=5)
    told = list[float]()
    (tmp_path / "scratch").mkdir()
    provider.run(request, Job(tmp_path / "scratch", shelf, Models.installed(None, ()), progress=told.append))
    assert told[:4] == [0.25, 0.5, 0.75, 1.0]
    told.clear()
    with pytest.raises(ToolFailed, match="cancelled"):
        provider.run(
            request,
            Job(
                tmp_path / "scratch",
                shelf,
                Models.installed(None, ()),
                progress=told.append,
                cancelled=lambda: bool(told),
            ),
        )
    assert len(told) == 1


def test_guidance_reaches_a_pipeline_that_holds_it_itself(local: Any, job: Job) -> None:
    provider = local("hunyuan15", "hunyuan-video-15", frozenset({("guidance", "3.5")}))
    told = provider.run(GenerateRequest(prompt="a boat", size=Size(width=64, height=64), frames=5), job)
    assert provider._opened()._opened("text").guider.guidance_scale == 3.5
    assert told.steps == 2


def test_with_motion_off_each_frame_is_the_still_models(model: Any) -> None:
    """The motion modules add nothing: the video model is then the picture model, frame by frame."""
    import torch

    from reelwright.tools.video.diffusion.loader import load, turned
    from reelwright.tools.video.diffusion.presets import Machine

    here = Machine(device="cpu", memory=8, dtype="float32")
    video, still = load(model("animatediff"), here), load(model("stable"), here)
    for name, part in video.unet.named_modules():
        if name.endswith("proj_out") and "motion_modules" in name:
            torch.nn.init.zeros_(part.weight)
            torch.nn.init.zeros_(part.bias)
    still.unet.load_state_dict({name: part for name, part in video.unet.state_dict().items() if "motion" not in name})
    still.vae, still.text_encoder, still.scheduler = video.vae, video.text_encoder, video.scheduler
    noise = torch.randn((1, 4, 3, 8, 8), generator=torch.Generator().manual_seed(2))
    asked = {"prompt": "a boat", "num_inference_steps": 2, "guidance_scale": 3.0, "height": 16, "width": 16}
    clip = video(**asked, num_frames=3, latents=noise.clone(), output_type="np").frames[0]
    for at in range(3):
        picture = still(**asked, latents=noise[:, :, at].clone(), output_type="np").images[0]
        assert np.abs(clip[at] - picture).max() < 1 / 255
    assert turned(video, families()["animatediff"], "text", here) is video
