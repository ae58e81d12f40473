"""The two gates where a person may say no: before anything costly, and before delivery.

Interrupts stand in nodes of their own, because the body before an interrupt runs again on resume.
"""

from typing import Any

from langgraph.runtime import Runtime
from langgraph.types import interrupt

from .errors import Stopped
from .events import Asking, worth
from .model import Plan
from .quote import quoted
from .reframe import further
from .revise.cover import admit
from .state import State
from .studio import Studio
from .write import check_size


def agree(state: State, runtime: Runtime[Studio]) -> dict[str, Any]:
    """Say what generating will take; then show the plan and wait, where the studio was opened with `approve`.

    A person may hand back an edited Plan.
    """
    quote = quoted(runtime.context, state["brief"], state["shots"])
    if quote is not None:
        runtime.context.log.emit(quote)
    if not runtime.context.approve:
        return {}
    plan = Plan(script=state["script"], shots=state["shots"])
    cost = f" ({quote.shots} generated: {worth(quote.seconds, quote.basis)}, ${quote.money:.2f})" if quote else ""
    question = f"{len(plan.shots)} shots for {plan.script.title!r}{cost}: make them?"
    answer = interrupt(Asking(stage="agree", question=question, plan=plan).model_dump(mode="json"))
    runtime.context.answered("agree", answer is True or isinstance(answer, Plan))
    if isinstance(answer, Plan):
        check_size(answer)
        admit(state["brief"], answer)
        runtime.context.note(plan=answer, given=True)
        return {"given": True, "script": answer.script, "shots": answer.shots}
    if answer is not True:  # whatever else is not a clear yes
        raise Stopped("The plan was not agreed to.", "Say what to change: reelwright reject DIR --because …")
    return {}


def approve(state: State, runtime: Runtime[Studio]) -> dict[str, Any]:
    """Show the cut and wait, where the studio was opened with `approve`; further sizes follow the first answer."""
    if not runtime.context.approve or further(state["brief"]):
        return {}
    file = str(runtime.context.door.assets.path(state["cut"].video.id))
    answer = interrupt(Asking(stage="approve", question="Deliver this cut?", file=file).model_dump(mode="json"))
    runtime.context.answered("approve", answer is True)
    if answer is not True:
        raise Stopped("The cut was not approved.", "Say what to change: reelwright reject DIR --because …")
    return {}
