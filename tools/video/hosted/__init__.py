"""Hosted generators: what a service is ordered to make, and how it stands with an order.

Knows no service and no protocol: each has a module of its own, and all are run by jobs.py.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Protocol

from .offers import Offer, Shape


@dataclass(frozen=True)
class Order:
    """One clip, in the service's own sizes and lengths."""

    prompt: str
    negative: str
    offer: Offer
    shape: Shape
    seconds: int
    seed: int
    first: bytes = b""
    """The picture that it begins with, a JPEG of exactly that shape; empty for none."""
    sound: bool = False


@dataclass(frozen=True)
class Waiting:
    """It is queued or made. `part` is how far it is, 0 to 1, where the service tells."""

    part: float | None = None


@dataclass(frozen=True)
class Ready:
    """It is made, and lies at `url`, or came along as `data`."""

    url: str = ""
    headers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """What the host wants to see before it hands the clip out; hosts other than `home` never see it."""
    home: str = ""
    """The address of that host; empty for the service's own."""
    data: bytes = b""
    money: float | None = None
    """US dollars, where the service tells."""


@dataclass(frozen=True)
class Lost:
    """It will not be made."""

    why: str
    refused: bool = False
    """The service's moderation would not have it."""
    money: float | None = None


State = Waiting | Ready | Lost


class Service(Protocol):
    """A service elsewhere: it takes orders, tells how they stand, and forgets them when told."""

    name: str
    """As in video.generate.NAME and in offers.toml."""
    title: str
    """For people."""
    pace: float
    """Seconds between two looks that the service likes."""

    @property
    def home(self) -> str:
        """The address of its host."""
        ...

    def ready(self) -> None:
        """Return if it can be asked, else raise ToolMissing with the setting that is missing."""
        ...

    def create(self, order: Order) -> str:
        """Order a clip: its number, by which the service knows it.

        Raises:
            Refused: the moderation will not have it.
            ToolBusy: nothing was ordered, and it may be tried again.
            ToolFailed: nothing will be made, or nobody knows whether it will.
        """
        ...

    def look(self, number: str) -> State:
        """How the order stands. Raises ToolBusy where the next look may see more, Gone where nobody knows it."""
        ...

    def cancel(self, number: str) -> bool:
        """Call it off; False where the service has no such thing."""
        ...
