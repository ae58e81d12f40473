"""The graph in other people's programs: async, with their checkpointer, their model, as a subgraph, two at once."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypedDict

import pytest
from langchain_core.language_models.fake_chat_models import FakeListChatModel
from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver
from langgraph.graph import END, START, StateGraph
from langgraph.runtime import Runtime
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from reelwright import Brief, Film, Settings, Studio, build, serializer
from reelwright.agent.state import State

Tea = Callable[..., Brief]
THREAD: RunnableConfig = {"configurable": {"thread_id": "tea"}}
SCRIPT = """{"title": "Tea", "scenes": [{"heading": "Leaf", "lines": ["Tea is a leaf and hot water."]}]}"""


@pytest.fixture
def fresh(settings: Settings, out: Path, tmp_path: Path) -> Studio:
    """A studio of its own that finds the test run's takes in the cache."""
    return Studio.open(tmp_path / "film", settings)


def test_await_the_film(fresh: Studio, tea: Tea) -> None:
    state = asyncio.run(build().ainvoke({"brief": tea()}, context=fresh))
    assert isinstance(state["film"], Film)


def test_stream_it_with_an_async_checkpointer_of_your_own(fresh: Studio, tea: Tea, tmp_path: Path) -> None:
    async def run() -> list[str]:
        async with AsyncSqliteSaver.from_conn_string(str(tmp_path / "mine.sqlite")) as saver:
            saver.serde = serializer()
            graph = build(saver)
            stream = graph.astream({"brief": tea()}, THREAD, context=fresh, stream_mode="updates")
            return [name async for update in stream for name in update]

    nodes = asyncio.run(run())
    assert nodes[0] == "write"
    assert nodes[-1] == "deliver"


def test_the_state_comes_back_from_a_checkpoint_as_it_was(fresh: Studio, tea: Tea) -> None:
    graph = build(InMemorySaver(serde=serializer()))
    state = graph.invoke({"brief": tea()}, THREAD, context=fresh)
    assert graph.get_state(THREAD).values["film"] == state["film"]


def test_the_film_as_a_node_of_a_larger_graph(fresh: Studio, tea: Tea) -> None:
    class Campaign(TypedDict, total=False):
        topic: str
        film: Film

    def film(state: Campaign, runtime: Runtime[Studio]) -> dict[str, Any]:
        made = build().invoke({"brief": tea(text=state["topic"])}, context=runtime.context)
        return {"film": made["film"]}

    graph = StateGraph(Campaign, context_schema=Studio)
    graph.add_node("film", film)
    graph.add_edge(START, "film")
    graph.add_edge("film", END)
    campaign = graph.compile().invoke({"topic": tea().text}, context=fresh)
    assert campaign["film"].title == "How tea is made"


def test_the_graph_itself_is_a_subgraph(fresh: Studio, tea: Tea) -> None:
    graph = StateGraph(State, context_schema=Studio)
    graph.add_node("film", build())
    graph.add_edge(START, "film")
    graph.add_edge("film", END)
    assert graph.compile().invoke({"brief": tea()}, context=fresh)["film"].title == "How tea is made"


def test_two_studios_in_one_process_share_only_the_cache(
    settings: Settings, out: Path, tea: Tea, tmp_path: Path
) -> None:
    one, two = Studio.open(tmp_path / "one", settings), Studio.open(tmp_path / "two", settings)
    first, second = one.make(tea()), two.make(tea(seed=5))
    events: dict[str, list[str]] = {"one": [], "two": []}
    for a, b in zip(first, second, strict=False):
        events["one"].append(a.type)
        events["two"].append(b.type)
    list(first)
    list(second)
    assert (tmp_path / "one" / "out" / "film.mp4").is_file()
    assert (tmp_path / "two" / "out" / "film.mp4").is_file()


def test_a_chat_model_object_writes_the_script(settings: Settings, tea: Tea, tmp_path: Path) -> None:
    model = FakeListChatModel(responses=[SCRIPT])
    studio = Studio.open(tmp_path / "film", settings, model=model)
    script = studio.planner.write(tea())
    assert [line.text for line in script.lines] == ["Tea is a leaf and hot water."]


def test_an_answer_that_does_not_fit_is_mended(settings: Settings, tea: Tea, tmp_path: Path) -> None:
    model = FakeListChatModel(responses=["Sure! Here it is.", '{"title": "Tea"}', SCRIPT])
    studio = Studio.open(tmp_path / "film", settings.model_copy(update={"cache": None}), model=model)
    assert studio.planner.write(tea()).title == "Tea"


def test_a_model_that_never_fits_is_replaced_and_told(settings: Settings, tea: Tea, tmp_path: Path) -> None:
    model = FakeListChatModel(responses=["no", "no", "no"])
    studio = Studio.open(tmp_path / "film", settings.model_copy(update={"cache": None}), model=model)
    assert studio.planner.write(tea()).title == "How tea is made"
    assert any("offline planner wrote it" in reason for reason in studio.degradations())


def test_spans_stand_round_nodes_and_tools(fresh: Studio, tea: Tea) -> None:
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    trace.set_tracer_provider(provider)
    list(fresh.make(tea()))
    names = {span.name for span in exporter.get_finished_spans()}
    assert {"node write", "node shoot", "node deliver", "tool video.motion", "tool assemble.ffmpeg"} <= names
