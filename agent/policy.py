"""The policy gate: every request and every delivery passes it, and it fails closed.

Knows rules and words; knows nothing about how a tool works. Checkers themselves are tools of the capability `trust`.
"""

import tomllib
from collections.abc import Iterable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ValidationError

from ..tools.media import Asset, Frozen
from ..tools.speech import SpeechRequest
from ..tools.video.diffusion import GenerateRequest
from ..tools.video.diffusion.families import family
from .errors import BriefError, Refused


class Moderation(Frozen):
    """Who checks what is said and shown."""

    checker: str = ""
    blocked: tuple[str, ...] = ()


class Licence(Frozen):
    """Which licences a film may carry."""

    refused: tuple[str, ...] = ()
    unknown: Literal["refuse", "warn", "allow"] = "warn"


class Consent(Frozen):
    """Whose likeness may be used."""

    cloned_voice: Literal["refuse", "recorded"] = "refuse"


class Label(Frozen):
    """The visible notice."""

    visible: bool = True
    text: str = "AI voice"
    """Where only the voice is a machine's."""
    pictures: str = "AI pictures"
    """Where only pictures are."""
    both: str = "AI voice and pictures"
    seconds: float = 3.0

    def worded(self, *, voice: bool, pictures: bool) -> str:
        """The notice for what a machine made; empty for nothing.

        >>> Label().worded(voice=True, pictures=True), Label().worded(voice=False, pictures=False)
        ('AI voice and pictures', '')
        """
        return (self.both if voice else self.pictures) if pictures else self.text if voice else ""


class Policy(Frozen):
    """policy.toml as values."""

    version: int = 1
    moderation: Moderation = Moderation()
    licence: Licence = Licence()
    consent: Consent = Consent()
    label: Label = Label()

    def admit(self, request: BaseModel, checkers: Iterable[str]) -> None:
        """Let a request through the door, or raise Refused."""
        name = self.moderation.checker
        if name and name not in set(checkers):
            raise Refused(
                f"The policy demands the checker {name}, and it is not installed.",
                "Install it, or take it out of policy.toml.",
            )
        if isinstance(request, SpeechRequest) and request.sample is not None:
            self._consented(request)
        if isinstance(request, GenerateRequest) and request.family:
            row = family(request.family)
            self.licensed(row.licence, row.title)
        if not self.moderation.blocked:
            return
        text = "\n".join(_texts(request.model_dump())).casefold()
        for phrase in self.moderation.blocked:
            if phrase.casefold() in text:
                raise Refused(f"The policy blocks {phrase!r}, which this request contains.", "Reword the brief.")

    def licensed(self, licence: str, what: str) -> None:
        """Let a model's licence pass before the model is loaded, or raise Refused."""
        if licence in self.licence.refused:
            raise Refused(f"The policy refuses the licence {licence} of {what}.", "Use a model of another family.")

    def _consented(self, request: SpeechRequest) -> None:
        if self.consent.cloned_voice == "refuse":
            raise Refused("The policy lets no cloned voice speak.", 'Set cloned_voice = "recorded" in policy.toml.')
        if not request.consent.strip():
            hint = 'Say who agreed to it and when: --consent "…".'
            raise Refused("No voice is cloned without the consent of the person it belongs to.", hint)

    def release(self, ledger: Iterable[Asset]) -> tuple[str, ...]:
        """Let a film out with these assets in it; returns warnings, or raises Refused."""
        warnings: list[str] = []
        for asset in ledger:
            what = asset.origin.splitlines()[0] if asset.origin else asset.id[:12]
            if asset.licence in self.licence.refused:
                raise Refused(f"The policy refuses the licence {asset.licence} of {what}.", "Replace that picture.")
            if asset.licence == "unknown" and self.licence.unknown != "allow":
                if self.licence.unknown == "refuse":
                    raise Refused(f"The licence of {what} is not known.", "Write it into its side-car text.")
                warnings.append(f"the licence of {what} is not known")
        return tuple(dict.fromkeys(warnings))


def _texts(value: object) -> Iterator[str]:
    """Every text inside a dumped request, unescaped, so that no quotation mark hides a phrase."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from _texts(tuple(value.values()))
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _texts(item)


def load_policy(path: Path | None) -> Policy:
    """The policy at `path`, or the one that ships. A policy that cannot be read lets nothing through."""
    try:
        text = path.read_text("utf-8") if path else (files(__package__) / "policy.toml").read_text("utf-8")
        return Policy.model_validate(tomllib.loads(text))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError, ValidationError) as error:
        raise BriefError(
            f"The policy {path} cannot be read: {error}.", "Correct it; nothing is made without it."
        ) from error
