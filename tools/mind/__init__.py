"""Minds: what a chat model is asked and what it answers, as values.

Knows messages, pictures and prices; knows nothing about why anything is asked.
"""

from typing import Literal

from pydantic import Field, SecretStr

from ..base import Priced
from ..media import Asset, Frozen

Way = Literal["schema", "tools", "plain"]
"""How an answer is made to fit: the endpoint's JSON schema, a tool that is called, or the shape told in words."""
TOKENS, PATIENCE = 8192, 120.0
"""Tokens that an answer may have, and seconds that it may take, unless the settings say otherwise."""


class Options(Frozen):
    """How one model is reached and spoken to. `key` is the secret itself; settings read it from the environment."""

    base_url: str = ""
    key: SecretStr = SecretStr("")
    temperature: float | None = Field(default=None, ge=0, le=2)
    seed: int | None = None
    max_tokens: int = Field(default=TOKENS, ge=16)
    timeout: float = Field(default=PATIENCE, gt=0)
    way: Literal["auto", "schema", "tools", "plain"] = "auto"
    stream: bool = False
    """The answer comes word by word: a stop takes effect in the middle, and a slow server is not timed out."""
    price_in: float | None = Field(default=None, ge=0)
    """US dollars for a million tokens asked, where our table does not know the model or your contract differs."""
    price_out: float | None = Field(default=None, ge=0)


class Question(Frozen):
    """What a model is asked. The answer is cached by all of it."""

    model: str
    messages: tuple[tuple[str, str], ...]
    """(role, text), oldest first."""
    images: tuple[Asset, ...] = ()
    """Pictures or clips that the first message speaks of."""
    shape: str = ""
    """The JSON schema of the answer, as JSON; empty asks for prose."""
    spelled: str = ""
    """The same in words, for endpoints that know neither schemas nor tools."""
    where: str = ""
    """The server's address, where it is not the provider's own."""
    temperature: float | None = None
    seed: int | None = None
    max_tokens: int = TOKENS


class Answer(Priced):
    """What a model said, and what it counted for it."""

    text: str
    tokens: int = 0
    """Both ways together."""
    asked: int = 0
    said: int = 0
    cut: bool = False
    """True where it ran into max_tokens, so that its end is missing."""
    way: Way = "plain"
