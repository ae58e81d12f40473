"""Phonemes: text in IPA, from espeak-ng in a process of its own (it is GPL, so it is never imported here).

Knows nothing about voices or models.
"""

import importlib.util
import subprocess
import sys
from collections.abc import Sequence
from functools import lru_cache

from ..errors import ToolBusy, ToolFailed, ToolMissing

_CHILD = """
import sys
from piper.phonemize_espeak import EspeakPhonemizer
speaker = EspeakPhonemizer()
for line in sys.stdin:
    print("".join(mark for part in speaker.phonemize(sys.argv[1], line.rstrip("\\n")) for mark in part), flush=True)
"""
"""Piper's package carries espeak-ng with its dictionaries: the same phonemes on every machine."""
_PATIENCE = 60.0


def installed() -> None:
    """Raise ToolMissing unless espeak-ng can be run; its package is found, not imported."""
    if importlib.util.find_spec("piper") is None:
        raise ToolMissing("espeak-ng's phonemes are not installed.", "Install them: pip install 'reelwright[film]'.")


@lru_cache(maxsize=2000)
def phonemes(text: str, voice: str) -> str:
    """The text in IPA with its punctuation, by an espeak-ng voice such as en-us.

    Raises:
        ToolFailed: espeak-ng does not know the voice, or failed.
        ToolBusy: it does not answer.
    """
    return " ".join(_lines([" ".join(text.split())], voice)).strip()


def _lines(lines: Sequence[str], voice: str) -> list[str]:
    command = [sys.executable, "-c", _CHILD, voice]
    try:
        done = subprocess.run(
            command, input="\n".join([*lines, ""]).encode(), capture_output=True, timeout=_PATIENCE, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise ToolBusy(f"espeak-ng took longer than {_PATIENCE:g} s.", "It will be tried again.") from error
    if done.returncode:
        why = (done.stderr.decode("utf-8", "replace").strip().splitlines() or ["no reason given"])[-1]
        raise ToolFailed(f"espeak-ng gave no phonemes for the voice {voice}: {why[:200]}")
    return done.stdout.decode("utf-8").splitlines()
