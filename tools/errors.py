"""What can go wrong when a tool runs, and who can act on it.

Knows nothing about briefs, plans or projects: agent/errors.py adds those.

    ReelwrightError
    ├── ToolError            a tool did not deliver
    │   ├── ToolMissing      not installed: the hint names the extra
    │   │   └── Declined     installed, but not for this: a voice or language of another provider
    │   ├── ToolBusy         retryable: a limit, a timeout, a server that is down
    │   └── ToolFailed       it ran and failed for good
    ├── DiskFull             nothing can be written; nothing finished is lost
    └── Refused              moderation, licence, URL, path or media that we do not touch
"""


class ReelwrightError(Exception):
    """The root: every error of ours says what happened and, in `hint`, what to do next."""

    money: float | None = None
    """US dollars that the failed call cost, where known; else its quote counts."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class ToolError(ReelwrightError):
    """A tool did not deliver."""


class ToolMissing(ToolError):
    """The tool's packages or weights are not here; the hint names the extra to install."""


class Declined(ToolMissing):
    """The provider works, but the request is for another one; nothing is less than asked for."""


class ToolBusy(ToolError):
    """The tool may work if asked again: a rate limit, a timeout, a dropped connection."""

    def __init__(self, message: str, hint: str = "", *, after: float | None = None) -> None:
        """`after` is how many seconds the other side asks to wait."""
        super().__init__(message, hint)
        self.after = after


class ToolFailed(ToolError):
    """The tool ran and failed; asking again with the same request will not help."""


class DiskFull(ReelwrightError):
    """Nothing can be written where the work is done; no other provider would help."""


class Refused(ReelwrightError):
    """We will not do this: the policy, a hostile URL, path or media file."""
