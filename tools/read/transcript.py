"""The words of a transcript (SubRip or WebVTT), as sentences without times.

Knows cues; knows nothing about the film they were spoken in.
"""

import html
import re

_TIME = r"(?:\d+:)?\d{1,2}:\d{2}[,.]\d{1,3}"
_CUE = re.compile(rf"^[ \t]*{_TIME}[ \t]*-->[ \t]*{_TIME}.*$", re.MULTILINE)
_TAG = re.compile(r"<[^<>\n]{0,200}>|\{\\[^{}\n]{0,200}\}")
_BESIDE = re.compile(r"^(?:NOTE|STYLE|REGION)\b")


def is_transcript(text: str) -> bool:
    r"""Whether a text is a transcript: cues with their times.

    >>> is_transcript("1\n00:00:01,000 --> 00:00:02,500\nHello."), is_transcript("At 00:01 --> hello")
    (True, False)
    """
    head = text[:4000].lstrip("\ufeff")
    opens = head.startswith("WEBVTT") or re.match(r"\s*\d+\s*\n", head)
    return bool(opens and _CUE.search(head))


def transcript_text(text: str) -> str:
    r"""What is said, a line that rolls over from cue to cue once.

    >>> transcript_text("WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ann>Bees dance\n\n00:02.000 --> 00:03.000\nat noon.")
    'Ann: Bees dance at noon.'
    """
    said: list[str] = []
    for block in re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n").replace("\r", "\n")):
        found = _CUE.search(block)
        if not found or _BESIDE.match(block):
            continue
        for line in block[found.end() :].strip().splitlines():
            named = re.sub(r"<v(?:\.[\w.]+)?\s+([^<>]{1,80})>", r"\1: ", line)
            plain = " ".join(html.unescape(_TAG.sub("", named)).split())
            if plain and plain not in said[-2:]:
                said.append(plain)
    return re.sub(r"(?<=[.!?…])\s+(?=[\w\"“-]+:\s)", "\n\n", " ".join(said))
