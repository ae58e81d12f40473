"""What a provider's exception means: ask again later, or not at all.

Knows the providers' exceptions by name, so that none of their packages is imported for it.
"""

import sys

from ..errors import ToolBusy, ToolError, ToolFailed
from ..web import patience

_FAMILIES = (
    ("openai", "OpenAIError"),
    ("anthropic", "AnthropicError"),
    ("ollama", "ResponseError"),
    ("httpx", "HTTPError"),
    ("httpx2", "HTTPError"),
    ("google.genai.errors", "APIError"),
    ("langchain_google_genai.chat_models", "ChatGoogleGenerativeAIError"),
    ("langchain_core.exceptions", "LangChainException"),
)
_NETWORK = {"APIConnectionError", "APITimeoutError", "TransportError", "ConnectionError", "TimeoutError"}
_AGAIN = {408, 409, 425, 429}
_UNFIT = {400, 404, 405, 415, 422, 501}
"""Codes of a server that does not know what was asked for, such as a JSON schema."""


def families() -> tuple[type[BaseException], ...]:
    """What the clients that are loaded may raise; malformed answers come as the built-in ones."""
    loaded = [getattr(sys.modules[module], name, None) for module, name in _FAMILIES if module in sys.modules]
    return (OSError, ValueError, RuntimeError, TypeError, KeyError, *(kind for kind in loaded if kind is not None))


def status(error: BaseException) -> int:
    """The HTTP code of the answer; 0 where there was none."""
    for one in (error, error.__cause__):
        for name in ("status_code", "code"):
            code = getattr(one, name, None)
            if isinstance(code, int) and 100 <= code < 600:
                return code
    return 0


def unfit(error: BaseException) -> bool:
    """Whether another way of asking may work where this one did not."""
    return status(error) in _UNFIT or isinstance(error, NotImplementedError | TypeError | ValueError)


def failure(error: BaseException, label: str) -> ToolError:
    """The error of ours: ToolBusy where asking again may help."""
    code, said = status(error), " ".join(str(error).split())[:300]
    names = {kind.__name__ for one in (error, error.__cause__) if one for kind in type(one).__mro__}
    if code in _AGAIN or code >= 500 or (not code and names & _NETWORK):
        busy = ToolBusy(f"The model {label} is busy: {said}", "Try again later.", after=_after(error))
        busy.money = 0.0 if code else None  # after a silence nobody knows whether the other side counted it
        return busy
    hint = "Check its key." if code in (401, 403) else "Check its name, key and address."
    failed = ToolFailed(f"The model {label} did not answer: {said}", hint)
    failed.money = 0.0 if code else None
    return failed


def _after(error: BaseException) -> float | None:
    """Seconds that the server asks to wait."""
    headers = getattr(getattr(error, "response", None), "headers", None) or {}
    return patience(str(headers.get("retry-after", "")))
