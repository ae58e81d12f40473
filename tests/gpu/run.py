"""Runs every test that wants a graphics card, and prints what each model took in each preset.

Run: python tests/gpu/run.py FOLDER [--device cuda:0] [--seconds 3] [--size 832x480] [--option steps=20]

FOLDER holds models in diffusers' layout, one folder each. Nothing is fetched.
"""

import argparse
import sys
from pathlib import Path

import pytest

HEAD = ("model", "preset", "seconds a clip", "with loading", "peak VRAM", "steps")


class Rows:
    """Gathers what the tests measured."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, str, float, float, int, int]] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call":
            self.rows += [value for name, value in report.user_properties if name == "clip"]  # type: ignore[misc]


def table(rows: list[tuple[str, str, float, float, int, int]]) -> str:
    """The measurements as Markdown."""
    lines = [f"| {' | '.join(HEAD)} |", f"|{'---|' * len(HEAD)}"]
    for model, preset, clip, first, memory, steps in rows:
        held = f"{memory / 1024**3:.1f} GB" if memory else "none"
        lines.append(f"| {model} | {preset} | {clip:.1f} | {first:.1f} | {held} | {steps} |")
    return "\n".join(lines)


def main(said: list[str]) -> int:
    parser = argparse.ArgumentParser(description="Try models on a graphics card.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--device", default="cuda:0")
    parser.add_argument("--seconds", default="3")
    parser.add_argument("--size", default="", help="WIDTHxHEIGHT; each family's own if not given")
    parser.add_argument("--option", action="append", default=[])
    asked = parser.parse_args(said)
    if not asked.folder.is_dir():
        print(f"There is no folder {asked.folder}.", file=sys.stderr)
        return 2
    gathered = Rows()
    flags = ["--gpu-models", str(asked.folder), "--gpu-device", asked.device, "--gpu-seconds", asked.seconds]
    flags += ["--gpu-size", asked.size] if asked.size else []
    flags += [part for each in asked.option for part in ("--gpu-option", each)]
    plain = ["-q", "-m", "gpu", "-p", "no:cacheprovider", "-p", "no:xdist", str(Path(__file__).parent)]
    code = pytest.main([*plain, *flags], plugins=[gathered])
    print(table(gathered.rows) if gathered.rows else "No model was tried: see above.")
    return int(code)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
