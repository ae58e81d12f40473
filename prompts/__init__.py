"""What models and people are asked: one Markdown file per question, with `$names` to fill in.

Knows nothing of ours.
"""

from functools import cache
from hashlib import sha256
from importlib.resources import files
from string import Template


@cache
def load(name: str) -> Template:
    """The question `name`; KeyError if there is none."""
    file = files(__package__) / f"{name}.md"
    if not name.isidentifier() or not file.is_file():
        raise KeyError(name)
    return Template(file.read_text("utf-8"))


def render(name: str, **values: str) -> str:
    """The question `name` with its names filled in; KeyError if one is missing.

    >>> render("repair", problem="title: too long").splitlines()[0]
    'That answer does not fit: title: too long.'
    """
    return load(name).substitute(values)


def fence(name: str, text: str) -> str:
    """Material between marks that it cannot hold itself, so that it never closes its own fence.

    >>> print(fence("brief", "Tea is a leaf."))
    <<<BRIEF-4501920c
    Tea is a leaf.
    BRIEF-4501920c>>>
    """
    mark = f"{name.upper()}-{sha256(text.encode()).hexdigest()[:8]}"
    return f"<<<{mark}\n{text}\n{mark}>>>"
