"""The text of a Word document (.docx), as Markdown: headings, paragraphs, lists and tables in their order.

Knows nothing about layout. A hostile archive is refused by what it says it holds, before anything is unpacked.
"""

import io
import zipfile

from ..errors import Refused, ToolMissing

LARGEST = 200_000_000
"""Bytes that a document may unpack to: a thousand pages with their pictures."""


def is_docx(data: bytes) -> bool:
    """Whether these bytes are a Word document: an archive with its main part."""
    if not data.startswith(b"PK\x03\x04"):
        return False
    try:
        return "word/document.xml" in zipfile.ZipFile(io.BytesIO(data)).namelist()
    except zipfile.BadZipFile:
        return False


def docx_text(data: bytes, name: str) -> tuple[str, str]:
    """Title and text.

    Raises:
        Refused: it is broken, or would unpack to more than LARGEST.
        ToolMissing: python-docx is not installed.
    """
    try:
        import docx
        from docx.opc.exceptions import OpcError
        from docx.table import Table
    except ImportError as error:
        hint = "Install it: pip install 'reelwright[read]'."
        raise ToolMissing(f"Reading the Word document {name} needs python-docx.", hint) from error
    if sum(part.file_size for part in zipfile.ZipFile(io.BytesIO(data)).infolist()) > LARGEST:
        raise Refused(f"{name} unpacks to more than {LARGEST:,} bytes.", "Save the part you need as text.")
    try:
        document = docx.Document(io.BytesIO(data))
        blocks = [
            _table(block)
            if isinstance(block, Table)
            else _paragraph(block.text, block.style.name if block.style else "")
            for block in document.iter_inner_content()
        ]
    except (OpcError, AttributeError, KeyError, ValueError, SyntaxError, zipfile.BadZipFile) as error:
        raise Refused(f"{name} is a broken Word document: {error}.", "Save it again, or paste the words.") from error
    return str(document.core_properties.title or ""), "\n\n".join(block for block in blocks if block)


def _paragraph(text: str, style: str) -> str:
    text = " ".join(text.split())
    if not text:
        return ""
    if style == "Title":
        return f"# {text}"
    if style.startswith("Heading"):
        level = style.removeprefix("Heading").strip()
        return f"{'#' * (int(level) + 1 if level.isdigit() else 2)} {text}"
    return f"- {text}" if style.startswith("List") else text


def _table(table: object) -> str:
    rows = [[" ".join(cell.text.split()) for cell in row.cells] for row in table.rows]  # type: ignore[attr-defined]
    if not rows:
        return ""
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([lines[0], "|" + "---|" * len(rows[0]), *lines[1:]])
