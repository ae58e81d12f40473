"""Reading: a document becomes its text. Markdown, HTML, PDF, Word and transcripts are told apart by content.

Knows nothing about briefs or the network: tools/web.py fetches, this reads. What it reads was written by strangers,
and is only ever text.
"""

import re
import unicodedata
from pathlib import Path

from ..errors import Refused
from ..media import Frozen
from .docx import docx_text, is_docx
from .transcript import is_transcript, transcript_text

LARGEST = 20_000_000
"""Bytes of a document that is opened at all."""
LONGEST = 100_000
"""Characters of text that are kept: a brief holds no more."""
_HTML = re.compile(rb"<!doctype html|<html[\s>]|<head[\s>]|<body[\s>]|<article[\s>]", re.IGNORECASE)
_CHARSET = re.compile(rb"<meta[^>]+charset=[\"']?([\w-]{2,20})", re.IGNORECASE)
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_UNPRINTABLE = {"Cc", "Cs", "Cn", "Co"}


class Reading(Frozen):
    """The text of a document, its title, and the name people know it by."""

    title: str
    text: str
    name: str
    cut: bool = False
    """True where the document was longer than LONGEST, and the rest was left out."""


def read(source: Path | bytes, name: str) -> Reading:
    """The text of a document.

    Args:
        source: a file, or the bytes of a page.
        name: what it is called in credits: a file name or a URL.

    Raises:
        Refused: it is empty, too large, broken, encrypted, or not a document.
        ToolMissing: HTML, PDF or Word without the `read` extra.
    """
    data = _bytes(source, name)
    if data.startswith(b"%PDF-"):
        from .pdf import pdf_text

        title, text = pdf_text(data, name)
    elif _HTML.search(data[:4096]) or name.lower().endswith((".html", ".htm")):
        from .html import html_text

        title, text = html_text(_decode(data, name), name)
    elif is_docx(data):
        title, text = docx_text(data, name)
    else:
        title, text = _plain(_decode(data, name))
        if is_transcript(text):
            title, text = "", transcript_text(text)
    text, title = _clean(text), " ".join(_clean(title).split())[:200]
    if not re.search(r"\w", text):
        raise Refused(f"{name} holds no text.", "A scanned or an empty page cannot be read: paste the words.")
    return Reading(title=title or _stem(name), text=text[:LONGEST], name=name, cut=len(text) > LONGEST)


def _bytes(source: Path | bytes, name: str) -> bytes:
    data = source if isinstance(source, bytes) else _file(source, name)
    if len(data) > LARGEST:
        raise Refused(f"{name} is larger than {LARGEST:,} bytes.", "Save the part you need as a text file.")
    if not data.strip():
        raise Refused(f"{name} is empty.", "Name a file with text in it.")
    return data


def _file(path: Path, name: str) -> bytes:
    try:
        if not path.is_file():
            raise Refused(f"{name} is not a file.", "Name a text, Markdown, HTML, PDF or Word file, or a transcript.")
        with path.open("rb") as stream:
            return stream.read(LARGEST + 1)
    except OSError as error:
        raise Refused(f"{name} cannot be opened: {error.strerror}.", "Check its name and permissions.") from error


def _decode(data: bytes, name: str) -> str:
    """Text in the encoding that it declares, else UTF-8, else Windows' western one; never binary."""
    declared = _CHARSET.search(data[:4096])
    by_mark = next((codec for mark, codec in _MARKS if data.startswith(mark)), "")
    for codec in (by_mark, declared[1].decode() if declared else "", "utf-8", "cp1252"):
        try:
            text = data.decode(codec) if codec else ""
        except (LookupError, UnicodeError):
            continue
        sample = text[:20_000]
        odd = sum(unicodedata.category(mark) in _UNPRINTABLE and mark not in "\r\n\t\f" for mark in sample)
        if sample and "\0" not in text and odd <= 2 + len(sample) / 100:
            return text
    raise Refused(
        f"{name} is not a text, Markdown, HTML, PDF or Word file, nor a transcript.", "Convert it to one of these."
    )


def _plain(text: str) -> tuple[str, str]:
    """Text and Markdown stay as they are; the first heading, or a short first line, is the title."""
    front = re.match(r"\A---\r?\n(.*?)\r?\n---\r?\n", text, re.DOTALL)
    if front:
        text = text[front.end() :]
        if named := re.search(r"^title:\s*[\"']?(.+?)[\"']?\s*$", front[1], re.MULTILINE):
            return named[1], text
    if heading := re.search(r"^#{1,2}[ \t]+(.+?)[ \t]*#*[ \t]*$", text, re.MULTILINE):
        return heading[1], text
    first = next((line.strip() for line in text.splitlines() if line.strip()), "")
    return (first if len(first) <= 80 and not first.endswith((".", ",", ";")) else ""), text


def _clean(text: str) -> str:
    """One kind of line end, no control or direction-changing characters, no runs of empty lines."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n\n")
    kept = "".join(mark for mark in lines if mark in "\n\t" or unicodedata.category(mark) not in _UNPRINTABLE)
    kept = re.sub("[\u202a-\u202e\u2066-\u2069\ufeff\u200b]", "", kept)
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t]+\n", "\n", kept)).strip()


def _stem(name: str) -> str:
    last = name.split("?")[0].rstrip("/").rsplit("/", 1)[-1]
    return re.sub(r"\.\w{1,5}$", "", last).replace("-", " ").replace("_", " ").strip() or name
