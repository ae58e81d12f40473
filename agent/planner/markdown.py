"""Read a brief: plain text or Markdown becomes a title and blocks of text, lists, quotes and figures.

Knows nothing about sentences, lengths or shots. Tables and code are kept as exhibits: nobody reads them aloud.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, Literal

from ...tools.media import Frozen
from .tables import table
from .text import capital, clean, speakable

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

LOOSE = "data"
"""What the fence of a table is called that came with the brief: it belongs to the line that names most of it."""
TABLES = frozenset({"csv", "tsv", LOOSE})
"""What the fences of tables are called."""
_NAMED = re.compile(r"^(?P<title>.*?)\s*(?:\((?:source: )?(?P<source>[^()]+)\))?$", re.I)
TITLE_WORDS = 14
"""A longer first line is a sentence, not a title."""
LONGEST_TITLE = 120
_BULLET = re.compile(r"^(\s*)[•·▪◦‣●○▸►✓✔➤]\s*(?=\S)", re.M)
_FRONT = re.compile(r"\A---[ \t]*\n.*?\n---[ \t]*(?:\n|\Z)", re.S)
_HIDDEN_HTML = re.compile(r"<(script|style|template|svg|iframe)\b.*?(</\1\s*>|\Z)", re.S | re.I)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_ATTRIBUTION = re.compile(r"^(?P<text>.+?)\s*(?:[—–―]|\s--?)\s*(?P<by>[^—–―.!?\"”»]{2,60})\.?$", re.S)
_QUOTED = re.compile(r"^[\"“„«「『]\s*(?P<text>.+?)\s*[\"”“»」』]\s*(?:(?:[—–―-]+)\s*(?P<by>[^\"”]{2,60}))?$", re.S)

_ORDER = re.compile(
    r"(?i)^(?:please )?(?:make|create|produce|generate|do|give me|i want|i need|we need)(?: me| us)?"
    r"(?: an?| the)?(?: [\w-]+){0,3}? (?:video|film|clip|explainer|reel|short|movie)"
    r"(?: about| on| of| explaining| for)\s+"
)
"""What people say to a machine before they name the topic."""


class Block(Frozen):
    """A paragraph, a list or a quote, under the heading it stands below."""

    kind: Literal["text", "list", "steps", "rows", "quote"]
    items: tuple[str, ...]
    """One paragraph, one quote, or the entries of a list."""
    heading: str = ""
    by: str = ""
    """Who said it."""
    speaker: str = ""
    """Whose turn it is in a dialogue."""


class Exhibit(Frozen):
    """What a brief shows and nobody reads aloud: a table of numbers, or code."""

    kind: Literal["table", "code"]
    text: str
    info: str = ""
    """What the fence says it is: csv, python."""
    title: str = ""
    source: str = ""
    near: str = ""
    """The paragraph before it, else the one after."""


class Document(Frozen):
    """What a brief says and shows. `skipped` names what was there and cannot be spoken."""

    title: str = ""
    blocks: tuple[Block, ...] = ()
    exhibits: tuple[Exhibit, ...] = ()
    skipped: tuple[str, ...] = ()


@cache
def _parser() -> "MarkdownIt":
    from markdown_it import MarkdownIt

    # Indented text is text: people paste briefs, they do not indent code in them.
    return MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).disable("code")


def read(text: str) -> Document:
    r"""The document in a brief.

    >>> read("# Bees\n\nThey fly:\n\n- far\n- fast").blocks[1].items
    ('far', 'fast')
    """
    text = _FRONT.sub("", text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff"))
    text = _BULLET.sub(r"\1- ", _HIDDEN_HTML.sub(" ", _without_comments(text)))
    walk = _Walk()
    walk.blocks(_parser().parse(text))
    title, found = _title(walk)
    shown = tuple(_beside(exhibit, found) for exhibit in walk.exhibits)
    return Document(
        title=capital(_ORDER.sub("", title)), blocks=found, exhibits=shown, skipped=tuple(dict.fromkeys(walk.skipped))
    )


def _beside(exhibit: Exhibit, blocks: Sequence[Block]) -> Exhibit:
    """An exhibit that opens the brief belongs to what comes after it."""
    return (
        exhibit
        if exhibit.near or exhibit.info == LOOSE or not blocks
        else exhibit.model_copy(update={"near": blocks[0].items[0]})
    )


def _without_comments(text: str) -> str:
    """The text without HTML comments; found by hand, since a pattern is quadratic on comments that never end.

    >>> _without_comments("a <!-- b --> c <!-- d")
    'a   c <!-- d'
    """
    kept, at = [], 0
    while (start := text.find("<!--", at)) >= 0 and (end := text.find("-->", start)) >= 0:
        kept += [text[at:start], " "]
        at = end + 3
    return "".join(kept) + text[at:]


def _title(walk: "_Walk") -> tuple[str, tuple[Block, ...]]:
    """The heading that opens the document, else a first line that is no sentence, else the first heading there is."""
    if walk.title:
        return walk.title, tuple(walk.found)
    heading = next((block.heading for block in walk.found if block.heading), "")
    if not walk.found or walk.found[0].kind != "text" or walk.found[0].heading:
        return heading, tuple(walk.found)
    first, *others = walk.found
    line, *rest = first.items[0].split("\n", 1)
    words = line.split()
    sentence = re.search(r"[.:;,。！،]$", line) and (rest or others)
    several = re.search(r"[.!?]\s+\S", line)
    if (
        len(words) > TITLE_WORDS
        or len(line) > LONGEST_TITLE
        or sentence
        or several
        or (len(line) > 60 and len(words) < 4)
    ):
        return heading, tuple(walk.found)
    kept = [first.model_copy(update={"items": (rest[0],)})] if rest else []
    return clean(line.rstrip(".")), (*kept, *others)


class _Walk:
    """One pass over the parser's tokens."""

    def __init__(self) -> None:
        self.title = ""
        self.heading = ""
        self.found: list[Block] = []
        self.exhibits: list[Exhibit] = []
        self.skipped: list[str] = []

    def blocks(self, tokens: list["Token"]) -> None:
        at = 0
        while at < len(tokens):
            end = _closing(tokens, at)
            self._block(tokens[at], tokens[at : end + 1])
            at = end + 1

    def _block(self, token: "Token", inside: list["Token"]) -> None:
        if token.type == "heading_open":
            self._heading(" ".join(_texts(inside)))
        elif token.type == "blockquote_open":
            self._quote(list(_texts(inside)))
        elif token.type in ("bullet_list_open", "ordered_list_open"):
            kind: Literal["list", "steps"] = "steps" if token.type.startswith("ordered") else "list"
            self._add(kind, _entries(inside))
        elif token.type == "table_open":
            self._add("rows", _rows(inside))
        elif token.type == "fence":
            self._fence(token)
        else:
            for text in _texts(inside):
                self._paragraph(text)

    def _fence(self, token: "Token") -> None:
        """`csv Title (Source)` is a table; other fences are code, and a table without numbers is skipped."""
        info, _, rest = token.info.strip().partition(" ")
        name = info.lower()
        near = self.found[-1].items[-1] if self.found and name != LOOSE else ""
        if name not in TABLES:
            if speakable(token.content):
                self.exhibits.append(Exhibit(kind="code", text=token.content, info=name, title=clean(rest), near=near))
            self.skipped.append("code")
            return
        named = _NAMED.match(clean(rest))
        title, source = (named["title"], named["source"] or "") if named else ("", "")
        try:
            table(token.content)
        except ValueError as problem:
            self.skipped.append(f"table: {problem}")
            return
        self.exhibits.append(
            Exhibit(kind="table", text=token.content, info=name, title=title, source=source, near=near)
        )

    def _heading(self, text: str) -> None:
        text = clean(text)
        if not speakable(text):
            return
        if len(text.split()) > 2 * TITLE_WORDS or len(text) > LONGEST_TITLE:
            self._add("text", [text])
        elif not self.title and not self.found:
            self.title = text.rstrip(".:")
        else:
            self.heading = text.rstrip(".:")

    def _paragraph(self, text: str) -> None:
        quoted = _QUOTED.match(text.strip())
        if quoted and len(quoted["text"].split()) > 2 and not re.search(r"[\"“”„«»]", quoted["text"]):
            self._add("quote", [quoted["text"]], clean(quoted["by"] or ""))
        else:
            self._add("text", [text])

    def _quote(self, texts: list[str]) -> None:
        text = "\n".join(texts).strip()
        credit = _ATTRIBUTION.match(text)
        by = clean(credit["by"]) if credit and _is_name(credit["by"]) else ""
        said = (credit["text"] if credit and by else text).strip()
        self._add("quote", [said.strip('"“”„«»') if said[:1] in '"“„«' else said], by)

    def _add(self, kind: Literal["text", "list", "steps", "rows", "quote"], items: Iterable[str], by: str = "") -> None:
        kept = tuple(item for item in items if speakable(item))
        if kept:
            self.found.append(Block(kind=kind, items=kept, heading=self.heading, by=by))


def _is_name(text: str) -> bool:
    words = text.split()
    return len(words) <= 8 and words[0][:1].isupper() if words else False


def _closing(tokens: list["Token"], at: int) -> int:
    """The index of the token that closes the block opened at `at`."""
    depth = 0
    for index in range(at, len(tokens)):
        depth += tokens[index].nesting
        if depth <= 0:
            return index
    return len(tokens) - 1


def _texts(tokens: Iterable["Token"]) -> Iterator[str]:
    """The text of every paragraph, line breaks kept, marks and tags gone."""
    for token in tokens:
        if token.type == "html_block":
            yield from filter(speakable, (line.strip() for line in _TAG.sub("\n", token.content).split("\n")))
        elif token.type == "inline":
            yield "".join(map(_inline, token.children or ()))


def _inline(token: "Token") -> str:
    if token.type in ("softbreak", "hardbreak"):
        return "\n"
    if token.type == "html_inline":
        return "\n" if token.content.lower().startswith("<br") else ""
    return token.content if token.type in ("text", "code_inline", "text_special") else ""


def _entries(tokens: list["Token"]) -> list[str]:
    """The entries of a list, those of nested lists after their parent."""
    entries: list[str] = []
    for token in tokens:
        if token.type == "inline":
            entries.extend(_texts([token]))
    return entries


def _rows(tokens: list["Token"]) -> list[str]:
    """A table's rows as text: `name: value`, and the column's name where there are several values."""
    rows: list[list[str]] = []
    for token in tokens:
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline":
            rows[-1].extend(_texts([token]))
        elif token.type in ("td_close", "th_close") and not rows[-1]:
            rows[-1].append("")
    head, *body = rows
    return [_row(head, row) for row in body] or [", ".join(head)]


def _row(head: list[str], row: list[str]) -> str:
    if len(row) <= 2:
        return ": ".join(filter(None, row))
    cells = [f"{name} {cell}".strip() for name, cell in zip(head[1:], row[1:], strict=False) if cell]
    return f"{row[0]}: {', '.join(cells)}"
