"""A model by name: `house:model` becomes a LangChain chat model with our options in its own words.

Knows how each house calls an option; knows nothing about questions.
"""

from typing import TYPE_CHECKING, Any

from ..errors import ToolFailed, ToolMissing
from . import Options

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

PACKAGES = {"openai": "openai", "anthropic": "anthropic", "google_genai": "google-genai", "ollama": "ollama"}
"""Houses that the `chat` extra brings."""


def open_model(name: str, options: Options) -> "BaseChatModel":
    """The chat model `name`.

    Raises:
        ToolMissing: the house's package is not installed.
        ToolFailed: the name or an option does not fit, or there is no key.
    """
    from langchain.chat_models import init_chat_model

    house, _, rest = name.partition(":")
    if not house or (":" in name and not rest):
        raise ToolFailed(f"{name!r} is not the name of a model.", "Write house:name, such as openai:gpt-5.")
    extra = "pip install 'reelwright[chat]'" if house in PACKAGES else f"pip install langchain-{house}"
    try:
        model: BaseChatModel = init_chat_model(name, **arguments(house, options))
        return model
    except ImportError as error:
        raise ToolMissing(f"The model {name} needs a package: {error}", f"Install it: {extra}.") from error
    except _unfit() as error:
        said = " ".join(str(error).split())[:300]
        raise ToolFailed(f"The model {name} cannot be opened: {said}", "Check its name, key and options.") from error


def _unfit() -> tuple[type[Exception], ...]:
    import openai

    return ValueError, TypeError, openai.OpenAIError


def arguments(house: str, options: Options) -> dict[str, Any]:
    """Our options as the house's own arguments. Retries are the door's: two layers of them would wait for minutes.

    >>> sorted(arguments("ollama", Options(seed=7)))
    ['client_kwargs', 'num_predict', 'seed']
    """
    given: dict[str, Any] = {"temperature": options.temperature, "base_url": options.base_url or None}
    secret = options.key.get_secret_value()
    if house == "ollama":
        given |= {"num_predict": options.max_tokens, "seed": options.seed}
        given |= {"client_kwargs": {"timeout": options.timeout}}
    else:
        # A server of one's own wants no key, and the clients insist on one.
        given |= {"api_key": secret or ("none" if options.base_url else None)}
        # Google's client takes 0 for "as you like", and 1 for a single attempt.
        given |= {"max_tokens": options.max_tokens, "timeout": options.timeout}
        given |= {"max_retries": 1 if house == "google_genai" else 0}
    if house == "openai":
        given |= {"seed": options.seed, "stream_usage": True if options.stream else None}
    if house == "google_genai":
        given |= {"seed": options.seed}
    return {name: value for name, value in given.items() if value is not None}
