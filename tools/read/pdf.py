"""The text of a PDF, by pypdf in a process of its own.

Knows nothing about layout. A hostile PDF can loop or swell without end: the process is limited in time and memory.
"""

import importlib.util
import json
import re
import subprocess
import sys

from ..errors import Refused, ToolMissing
from . import LONGEST

SECONDS = 60
MEMORY = 1 << 30
PAGES = 300
_LOCKED = 3
_READER = f"""
import io, json, logging, sys
try:
    import resource
    resource.setrlimit(resource.RLIMIT_AS, ({MEMORY}, {MEMORY}))
    resource.setrlimit(resource.RLIMIT_CPU, ({SECONDS}, {SECONDS}))
except ImportError:
    pass
import pypdf
logging.disable(logging.CRITICAL)
reader = pypdf.PdfReader(io.BytesIO(sys.stdin.buffer.read()))
if reader.is_encrypted and not reader.decrypt(""):
    sys.exit({_LOCKED})
texts, size = [], 0
for number in range(min(len(reader.pages), {PAGES})):
    texts.append(reader.pages[number].extract_text())
    size += len(texts[-1])
    if size > {LONGEST}:
        break
title = (reader.metadata.title if reader.metadata else "") or ""
sys.stdout.write(json.dumps([str(title), "\\n\\n".join(texts)]))
"""


def pdf_text(data: bytes, name: str) -> tuple[str, str]:
    """Title and text, paragraphs unbroken.

    Raises:
        Refused: it is broken, encrypted, or takes too long.
        ToolMissing: pypdf is not installed.
    """
    if importlib.util.find_spec("pypdf") is None:
        raise ToolMissing(f"Reading the PDF {name} needs pypdf.", "Install it: pip install 'reelwright[read]'.")
    command = [sys.executable, "-P", "-c", _READER]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=2 * SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        raise Refused(f"{name} takes too long to read.", "Print it to a new PDF, or paste the words.") from error
    if done.returncode == _LOCKED:
        raise Refused(f"{name} is locked with a password.", "Save it without one.")
    if done.returncode:
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines() or ["too much memory or time"]
        raise Refused(f"{name} is a broken PDF: {lines[-1][:200]}.", "Print it to a new PDF, or paste the words.")
    title, text = json.loads(done.stdout)
    return title, _unbroken(text)


def _unbroken(text: str) -> str:
    """Lines of one paragraph become one line: a PDF breaks them where its page is narrow."""
    text = re.sub(r"(?<=[a-zà-ÿ])-\n(?=[a-zà-ÿ])", "", text)
    return re.sub(r"(?<![.!?:\n])\n(?=[a-zà-ÿ(])", " ", text)
