"""An order: one line of a batch, with the options of `make` by their names.

Knows names and kinds of values; the intake knows what they mean.
"""

from pydantic import Field, model_validator

from ...tools.media import Frozen


class Order(Frozen):
    """A film to be made: a text, or a file beside the batch."""

    text: str = ""
    file: str = ""
    name: str = Field(default="", pattern=r"^[\w. -]*$")
    """What its folder is called; by its file or topic if not given."""
    seconds: float = 30.0
    size: str = "9:16"
    sources: tuple[str, ...] = Field(default=(), alias="from")
    assets: str = ""
    voice: str = ""
    style: str = ""
    structure: str = ""
    audience: str = ""
    language: str = ""
    captions: str = Field(default="", pattern="^(karaoke|pop|box|subtitle|minimal|none)?$")
    also: str = ""
    soft: bool = False
    stems: bool = False
    effects: bool = False
    hardware: bool = False
    seed: int = 0

    @model_validator(mode="after")
    def _one_of_both(self) -> "Order":
        if bool(self.text.strip()) == bool(self.file):
            raise ValueError("give either text or file")
        return self
