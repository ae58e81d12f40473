"""mind.chat: LangChain's chat models as one tool, asked for JSON by schema, by tool or in words.

Knows chat models; knows nothing about what a good answer is. A refusal is a failure, an answer cut short an Answer.
"""

import base64
import json
import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..base import Cost, Device, Job
from ..errors import ToolFailed
from ..media import Asset
from . import Answer, Options, Question, Way
from .failures import failure, families, unfit
from .opening import open_model
from .prices import money, price, tokens_of

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessage

WAYS: tuple[Way, ...] = ("schema", "tools", "plain")
_METHODS = {"schema": "json_schema", "tools": "function_calling"}
_CUT = {"length", "max_tokens"}
_REFUSED = {"content_filter", "refusal", "safety", "prohibited_content", "blocklist", "spii", "recitation"}
SECONDS = 20.0
"""What a call is expected to take."""


class Chat:
    """mind.chat. Models by name are opened when they are first asked; objects were handed in."""

    name = "mind.chat"
    version = "2"
    models: tuple[str, ...] = ()
    device: Device = "net"
    result = Answer

    def __init__(self, options: Mapping[str, Options], objects: "Mapping[str, BaseChatModel] | None" = None) -> None:
        """`options` by model name; `objects` are chat models by the label that questions name them by."""
        self._options, self._objects = dict(options), dict(objects or {})
        self._ways: dict[str, Way] = {}
        self._lock = threading.Lock()

    def ready(self) -> None:
        """A name is looked up when it is first asked."""

    def quote(self, request: Question) -> Cost:
        """As if the whole of max_tokens were said; nothing where no price is known."""
        rate = price(request.model, self._of(request.model))
        return Cost(money=money(rate, tokens_of(request), request.max_tokens), seconds=SECONDS)

    def run(self, request: Question, job: Job) -> Answer:
        """One turn.

        Raises:
            ToolBusy: the endpoint may answer later, and says when if it can.
            ToolFailed: it refused, or will never answer.
            ToolMissing: the model's package is not installed.
        """
        model = self._open(request.model)
        messages = _messages(request, job)
        ways = self._ways_of(request)
        for at, way in enumerate(ways):
            try:
                raw = self._say(model, messages, request, way, job)
            except families() as error:
                cut = getattr(error, "completion", None)
                if cut is not None:  # openai raises on an answer that was cut or filtered
                    return self._from_completion(request, cut, way)
                if unfit(error) and at + 1 < len(ways):
                    continue
                raise failure(error, request.model) from error
            self._ways[request.model] = way
            return self._answer(request, raw, way)
        raise AssertionError("unreachable: the last way returns or raises")

    def _of(self, label: str) -> Options:
        return self._options.get(label, Options())

    def _ways_of(self, request: Question) -> tuple[Way, ...]:
        wanted = self._of(request.model).way
        if not request.shape:
            return ("plain",)
        first = self._ways.get(request.model, "schema") if wanted == "auto" else wanted
        return WAYS[WAYS.index(first) :] if wanted == "auto" else (first,)

    def _open(self, label: str) -> "BaseChatModel":
        with self._lock:
            if label not in self._objects:
                self._objects[label] = open_model(label, self._of(label))
            return self._objects[label]

    def _say(self, model: "BaseChatModel", messages: Any, request: Question, way: Way, job: Job) -> "AIMessage":
        asked: Any = model
        if way == "plain":
            messages = _spelled(messages, request.spelled)
        else:
            asked = model.with_structured_output(json.loads(request.shape), method=_METHODS[way], include_raw=True)
        if not self._of(request.model).stream:
            reply = asked.invoke(messages)
            answer: AIMessage = reply["raw"] if isinstance(reply, dict) else reply
            return answer
        whole: Any = None
        for piece in asked.stream(messages):
            if job.cancelled():
                raise ToolFailed("Stopped in the middle of an answer.")
            part = piece.get("raw") if isinstance(piece, dict) else piece
            whole = part if whole is None else whole if part is None else whole + part
        if whole is None:
            raise ValueError("the stream was empty")
        said: AIMessage = whole
        return said

    def _answer(self, request: Question, raw: "AIMessage", way: Way) -> Answer:
        usage: Any = raw.usage_metadata or {}
        about = raw.response_metadata or {}
        reason = str(about.get("finish_reason") or about.get("stop_reason") or about.get("done_reason") or "").lower()
        calls = raw.tool_calls
        text = json.dumps(calls[0]["args"], ensure_ascii=False) if calls else str(raw.text)
        refusal = raw.additional_kwargs.get("refusal") or _block(raw.content, "refusal")
        asked, said = int(usage.get("input_tokens", 0)), int(usage.get("output_tokens", 0))
        return self._counted(request, text, asked, said, reason, way, refusal)

    def _from_completion(self, request: Question, completion: Any, way: Way) -> Answer:
        choice, usage = completion.choices[0], completion.usage
        asked, said = (usage.prompt_tokens, usage.completion_tokens) if usage else (0, 0)
        return self._counted(request, choice.message.content or "", asked, said, choice.finish_reason, way, "")

    def _counted(
        self, request: Question, text: str, asked: int, said: int, reason: str, way: Way, refusal: str
    ) -> Answer:
        rate = price(request.model, self._of(request.model))
        if not asked + said:  # an endpoint that counts nothing is counted by us
            asked, said = tokens_of(request), -(-len(text.encode()) // 3)
        cost = money(rate, asked, said)
        if refusal or reason in _REFUSED:
            words = " ".join(str(refusal or reason).split())[:200]
            refused = ToolFailed(f"The model {request.model} refused: {words}", "Word the brief otherwise.")
            refused.money = cost
            raise refused
        return Answer(text=text, tokens=asked + said, asked=asked, said=said, cut=reason in _CUT, way=way, money=cost)


def _messages(request: Question, job: Job) -> list[dict[str, Any]]:
    """The turns as LangChain takes them; pictures stand in the first as data URLs."""
    found: list[dict[str, Any]] = [{"role": role, "content": text} for role, text in request.messages]
    if request.images:
        blocks = [_picture(asset, job) for asset in request.images]
        found[0]["content"] = [{"type": "text", "text": found[0]["content"]}, *blocks]
    return found


def _picture(asset: Asset, job: Job) -> dict[str, Any]:
    kind = "jpeg" if asset.format == "jpg" else asset.format
    data = base64.b64encode(job.path(asset.id).read_bytes()).decode()
    if asset.kind == "video":
        return {"type": "video", "base64": data, "mime_type": f"video/{kind}"}
    return {"type": "image_url", "image_url": {"url": f"data:image/{kind};base64,{data}"}}


def _spelled(messages: list[dict[str, Any]], words: str) -> list[dict[str, Any]]:
    """The shape of the answer said in words, at the end of the first turn."""
    if not words:
        return messages
    first = dict(messages[0])
    content = first["content"]
    if isinstance(content, str):
        first["content"] = f"{content}\n\n{words}"
    else:
        first["content"] = [{"type": "text", "text": f"{content[0]['text']}\n\n{words}"}, *content[1:]]
    return [first, *messages[1:]]


def _block(content: Any, kind: str) -> str:
    """The words of a content block of that kind."""
    if isinstance(content, list):
        for block in content:
            if isinstance(block, dict) and block.get("type") == kind:
                return str(block.get(kind, kind))
    return ""
