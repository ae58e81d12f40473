"""The two gates where a person may say no: before anything costly, and before delivery.

Interrupts stand in nodes of their own, because the body before an interrupt runs again on resume.
"""

from typing import Any

from langgraph.runtime import Runtime
from langgraph.types import interrupt

from .errors import Stopped
from .events import Asking
from .model import Plan
from .reframe import further
from .state import State
from .studio import Studio
from .write import check_size


def agree(state: State, runtime: Runtime[Studio]) -> dict[str, Any]:
    """Show the plan and wait, where the studio was opened with `approve`. A person may hand back an edited Plan."""
    if not runtime.context.approve:
        return {}
    plan = Plan(script=state["script"], shots=state["shots"])
    question = f"{len(plan.shots)} shots for {plan.script.title!r}: make them?"
    answer = interrupt(Asking(stage="agree", question=question, plan=plan).model_dump(mode="json"))
    if not answer:
        raise Stopped("The plan was not agreed to.", "Change the brief and make it again.")
    if isinstance(answer, Plan):
        check_size(answer)
        runtime.context.note(plan=answer)
        return {"script": answer.script, "shots": answer.shots}
    return {}


def approve(state: State, runtime: Runtime[Studio]) -> dict[str, Any]:
    """Show the cut and wait, where the studio was opened with `approve`; further sizes follow the first answer."""
    if not runtime.context.approve or further(state["brief"]):
        return {}
    file = str(runtime.context.door.assets.path(state["cut"].video.id))
    answer = interrupt(Asking(stage="approve", question="Deliver this cut?", file=file).model_dump(mode="json"))
    if not answer:
        raise Stopped("The cut was not approved.", "Change the brief and make it again.")
    return {}
