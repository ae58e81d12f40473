"""The one door for everything that costs or touches the world: policy, cache, budget, retry, fallback, events.

Knows nothing about what a request means.
"""

import contextvars
import hashlib
import json
import os
import shutil
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from opentelemetry import trace
from pydantic import BaseModel, ValidationError

from ..memory.assets import AssetStore
from ..memory.cache import ResultCache
from ..tools.base import Cost, Job, Licensed, Priced, Tool, Weights
from ..tools.errors import Declined, ReelwrightError, ToolBusy, ToolError, ToolFailed, ToolMissing
from ..tools.media import Asset
from ..tools.registry import Capability, Registry
from .budget import Ledger
from .errors import Stopped
from .events import Event, Preview, Spent, Stage, Took, Warned, Working
from .policy import Policy

Req = TypeVar("Req", bound=BaseModel)
Res = TypeVar("Res", bound=BaseModel)
TRIES = 3
"""Attempts at a busy provider before the next one is asked."""
PATIENCE = 60.0
"""Seconds that a busy provider may ask us to wait; one that asks for more is given up."""
STEP = 0.04
"""Progress smaller than this is not told."""
_tracer = trace.get_tracer("reelwright")


@dataclass(frozen=True)
class Delivery(Generic[Res]):
    """What came through the door."""

    result: Res
    tool: str
    key: str
    cost: Cost
    cached: bool


@dataclass
class Door:
    """Calls tools. One per Studio; its methods are safe from many threads."""

    registry: Registry
    cache: ResultCache
    weights: Weights
    ledger: Ledger
    policy: Policy
    scratch: Path
    emit: Callable[[Event], None]
    cancelled: Callable[[], bool]
    jobs: int
    cards: int = 1
    """Graphics cards that share the queue."""

    def __post_init__(self) -> None:
        """Make the limiters and locks."""
        places = {"cpu": self.jobs, "gpu": self.cards}
        self._devices = {device: threading.BoundedSemaphore(count) for device, count in places.items()}
        self._guard = threading.Lock()
        self._keys: dict[str, threading.Lock] = defaultdict(threading.Lock)
        self._gone: set[str] = set()

    @property
    def assets(self) -> AssetStore:
        """The project's shelf."""
        return self.cache.assets

    def call(
        self,
        capability: Capability[Req, Res],
        request: Req,
        *,
        target: str = "",
        stage: Stage = "shoot",
        without: Collection[str] = (),
    ) -> Delivery[Res]:
        """Ask the capability's providers in order, but for those named in `without`, until one delivers.

        Raises:
            Refused: the policy or the tool will not do it.
            BudgetExceeded: it does not fit.
            Stopped: the user stopped.
            ToolError: no provider could do it; the message says why each could not.
        """
        self.policy.admit(request, (tool.name for tool in self.registry.tools()))
        failures: list[ToolError] = []
        for tool in self.registry.providers(capability):
            if tool.name in without:
                continue
            try:
                delivery = self._ask(tool, capability.result, request, target, stage)
            except Declined as error:
                failures.append(error)
                continue
            except ToolError as error:
                failures.append(error)
                self._tell_once(tool.name, target, error)
                continue
            return delivery
        hint = next((failure.hint for failure in failures if failure.hint), "")
        missing = all(isinstance(failure, ToolMissing) for failure in failures)
        reasons = " ".join(failure.message for failure in failures) or "no other provider is left."
        kind = ToolMissing if missing else ToolFailed
        raise kind(f"Nothing could do {capability.name}: {reasons}", hint) from (failures[-1] if failures else None)

    def _ask(self, tool: Tool[Req, Res], result: type[Res], request: Req, target: str, stage: Stage) -> Delivery[Res]:
        with _tracer.start_as_current_span(f"tool {tool.name}", attributes={"reelwright.target": target}) as span:
            key = self.key(tool, request)
            with self._lock(key):
                found = self._recall(key, result)
                span.set_attribute("reelwright.cached", found is not None)
                if found is not None:
                    self.emit(Took(target=target, tool=tool.name, seconds=0.0, cached=True))
                    return Delivery(found, tool.name, key, Cost(), True)
                tool.ready()
                if isinstance(tool, Licensed):
                    for what, licence in tool.terms(request).items():
                        self.policy.licensed(licence, what)
                return self._run(tool, request, key, target, stage)

    def _run(self, tool: Tool[Req, Res], request: Req, key: str, target: str, stage: Stage) -> Delivery[Res]:
        quote = tool.quote(request)
        reservation = self.ledger.reserve(quote, tool.name)
        actual, money = Cost(), quote.money
        try:
            with self._device(tool.device):
                began = time.monotonic()
                try:
                    result = self._try(tool, request, key, target, stage)
                    money = result.money if isinstance(result, Priced) else money
                except ReelwrightError as error:
                    money = money if error.money is None else error.money
                    raise
                finally:
                    actual = Cost(money=money, seconds=time.monotonic() - began)
        finally:
            spent = self.ledger.settle(reservation, actual)
        self.cache.keep(key, result.model_dump_json(), assets_in(result))
        self.emit(Took(target=target, tool=tool.name, seconds=actual.seconds, money=actual.money))
        self.emit(Spent(money=spent.money, seconds=spent.seconds))
        return Delivery(result, tool.name, key, actual, False)

    def _try(self, tool: Tool[Req, Res], request: Req, key: str, target: str, stage: Stage) -> Res:
        for attempt in range(TRIES):
            if self.cancelled():
                raise _stopped(0.0)
            try:
                with self._job(key, target, stage) as job:
                    return tool.run(request, job)
            except ToolBusy as error:
                wait = 0.2 * 4**attempt if error.after is None else error.after
                if attempt == TRIES - 1 or wait > PATIENCE:
                    raise
                self._wait(wait)
            except ToolError as error:
                if self.cancelled():
                    raise _stopped(error.money) from None
                raise
        raise AssertionError("unreachable: the last try returns or raises")

    def _wait(self, seconds: float) -> None:
        """Sleep, but not through a stop."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0 and not self.cancelled():
            time.sleep(min(left, 0.2))

    @contextmanager
    def _job(self, key: str, target: str, stage: Stage) -> Iterator[Job]:
        self.scratch.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=f"{os.getpid()}-", dir=self.scratch))

        # Progress comes from threads of the tool's own: the graph's stream is found by the context of this one.
        here, shown = contextvars.copy_context(), 0.0

        def progress(part: float) -> None:
            nonlocal shown
            part = min(max(part, 0.0), 1.0)
            if part - shown >= STEP or part == 1.0:
                shown = part
                here.copy().run(self.emit, Working(stage=stage, target=target, part=part))

        def preview(asset: Asset) -> None:
            here.copy().run(self.emit, Preview(target=target, asset=asset))

        try:
            yield Job(
                folder, self.assets, self.weights, progress=progress, preview=preview, cancelled=self.cancelled,
                noted=lambda: self.cache.noted(key), note=lambda text: self.cache.note(key, text),
            )  # fmt: skip
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def key(self, tool: Tool[Req, Res], request: Req) -> str:
        """sha256 over the tool's name and version, its models' hashes and the whole request, seed and all."""
        models = {name: self.weights.digest(name) for name in tool.models}
        parts = [tool.name, tool.version, models, request.model_dump(mode="json")]
        return hashlib.sha256(json.dumps(parts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()

    def holds(self, tool: Tool[Req, Res], request: Req) -> bool:
        """Whether the tool's answer to this request is remembered, so that it costs nothing any more."""
        return any(True for _ in self.cache.rows(self.key(tool, request)))

    def _recall(self, key: str, result: type[Res]) -> Res | None:
        for text in self.cache.rows(key):
            try:
                found = result.model_validate_json(text)
            except ValidationError:
                continue
            if self.cache.fetch(assets_in(found)):
                self.cache.keep(key, text, assets_in(found))
                return found
        return None

    def _lock(self, key: str) -> threading.Lock:
        with self._guard:
            return self._keys[key]

    @contextmanager
    def _device(self, device: str) -> Iterator[None]:
        limiter = self._devices.get(device)
        if limiter is None:
            yield
            return
        with limiter:
            yield

    def _tell_once(self, name: str, target: str, error: ToolError) -> None:
        with self._guard:
            if name in self._gone:
                return
            self._gone.add(name)
        self.emit(Warned(target=target, message=f"{name} did not deliver: {error}", degraded=True))


def _stopped(money: float | None) -> Stopped:
    """Stopped, in a call that cost this much."""
    stopped = Stopped("Stopped.", "Run `reelwright resume` to go on.")
    stopped.money = money
    return stopped


def assets_in(value: object) -> Iterator[Asset]:
    """All assets inside a result, however deep."""
    if isinstance(value, Asset):
        yield value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from assets_in(getattr(value, name))
    elif isinstance(value, tuple | list):
        for item in value:
            yield from assets_in(item)
    elif isinstance(value, dict):
        yield from assets_in(list(value.values()))
