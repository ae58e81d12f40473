"""The article in a web page, as Markdown, by trafilatura.

Knows nothing about where the page came from. Scripts do not run, nothing is loaded.
"""

from ..errors import Refused, ToolMissing


def html_text(page: str, name: str) -> tuple[str, str]:
    """Title and text.

    Raises:
        Refused: there is no article in it.
        ToolMissing: trafilatura is not installed.
    """
    try:
        from trafilatura import extract, extract_metadata
    except ImportError as error:
        raise ToolMissing(
            f"Reading the web page {name} needs trafilatura.", "Install it: pip install 'reelwright[read]'."
        ) from error
    text = extract(page, output_format="markdown", include_comments=False)
    if not text:
        raise Refused(f"{name} is a web page without an article.", "Copy the words into a text file.")
    found = extract_metadata(page)
    return str(found.title or "") if found else "", text
