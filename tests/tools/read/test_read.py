import importlib.util
import io
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from reelwright.tools.errors import Refused, ToolMissing
from reelwright.tools.read import LARGEST, LONGEST, Reading, read

PAGE = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>How bees make honey – Example</title>
<script>alert("hack")</script></head><body><nav><a href="/">Home</a> <a href="/shop">Shop</a></nav><article>
<h1>How bees make honey</h1>
<p>A single jar of honey starts with about two million flowers, and every one of them was visited by a bee.</p>
<h2>The relay</h2><ul><li>Bees pass the nectar from mouth to mouth inside the hive.</li>
<li>Wings fan the water away until the honey is thick.</li></ul></article>
<footer>Cookies © 2026</footer></body></html>"""


def pdf(lines: list[str], password: str = "") -> bytes:
    writer = PdfWriter()
    page = writer.add_blank_page(595, 842)
    font = DictionaryObject(
        {
            NameObject(key): NameObject(value)
            for key, value in {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica"}.items()
        }
    )
    fonts = DictionaryObject({NameObject("/F1"): writer._add_object(font)})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    stream = DecodedStreamObject()
    shown = " ".join(f"({line}) Tj 0 -14 Td" for line in lines)
    stream.set_data(f"BT /F1 12 Tf 72 760 Td {shown} ET".encode("latin-1"))
    page[NameObject("/Contents")] = writer._add_object(stream)
    writer.add_metadata({"/Title": "Honey"})
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_markdown_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "bees.md"
    path.write_bytes(
        "---\nauthor: x\n---\r\n# How bees make honey\r\n\r\n\r\n\r\n- one\r\n- two\u202e\x07\r\n".encode()
    )
    assert read(path, "bees.md") == Reading(
        title="How bees make honey", text="# How bees make honey\n\n- one\n- two", name="bees.md"
    )


@pytest.mark.parametrize(
    ("data", "title"),
    [
        (b"How bees make honey\n\nThey fly.", "How bees make honey"),
        (b"They fly out at dawn.\nAnd back.", "the bees"),
        ("\ufeffBienen – Blüten".encode(), "Bienen – Blüten"),
        ("Bienen – Blüten".encode("utf-16"), "Bienen – Blüten"),
        ("Bienen – Blüten".encode("cp1252"), "Bienen – Blüten"),
    ],
)
def test_plain_text_in_its_encodings(data: bytes, title: str) -> None:
    assert read(data, "https://example.org/the-bees.txt?x=1").title == title


def test_html_gives_the_article_only() -> None:
    reading = read(PAGE.encode(), "https://example.org/bees")
    assert reading.title.startswith("How bees make honey")
    assert "two million flowers" in reading.text
    assert "- Wings fan the water away" in reading.text
    assert not {word for word in ("alert", "Shop", "Cookies") if word in reading.text}


def test_pdf_gives_its_text_in_paragraphs() -> None:
    reading = read(
        pdf(["A single jar of honey starts with", "about two mil-", "lion flowers.", "Bees fly."]), "honey.pdf"
    )
    assert reading.title == "Honey"
    assert reading.text == "A single jar of honey starts with about two million flowers.\nBees fly."


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "is empty"),
        (b" \n ", "is empty"),
        (b"!!! ... ---", "holds no text"),
        (bytes(range(256)) * 20, "is not a text"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "is not a text"),
        (b"x" * (LARGEST + 1), "is larger than"),
        (b"<html><body></body></html>", "without an article"),
        (b"%PDF-1.7\nnot really", "is a broken PDF"),
        (pdf(["Honey."])[:400], "is a broken PDF"),
        (pdf(["Honey."], password="secret"), "is locked"),
        (pdf([]), "holds no text"),
    ],
)
def test_what_is_no_document_is_refused_by_name(data: bytes, problem: str) -> None:
    with pytest.raises(Refused) as caught:
        read(data, "thing.bin")
    assert caught.value.message.startswith("thing.bin ")
    assert problem in caught.value.message


def test_folders_and_missing_files_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.txt"):
        with pytest.raises(Refused, match="is not a file"):
            read(path, path.name)


def test_a_long_document_is_cut_and_says_so() -> None:
    reading = read(b"honey " * LONGEST, "long.txt")
    assert len(reading.text) == LONGEST
    assert reading.cut


def test_without_the_extra_it_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "trafilatura", None)
    with pytest.raises(ToolMissing, match="reelwright\\[read\\]"):
        read(PAGE.encode(), "page.html")
    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "pypdf" else found(name))
    with pytest.raises(ToolMissing, match="reelwright\\[read\\]"):
        read(pdf(["Honey."]), "honey.pdf")


@given(st.binary(max_size=300).filter(lambda data: not data.startswith(b"%PDF-")))
def test_any_bytes_are_text_or_refused(data: bytes) -> None:
    try:
        reading = read(data, "thing.txt")
    except Refused:
        return
    assert reading.text
    assert "\0" not in reading.text


def word() -> bytes:
    import docx

    document = docx.Document()
    document.core_properties.title = "Honey"
    document.add_heading("How bees make honey", 0)
    document.add_heading("The relay", 1)
    document.add_paragraph("Bees pass the nectar on.")
    document.add_paragraph("Wings fan the water away", style="List Bullet")
    table = document.add_table(2, 2)
    for at, text in enumerate(("What", "How much", "Flowers", "2 million")):
        table.cell(at // 2, at % 2).text = text
    document.add_paragraph("Wax seals every cell.")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_a_word_document_keeps_its_order(tmp_path: Path) -> None:
    reading = read(word(), "honey.docx")
    assert reading.title == "Honey"
    assert reading.text == (
        "# How bees make honey\n\n## The relay\n\nBees pass the nectar on.\n\n- Wings fan the water away\n\n"
        "| What | How much |\n|---|---|\n| Flowers | 2 million |\n\nWax seals every cell."
    )


def archive(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in parts.items():
            file.writestr(name.replace("__", "/"), data)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (archive(**{"word/document.xml": b"<w:document", "[Content_Types].xml": b"<Types/>"}), "broken Word"),
        (archive(**{"word/document.xml": b"0" * 210_000_000}), "unpacks to more"),
        (archive(**{"other.txt": b"hello"}), "not a text"),
        (word()[:3000], "not a text"),
    ],
    ids=["broken", "a bomb", "another archive", "cut off"],
)
def test_archives_that_are_no_document_are_refused(data: bytes, says: str) -> None:
    with pytest.raises(Refused, match=says):
        read(data, "honey.docx")


SUBRIP = (
    "1\r\n00:00:01,000 --> 00:00:02,500\r\n<i>Bees dance</i>\r\n\r\n2\r\n00:00:02,500 --> 00:00:04,000\r\nat noon.\r\n"
)
WEBVTT = """WEBVTT - honey

NOTE made by hand

STYLE
::cue { color: red }

intro
00:01.000 --> 00:02.000 align:start
<v Ann>Bees &amp; wasps</v>

00:02.000 --> 00:03.000
dance.

00:03.000 --> 00:04.000
dance.
at noon
"""


@pytest.mark.parametrize(
    ("text", "said"), [(SUBRIP, "Bees dance at noon."), (WEBVTT, "Ann: Bees & wasps dance. at noon")]
)
def test_a_transcript_is_what_was_said(text: str, said: str) -> None:
    reading = read(text.encode(), "talk.srt")
    assert (reading.text, reading.title) == (said, "talk")
