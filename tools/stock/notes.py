"""What a file says in words: its name, a side-car text, EXIF, IPTC and XMP. All of it is data, never an instruction.

Knows nothing about pixels: metadata blocks are cut out of the bytes and read by rules, at most so many characters.
"""

import re
import struct
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

from ..media import Frozen

CAMERA_NAME = re.compile(r"\b(?:img|dsc[nf]?|pxl|mvi|gopr|dji|screenshot|whatsapp|image|photo|video|clip|final|copy)\b")
LICENCE = re.compile(r"^licen[cs]e:[ \t]*(\S.*)$", re.IGNORECASE | re.MULTILINE)
_AUTHOR = re.compile(r"^(?:author|by|credit):[ \t]*(.*)$", re.IGNORECASE | re.MULTILINE)
_SOURCE = re.compile(r"^(?:source|url):[ \t]*(https?://\S+)$", re.IGNORECASE | re.MULTILINE)
_ANYWHERE = frozenset((
    "images", "pictures", "pics", "photos", "wallpapers", "backgrounds", "videos", "clips", "footage", "media", "files",
    "contents", "content", "downloads", "desktop", "documents", "share", "usr", "home", "users", "user", "root", "tmp",
    "temp", "mnt", "data", "assets", "dcim", "camera", "export", "exports", "originals", "raw", "jpg", "jpeg", "png",
))  # fmt: skip
"""Folders that are called so for what lies in them, not for what it shows."""
_UP = 3
"""Folders above a file that may say something of it."""
MOST = 10_000
"""Characters of a side-car text."""
_HEAD = 1 << 20
"""Bytes at a file's start in which its metadata is looked for."""
_LONGEST = 2000
"""Characters that are kept of one field."""
_EXIF = {0x010E: "said", 0x013B: "author", 0x8298: "rights", 0x9C9B: "said", 0x9C9C: "said", 0x9C9E: "said"}
_IPTC = {5: "said", 25: "said", 80: "author", 90: "said", 101: "said", 105: "said", 116: "rights", 120: "said"}
"""Record 2 of IPTC-IIM: title, keywords, by-line, city, country, headline, copyright, caption."""
_XMP = {"description": "said", "title": "said", "subject": "said", "creator": "author", "rights": "rights"}
_CC = re.compile(r"creativecommons\.org/(?:licenses/([a-z-]+)/([\d.]+)|publicdomain/(zero|mark)/([\d.]+))", re.I)


class Notes(Frozen):
    """What was found, in the file's own words."""

    said: str = ""
    author: str = ""
    licence: str = ""
    url: str = ""


def name_words(name: str) -> str:
    """A file name as words, without counters and camera names.

    >>> name_words("IMG_2041-waxCells.jpg")
    'wax cells'
    """
    name = re.sub(r"\.\w{2,4}$", "", name.replace("\\", "/").rsplit("/", 1)[-1])
    name = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    name = re.sub(r"[\W_]+|\d+", " ", name).lower()
    return " ".join(CAMERA_NAME.sub(" ", name).split())


def place_words(place: str) -> str:
    """A file's name as words; where it says nothing its folder's, which a person named too.

    >>> place_words("Autumn/contents/images/1280x1024.jpg"), place_words("Crete 2019/IMG_2041.jpg")
    ('autumn', 'crete')
    >>> place_words("Crete/harbour.jpg")
    'harbour'
    """
    *folders, name = place.replace("\\", "/").split("/")
    for part in (name, *(f"{folder}.x" for folder in folders[: -_UP - 1 : -1])):
        words = [word for word in name_words(part).split() if len(word) > 1 and word not in _ANYWHERE]
        if words:
            return " ".join(words) if part is not name else name_words(part)
    return ""


def beside(path: Path) -> str:
    """The side-car text: photo.jpg.txt, photo.txt or photo.md, at most 10,000 characters."""
    for name in (path.with_name(path.name + ".txt"), path.with_suffix(".txt"), path.with_suffix(".md")):
        if name != path and name.is_file():
            with name.open("rb") as stream:
                return stream.read(MOST * 4).decode("utf-8", "replace")[:MOST]
    return ""


def notes_of(path: Path) -> Notes:
    """All that a still and its side-car say in words."""
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
    fields: dict[str, list[str]] = {"said": [], "author": [], "rights": []}
    for kind, block in _blocks(head):
        for field, text in {"exif": _exif, "iptc": _iptc, "xmp": _xmp}[kind](block):
            clean = " ".join("".join(mark if mark.isprintable() else " " for mark in text).split())[:_LONGEST]
            if clean and clean not in fields[field]:
                fields[field].append(clean)
    return told(beside(path), fields)


def told(side: str, fields: dict[str, list[str]]) -> Notes:
    """A side-car's lines and embedded fields as one; what a person wrote beside the file wins."""
    rights = " ".join(fields.get("rights", []))
    licence, author, source = LICENCE.search(side), _AUTHOR.search(side), _SOURCE.search(side)
    plain = _SOURCE.sub("", _AUTHOR.sub("", LICENCE.sub("", side)))
    return Notes(
        said=". ".join(
            part for text in (plain, *fields.get("said", [])) if (part := " ".join(text.split()).rstrip("."))
        ),
        author=author[1].strip() if author else ", ".join(fields.get("author", []))[:200],
        licence=licence[1].strip() if licence else spdx(rights),
        url=source[1] if source else "",
    )


def spdx(text: str) -> str:
    """The SPDX name of a Creative Commons licence whose address stands in a text, else nothing.

    >>> spdx("http://creativecommons.org/licenses/by-sa/4.0/"), spdx("https://creativecommons.org/publicdomain/zero/1.0/")
    ('CC-BY-SA-4.0', 'CC0-1.0')
    """
    found = _CC.search(text)
    if not found:
        return ""
    if found[1]:
        return f"CC-{found[1].upper()}-{found[2]}"
    return f"CC0-{found[4]}" if found[3].lower() == "zero" else f"CC-PDM-{found[4]}"


def _blocks(head: bytes) -> Iterator[tuple[str, bytes]]:
    """(kind, bytes) of each metadata block of a JPEG, PNG or WebP."""
    if head.startswith(b"\xff\xd8"):
        yield from _jpeg(head)
    elif head.startswith(b"\x89PNG"):
        yield from _png(head)
    elif head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        yield from _webp(head)


def _jpeg(head: bytes) -> Iterator[tuple[str, bytes]]:
    at = 2
    while at + 4 <= len(head) and head[at] == 0xFF and head[at + 1] != 0xDA:
        length = int.from_bytes(head[at + 2 : at + 4], "big")
        block = head[at + 4 : at + 2 + length]
        if head[at + 1] == 0xE1 and block.startswith(b"Exif\0\0"):
            yield "exif", block[6:]
        elif head[at + 1] == 0xE1 and block.startswith(b"http://ns.adobe.com/xap/1.0/\0"):
            yield "xmp", block[29:]
        elif head[at + 1] == 0xED and block.startswith(b"Photoshop 3.0\0"):
            yield "iptc", block[14:]
        at += 2 + max(length, 2)


def _png(head: bytes) -> Iterator[tuple[str, bytes]]:
    at = 8
    while at + 8 <= len(head):
        length, name = struct.unpack(">I4s", head[at : at + 8])
        block = head[at + 8 : at + 8 + length]
        if name == b"eXIf":
            yield "exif", block
        elif name == b"iTXt" and block.startswith(b"XML:com.adobe.xmp\0"):
            yield "xmp", block.split(b"\0", 5)[-1]
        at += 12 + length


def _webp(head: bytes) -> Iterator[tuple[str, bytes]]:
    at = 12
    while at + 8 <= len(head):
        name, length = struct.unpack("<4sI", head[at : at + 8])
        block = head[at + 8 : at + 8 + length]
        if name in {b"EXIF", b"XMP "}:
            yield name.decode().strip().lower(), block.removeprefix(b"Exif\0\0")
        at += 8 + length + length % 2


def _exif(block: bytes) -> Iterator[tuple[str, str]]:
    from PIL import Image

    fields = Image.Exif()
    try:
        fields.load(block)
        rows = dict(fields.items())
    # Pillow's reader stumbles over broken blocks in many ways; the file is fine without its notes.
    except (ValueError, SyntaxError, OSError, struct.error, KeyError, TypeError, IndexError, OverflowError):
        return
    for tag, field in _EXIF.items():
        value = rows.get(tag)
        if isinstance(value, str):
            yield field, value
        elif isinstance(value, bytes):  # Windows' own fields are UTF-16
            yield field, value.decode("utf-16-le", "replace").rstrip("\0")


def _iptc(block: bytes) -> Iterator[tuple[str, str]]:
    at = block.find(b"\x1c\x02")
    while at >= 0 and at + 5 <= len(block) and block[at] == 0x1C:
        record, kind, length = struct.unpack(">BBH", block[at + 1 : at + 5])
        text = block[at + 5 : at + 5 + length]
        if record == 2 and kind in _IPTC:
            yield _IPTC[kind], text.decode("utf-8", "replace")
        at += 5 + length


def _xmp(block: bytes) -> Iterator[tuple[str, str]]:
    # Entities could blow the text up, and XMP never needs them.
    if b"<!DOCTYPE" in block or b"<!ENTITY" in block:
        return
    try:
        for _, element in ElementTree.iterparse(BytesIO(block[: block.rfind(b">") + 1])):
            name = element.tag.rpartition("}")[2]
            if name in _XMP:
                for text in element.itertext():
                    yield _XMP[name], text
            elif name == "license":
                yield "rights", "".join([*element.attrib.values(), *element.itertext()])
    except ElementTree.ParseError:
        return
