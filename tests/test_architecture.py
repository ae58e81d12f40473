"""The rules that keep the house beautiful: layers, sizes, imports, the public face, one reader of the environment."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import reelwright
from reelwright.agent.run import serializer
from reelwright.agent.state import CHECKPOINTED

ROOT = Path(reelwright.__file__).parent
FLOORS = ("agent", "tools", "prompts", "memory")
MAY_IMPORT = {"prompts": set(), "tools": {"tools"}, "memory": {"memory", "tools"}, "agent": set(FLOORS)}
HEAVY = {"torch", "diffusers", "langgraph", "langchain", "chromadb", "moviepy", "onnxruntime", "av", "openai", "numpy"}
FACE = {
    "Brief", "Budget", "Event", "Film", "Job", "Plan", "ReelwrightError", "Registry", "Settings", "Studio", "Tool",
    "build", "serializer",
}  # fmt: skip
GPL = {"piper", "espeakng", "phonemizer", "nudenet", "yake", "html2text", "pdf2txt"}


def modules() -> list[Path]:
    return [path for floor in FLOORS for path in sorted((ROOT / floor).rglob("*.py"))]


def imported(path: Path) -> Iterator[tuple[str, ast.stmt]]:
    """Absolute dotted names that a module imports, relative ones resolved."""
    parts = ("reelwright", *path.relative_to(ROOT).with_suffix("").parts)
    package = parts[:-1]
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((name.name, node) for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            target = ".".join((*base, *(node.module or "").split("."))).strip(".")
            yield target, node
            yield from ((f"{target}.{name.name}", node) for name in node.names)


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_floor_imports_only_what_stands_below_it(path: Path) -> None:
    floor = path.relative_to(ROOT).parts[0]
    used = {name.split(".")[1] for name, _ in imported(path) if name.startswith("reelwright.")}
    assert used & set(FLOORS) <= MAY_IMPORT[floor] | {floor}


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_modules_and_functions_stay_small(path: Path) -> None:
    text = path.read_text("utf-8")
    assert text.count("\n") <= 400, "split the module"
    long = [
        f"{node.name} (to line {node.end_lineno})"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.body[0].lineno + 1 > 40
    ]
    assert not long, "split the functions"


def test_most_modules_have_at_most_300_lines() -> None:
    long = [path.name for path in modules() if path.read_text("utf-8").count("\n") > 300]
    assert len(long) <= len(modules()) // 20, long


def test_only_settings_reads_the_environment() -> None:
    readers = {
        path.name
        for path in modules()
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv", "environb"}
    }
    assert readers <= {"settings.py"}


def test_nothing_of_the_gpl_is_imported() -> None:
    for path in modules():
        assert not {name.split(".")[0] for name, _ in imported(path)} & GPL, path


def test_catching_everything_stands_at_the_one_boundary() -> None:
    catchers = [
        str(path.relative_to(ROOT))
        for path in modules()
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or (isinstance(node.type, ast.Name) and node.type.id in {"Exception", "BaseException"}))
    ]
    assert catchers == ["agent/cli/__init__.py"]


@pytest.mark.parametrize(
    "statement", ["import reelwright", "from reelwright import Brief", "import reelwright.agent.cli"]
)
def test_importing_loads_nothing_heavy(statement: str) -> None:
    script = f"{statement}\nimport sys\nprint(*sorted(name for name in sys.modules if '.' not in name))"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    assert not HEAVY & set(run.stdout.split())


def test_help_loads_nothing_heavy() -> None:
    script = (
        "import sys, runpy\nsys.argv = ['reelwright', '--help']\n"
        "try: runpy.run_module('reelwright', run_name='__main__')\nexcept SystemExit: pass\n"
        "print('LOADED', *sorted(name for name in sys.modules if '.' not in name))"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    assert "Usage" in run.stdout
    assert not (HEAVY | {"pydantic"}) & set(run.stdout.split("LOADED")[1].split())


def test_the_face_is_the_frozen_list() -> None:
    assert set(reelwright.__all__) == FACE
    for name in FACE:
        assert getattr(reelwright, name) is not None


def test_every_value_of_the_state_may_be_checkpointed() -> None:
    allowed = serializer()
    assert len(CHECKPOINTED) > 20
    for kind in CHECKPOINTED:
        assert kind.model_config.get("frozen"), kind
        assert kind.model_config.get("extra") == "forbid", kind
    assert allowed is not None


def test_every_module_says_what_it_is() -> None:
    for path in modules():
        assert ast.get_docstring(ast.parse(path.read_text("utf-8"))), path
