"""CPU that we add to a video model's pipeline, and what importing its tool costs.

Run: python tests/benchmarks/generate.py [--import]

The pipeline is a Wan of random weights, large enough that twenty steps take seconds. Four ways make the same clip, one
after another in turns: the pipeline alone as diffusers has it; the same, its frames piped into a file by one bare call
of the same ffmpeg with the same codec, as whoever wants a clip must; our session (callbacks, progress, previews); and
the whole tool (the clip at the film's size and rate, encoded, on the shelf). The session stands against the first, the
tool against both. Somebody listens to the progress and the previews.
"""

import importlib
import importlib.util
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import wraps
from pathlib import Path
from types import ModuleType
from typing import Any

from reelwright.memory.assets import AssetStore
from reelwright.tools.base import Job
from reelwright.tools.ffmpeg import binary
from reelwright.tools.media import Size
from reelwright.tools.models import Models
from reelwright.tools.video.diffusion import GenerateRequest
from reelwright.tools.video.diffusion.intake import ask_of
from reelwright.tools.video.diffusion.output import previewed
from reelwright.tools.video.diffusion.provider import Diffusion
from reelwright.tools.video.diffusion.steps import Watch

STEPS, SIZE, FRAMES, ROUNDS = 20, Size(width=128, height=128), 17, 7
PROMPT = "Old boats rest on the shore."
TOOL = "reelwright.tools.video.diffusion.provider"
TINY = Path(__file__).parents[1] / "tools" / "video" / "diffusion" / "tiny.py"


def builders() -> ModuleType:
    """The tests' builders of tiny pipelines."""
    spec = importlib.util.spec_from_file_location("tiny", TINY)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def wan(folder: Path) -> int:
    """A Wan that is some hundred times the tests' one; its number of parameters."""
    import torch

    diffusers: Any = importlib.import_module("diffusers")
    torch.manual_seed(0)
    pipeline = builders().wan(diffusers, importlib.import_module("transformers"))
    pipeline.transformer = diffusers.WanTransformer3DModel(
        patch_size=(1, 2, 2), num_attention_heads=8, attention_head_dim=32, in_channels=16, out_channels=16,
        text_dim=32, freq_dim=256, ffn_dim=1024, num_layers=6, cross_attn_norm=True,
        qk_norm="rms_norm_across_heads", rope_max_seq_len=64,
    )  # fmt: skip
    pipeline.save_pretrained(folder)
    return sum(each.numel() for each in pipeline.transformer.parameters())


def spent() -> float:
    """CPU seconds so far, of the child processes that have ended too."""
    own, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def cpu(work: Callable[[], object]) -> float:
    """CPU seconds of a call."""
    began = spent()
    work()
    return spent() - began


def apart(pipeline: Any, work: Callable[[], object]) -> tuple[float, float, float]:
    """CPU seconds of the pipeline's own code in a call of ours, of ffmpeg, and of all that is ours.

    No second run's noise is in them.
    """
    kind, own = type(pipeline), [0.0]
    real = kind.__call__

    def timed(function: Callable[..., Any], sign: int) -> Callable[..., Any]:
        @wraps(function)
        def run(*given: Any, **named: Any) -> Any:
            began = spent()
            try:
                return function(*given, **named)
            finally:
                own[0] += sign * (spent() - began)

        return run

    @wraps(real)
    def call(*given: Any, **named: Any) -> Any:
        named["callback_on_step_end"] = timed(named["callback_on_step_end"], -1)
        return timed(real, 1)(*given, **named)

    kind.__call__ = call
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    try:
        whole = cpu(work)
    finally:
        kind.__call__ = real
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    encoder = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return own[0], encoder, whole - own[0] - encoder


def alone(pipeline: Any, size: Size) -> Any:
    """What a person would write with diffusers, at the size that we choose for the film's."""
    import torch

    with torch.inference_mode():
        return pipeline(
            prompt=PROMPT, width=size.width, height=size.height, num_frames=FRAMES, num_inference_steps=STEPS,
            guidance_scale=1.0, max_sequence_length=16, output_type="np",
            generator=torch.Generator("cpu").manual_seed(3),
        )  # fmt: skip


def exported(pipeline: Any, size: Size, path: Path) -> None:
    """The same with its frames in a file, as diffusers' own export does it, but with our codec."""
    frames = (alone(pipeline, size).frames[0] * 255).round().astype("uint8")
    command = [binary(), "-y", "-loglevel", "error", "-f", "rawvideo", "-pix_fmt", "rgb24", "-r", "16"]
    command += ["-s", f"{size.width}x{size.height}", "-i", "-", "-c:v", "libx264", "-preset", "ultrafast"]
    command += ["-crf", "10", "-pix_fmt", "yuv420p", str(path)]
    subprocess.run(command, input=frames.tobytes(), check=True)


def overhead() -> None:
    import torch

    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as place:
        root = Path(place)
        weights = wan(root / "wan")
        options = {"folder": str(root / "wan"), "family": "wan21-1b", "steps": str(STEPS), "guidance": "1.0"}
        tool = Diffusion(options | {"call": json.dumps({"max_sequence_length": 16})})
        (root / "scratch").mkdir()
        told: list[Any] = []
        job = Job(
            root / "scratch", AssetStore(root / "assets"), Models.installed(None, ()), progress=told.append,
            preview=told.append,
        )  # fmt: skip
        request = GenerateRequest(prompt=PROMPT, size=SIZE, rate=Fraction(16), frames=FRAMES - 1, seed=3)
        session = tool._opened()
        pipeline = session._opened("text")
        ask = replace(ask_of(request, tool.row(), job, FRAMES), steps=STEPS, guidance=1.0)
        size = tool.row().frame(SIZE)
        alone(pipeline, size)  # what the first call warms up belongs to nobody
        ways: dict[str, Callable[[], object]] = {
            "pipeline alone": lambda: alone(pipeline, size),
            "pipeline, exported": lambda: exported(pipeline, size, root / "bare.mp4"),
            "our session": lambda: session.make(ask, _watch(job)),
            "the whole tool": lambda: tool.run(request, job),
        }
        rows: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(ROUNDS):
            for name, work in ways.items():
                rows[name].append(cpu(work))
        inside = [apart(pipeline, ways["the whole tool"]) for _ in range(ROUNDS)]
        print(f"Wan of {weights / 1e6:.1f} M weights, {size}, {FRAMES} frames, {STEPS} steps, {ROUNDS} rounds in turns")
        bare, file = (min(rows[name]) for name in ("pipeline alone", "pipeline, exported"))
        for name, took in rows.items():
            parts = f"{min(took) / bare - 1:+.1%} | {min(took) / file - 1:+.1%}"
            print(f"| {name} | {min(took):.3f} ({statistics.median(took):.3f}) | {parts} |")
        for at, name in ((1, "ffmpeg"), (2, "our own code")):
            least, middle = sorted(row[at] for row in inside)[:: ROUNDS // 2][:2]
            part = min(row[at] / row[0] for row in inside)
            print(f"in one run of the tool, {name}: {least * 1e3:.0f} ms (median {middle * 1e3:.0f}), {part:.1%}")


def _watch(job: Job) -> Any:
    return Watch(job.progress, previewed(job), job.cancelled)


def imported() -> None:
    """CPU milliseconds of importing the tool where the registry is there already, torch and diffusers out of reach.

    As installed, with its byte code beside it, and where Python has to compile it first (PYTHONDONTWRITEBYTECODE).
    """
    code = (
        "import sys, time; [sys.modules.__setitem__(name, None) for name in ('torch','diffusers','transformers',"
        "'accelerate','safetensors')]; import reelwright.tools.registry; began = time.process_time();"
        f"import {TOOL}; print((time.process_time() - began) * 1000)"
    )
    command = [sys.executable, "-c", code]
    plain = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    with tempfile.TemporaryDirectory() as place:
        compiled = plain | {"PYTHONPYCACHEPREFIX": place}
        subprocess.run(command, capture_output=True, check=True, env=compiled)
        bare = compiled | {"PYTHONPYCACHEPREFIX": f"{place}/none", "PYTHONDONTWRITEBYTECODE": "1"}
        for told, environment in (("compiled", compiled), ("to be compiled", bare)):
            runs = [subprocess.run(command, capture_output=True, check=True, env=environment) for _ in range(7)]
            took = [float(run.stdout) for run in runs]
            print(f"importing the tool, {told}: {min(took):.0f} ms CPU (median {statistics.median(took):.0f})")


if __name__ == "__main__":
    imported()
    if "--import" not in sys.argv:
        overhead()
