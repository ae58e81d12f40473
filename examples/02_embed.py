"""Put the film graph into an async program of your own. Run: python examples/02_embed.py [FOLDER]"""

import asyncio
import sys

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.memory import InMemorySaver

from reelwright import Brief, Studio, build, serializer


async def main(folder: str) -> None:
    studio = Studio.open(folder)
    graph = build(InMemorySaver(serde=serializer()))
    brief = Brief(
        text="# Tea\n\nTea is a leaf, hot water and a little time.", seconds=5, size={"width": 360, "height": 640}
    )
    config: RunnableConfig = {"configurable": {"thread_id": "tea"}}
    async for update in graph.astream({"brief": brief}, config, context=studio, stream_mode="updates"):
        print("done:", *update)
    state = await graph.aget_state(config)
    print(state.values["film"].title, state.values["film"].file.id)


asyncio.run(main(sys.argv[1] if len(sys.argv) > 1 else "films/embedded"))
