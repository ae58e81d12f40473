"""OpenTelemetry spans round nodes: the API only, so it costs nothing where no SDK listens."""

import functools
from collections.abc import Callable
from typing import Any, TypeVar

from langgraph.runtime import Runtime
from opentelemetry import trace

Node = TypeVar("Node", bound=Callable[..., dict[str, Any]])
_tracer = trace.get_tracer("reelwright")


def traced(node: Node) -> Node:
    """The node inside a span `node NAME`, with the line or shot it works on."""

    @functools.wraps(node)
    def run(state: Any, runtime: Runtime[Any]) -> dict[str, Any]:
        shot = state.get("shot")
        target = shot.id if shot is not None else str(state.get("line", ""))
        with _tracer.start_as_current_span(f"node {node.__name__}", attributes={"reelwright.target": target}):
            return node(state, runtime)

    return run  # type: ignore[return-value]
