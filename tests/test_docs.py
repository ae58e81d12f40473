"""The documents are true: docstrings run, README's graph is the graph, its commands exist."""

import doctest
import re
from importlib import import_module
from pathlib import Path

import pytest
from typer.testing import CliRunner

import reelwright
from reelwright.agent.cli import app
from reelwright.agent.graph import build

ROOT = Path(reelwright.__file__).parent
README = (ROOT / "README.md").read_text("utf-8")


def names() -> list[str]:
    files = [path for floor in ("agent", "tools", "prompts", "memory") for path in sorted((ROOT / floor).rglob("*.py"))]
    return [".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for path in files]


@pytest.mark.parametrize("name", names())
def test_docstrings_tell_the_truth(name: str) -> None:
    assert doctest.testmod(import_module(f"reelwright.{name}")).failed == 0


def test_the_picture_of_the_graph_is_the_graph() -> None:
    found = re.search(r"```mermaid\n(.*?)```", README, re.DOTALL)
    assert found
    assert found[1].strip() == build().get_graph().draw_mermaid().strip()


def test_every_command_in_the_readme_exists() -> None:
    commands = {command.callback.__name__ for command in app.registered_commands if command.callback}
    commands |= {str(group.typer_instance.info.name) for group in app.registered_groups if group.typer_instance}
    used = set(re.findall(r"^\s*(?:\$ )?reelwright ([a-z]+)", README, re.MULTILINE))
    assert used
    assert used <= commands


@pytest.mark.parametrize("command", ["make", "resume", "show", "evaluate", "brief", "tools", "doctor"])
def test_help_shows_an_example(command: str) -> None:
    result = CliRunner().invoke(app, [command, "--help"])
    assert result.exit_code == 0
    assert f"reelwright {command}" in result.output
