"""Any ComfyUI server: a workflow of yours with named places in it is filled, queued, looked after and fetched.

Knows its routes (server.py of November 2026) and the format its "Export (API)" writes; knows no node.
"""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from ...errors import ReelwrightError, ToolFailed, ToolMissing
from . import Lost, Order, Ready, State, Waiting
from .wire import File, Wire

SETTING = '[tools."video.generate.comfyui"]'
PLACES = ("prompt", "negative", "width", "height", "frames", "seconds", "rate", "seed", "first")
"""What may stand in a workflow in double braces: {{prompt}}."""
LARGEST = 4_000_000
"""Bytes of a workflow."""
_PLACE = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_VIDEO = (".mp4", ".webm", ".mkv", ".mov", ".gif", ".webp")


class Comfy:
    """A Service.

    Options: base_url, workflow (a file), workflow_first (one that begins from a picture), node (whose output is taken),
    key (sent as a bearer token, for servers behind one).
    """

    name = "comfyui"
    title = "ComfyUI"
    pace = 1.0

    def __init__(self, options: Mapping[str, str]) -> None:
        self.home = options.get("base_url", "").rstrip("/")
        self._words, self._first = options.get("workflow", ""), options.get("workflow_first", "")
        self._node, key = options.get("node", ""), options.get("key", "")
        self._headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._wire = Wire(self.title, self.home, self._headers, SETTING)

    def ready(self) -> None:
        """An address, and a workflow that can be read."""
        if not self.home or not (self._words or self._first):
            hint = f"Set base_url (such as http://127.0.0.1:8188) and workflow under {SETTING}."
            raise ToolMissing("No ComfyUI server or no workflow is set.", hint)
        for file in filter(None, (self._words, self._first)):
            workflow(Path(file))

    def create(self, order: Order) -> str:
        """Upload the picture, fill the workflow, POST /prompt."""
        file = self._first if order.first and self._first else self._words
        if not file:
            raise ToolMissing(
                "The workflow begins from a picture, and the shot has none.", f"Set workflow in {SETTING}."
            )
        values = {
            "prompt": order.prompt, "negative": order.negative, "width": order.shape.width,
            "height": order.shape.height, "frames": order.seconds * order.offer.rate + 1, "seconds": order.seconds,
            "rate": order.offer.rate, "seed": order.seed,
        }  # fmt: skip
        nodes = workflow(Path(file))
        if "first" in set(places(nodes)):
            if not order.first:
                raise ToolMissing(
                    f"{file} wants a first picture, and the shot has none.", f"Set workflow in {SETTING}."
                )
            values["first"] = self._uploaded(order.first)
        found = self._wire.ask("POST", "/prompt", {"prompt": filled(nodes, values)}, costly=True)
        return self._wire.held(found, "prompt_id")

    def look(self, number: str) -> State:
        """GET /history/ID: empty until the prompt is done; then GET /queue tells whether it is known at all."""
        found = self._wire.ask("GET", f"/history/{number}").get(number)
        if found is None:
            return self._queued(number)
        told = found.get("status") or {}
        if told.get("status_str") == "error":
            return Lost(_problem(told.get("messages") or []))
        clip = self._clip(found.get("outputs") or {})
        if clip is None:
            return Lost("the workflow saved no clip: it needs a node that saves a video.")
        query = {name: clip.get(name) or "" for name in ("filename", "subfolder")} | {
            "type": clip.get("type") or "output"
        }
        return Ready(f"{self.home}/view?{urlencode(query)}", self._headers)

    def cancel(self, number: str) -> bool:
        """Out of the queue, or interrupted, whichever it is."""
        self._wire.ask("POST", "/queue", {"delete": [number]})
        self._wire.ask("POST", "/interrupt", {"prompt_id": number})
        return True

    def _uploaded(self, picture: bytes) -> str:
        found = self._wire.ask("POST", "/upload/image", form={"image": File("first.jpg", "image/jpeg", picture)})
        if not found.get("name"):
            raise self._wire.strange("no name for the picture")
        folder = found.get("subfolder") or ""
        return f"{folder}/{found['name']}" if folder else str(found["name"])

    def _queued(self, number: str) -> State:
        found = self._wire.ask("GET", "/queue")
        rows = [*(found.get("queue_running") or []), *(found.get("queue_pending") or [])]
        if any(number in row for row in rows):
            return Waiting()
        # It may have finished between the two looks.
        if self._wire.ask("GET", f"/history/{number}").get(number) is not None:
            return Waiting()
        return Lost(
            "the server no longer knows the prompt: it was restarted, or the prompt was taken out of its queue."
        )

    def _clip(self, outputs: Mapping[str, Any]) -> dict[str, Any] | None:
        """The clip among the outputs, of the node that was named or of any; a still where there is no clip."""
        nodes = [outputs.get(self._node, {})] if self._node else list(outputs.values())
        files = [
            file
            for node in nodes
            for rows in node.values()
            if isinstance(rows, list)
            for file in rows
            if isinstance(file, dict) and file.get("filename") and file.get("type") != "temp"
        ]
        clips = [file for file in files if str(file["filename"]).lower().endswith(_VIDEO)]
        return next(iter(clips or files), None)


def workflow(path: Path) -> dict[str, Any]:
    """A workflow in the API's format, with {{prompt}} in it.

    Raises:
        ToolMissing, ToolFailed: it is not there, or is something else; the hint says how to get one.
    """
    hint = 'Save it in ComfyUI by "Export (API)" and write {{prompt}} where its words stand.'
    try:
        if path.stat().st_size > LARGEST:
            raise ToolFailed(f"{path} is too large for a workflow.", hint)
        nodes = json.loads(path.read_text("utf-8"))
    except FileNotFoundError as error:
        raise ToolMissing(f"There is no workflow {path}.", hint) from error
    except (OSError, ValueError) as error:
        raise ToolFailed(f"The workflow {path} cannot be read: {error}.", hint) from error
    if not isinstance(nodes, dict) or not all(
        isinstance(node, dict) and "class_type" in node for node in nodes.values()
    ):
        raise ToolFailed(f"{path} is not a workflow in the API's format.", hint)
    used = set(places(nodes))
    if "prompt" not in used:
        raise ToolFailed(f"{path} has no place for the words.", hint)
    if strange := sorted(used - set(PLACES)):
        raise ToolFailed(f"{path} has a place {strange[0]!r} that we cannot fill.", f"Use {', '.join(PLACES)}.")
    return nodes


def places(value: Any) -> Iterator[str]:
    """The names in double braces, however deep."""
    if isinstance(value, str):
        yield from _PLACE.findall(value)
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from places(part)


def filled(value: Any, values: Mapping[str, Any]) -> Any:
    """The same with every place filled: a place that stands alone becomes a number where the value is one.

    >>> filled({"w": "{{width}}", "t": "A film: {{prompt}}"}, {"width": 640, "prompt": 'a "boat"'})
    {'w': 640, 't': 'A film: a "boat"'}
    """
    if isinstance(value, str):
        alone = _PLACE.fullmatch(value.strip())
        return values[alone[1]] if alone else _PLACE.sub(lambda found: str(values[found[1]]), value)
    if isinstance(value, dict):
        return {name: filled(part, values) for name, part in value.items()}
    return [filled(part, values) for part in value] if isinstance(value, list) else value


def _problem(messages: list[Any]) -> str:
    """What the server's messages say went wrong."""
    for message in messages:
        if isinstance(message, list) and len(message) == 2 and message[0] == "execution_error":
            told = message[1] if isinstance(message[1], dict) else {}
            return f"{told.get('node_type', 'a node')}: {str(told.get('exception_message', 'it failed'))[:200].strip()}"
        if isinstance(message, list) and message and message[0] == "execution_interrupted":
            return "it was interrupted there."
    return "the workflow failed; its server's log says why."


def marks(options: Mapping[str, str]) -> str:
    """The workflows' own words, which belong to what identifies a clip."""
    found = []
    for name in ("workflow", "workflow_first"):
        try:
            found.append(json.dumps(workflow(Path(options[name]))) if options.get(name) else "")
        except ReelwrightError:
            found.append("")
    return "\n".join(found)
