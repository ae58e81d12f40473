"""Typefaces from installed packages: static weights for libass, exact widths, fallbacks by script.

Knows nothing about layouts or captions. HarfBuzz measures here and shapes in libass: widths agree if ASS says Kerning.
"""

import hashlib
import importlib.util
import os
import re
import shutil
import tempfile
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from .errors import ToolMissing
from .fontcut import HINT, cut, harfbuzz, shaped

_REVISION = 2
"""Part of the cut files' names: raise it when the cutting changes."""
_NOTO = (
    *("Emoji", "Sans", "SansArabic", "SansArmenian", "SansBengali", "SansDevanagari", "SansEthiopic", "SansGeorgian"),
    *("SansGujarati", "SansGurmukhi", "SansHebrew", "SansKannada", "SansKhmer", "SansLao", "SansMalayalam"),
    *("SansMyanmar", "SansOriya", "SansSinhala", "SansSymbols", "SansTamil", "SansTelugu", "SansThai"),
)
_CJK = ("JP", "KR", "SC", "TC", "HK")
_IGNORED = frozenset(
    "\u200b\u200c\u200e\u200f\u2060\ufe0e\ufe0f\u00ad\ufeff\u2066\u2067\u2068\u2069\u202a\u202b\u202c\u202d\u202e"
)


@dataclass(frozen=True)
class Face:
    """One static font file, under a family name that no system font has. Metrics are parts of an em."""

    family: str
    """What to tell libass as the font's name, always with bold off."""
    path: Path
    weight: int
    ascent: float
    """Baseline to the top of libass's line box."""
    descent: float
    cap_height: float
    x_height: float
    folder: Path = field(repr=False)
    """Where the cut files are kept."""

    def ass_size(self, em_px: float) -> float:
        """The font size to tell libass for an em of `em_px` pixels: it fits ascent + descent into it."""
        return em_px * (self.ascent + self.descent)

    def covers(self, text: str) -> bool:
        """True where every visible character has a glyph here."""
        return _covers(self.path, text)

    def measure(self, text: str, em_px: float, spacing: float = 0.0) -> float:
        """Advance width in pixels, fallback faces and kerning included; `spacing` is libass's, in pixels."""
        width = sum(_advance(face.path, part) for part, face in runs(text, self)) * em_px
        return width + spacing * len(text)

    def ink(self, text: str) -> tuple[float, float]:
        """How far the letters reach above and below the baseline, in em, fallback faces included."""
        reaches = [_ink(face.path, part) for part, face in runs(text, self)] or [(0.0, 0.0)]
        return max(above for above, _ in reaches), max(below for _, below in reaches)


def family(name: str = "Inter", weight: int = 400, *, tabular: bool = False, folder: Path | None = None) -> Face:
    """A weight of an installed family; `tabular` gives every digit the same width (for numbers that count).

    Raises:
        ToolMissing: the package with the family is not installed.
    """
    slug = name.lower().replace(" ", "_")
    files = _package(f"fontpkg_{slug}") / "files"
    upright = sorted(path for path in files.glob("*wght*.ttf") if "Italic" not in path.name)
    if not upright:
        raise ToolMissing(f"The typeface {name} has no variable font here.", HINT)
    return _cut(upright[0], 0, name, weight, tabular, folder or _default_folder())


def families() -> tuple[str, ...]:
    """Names of the families that are installed, Inter first."""
    import pkgutil

    found = (each.name.removeprefix("fontpkg_") for each in pkgutil.iter_modules() if each.name.startswith("fontpkg_"))
    return tuple(sorted((name.replace("_", " ").title() for name in found), key=lambda name: (name != "Inter", name)))


def named(name: str, folder: Path | None = None) -> Face:
    """The face whose `family` is `name`, made again where its file is not here.

    Raises:
        ValueError: no face of ours has that name.
    """
    found = re.fullmatch(r"Reelwright (.+) (\d+)( Tab)?", name)
    if not found:
        raise ValueError(f"{name!r} is no face of ours")
    base, weight, place = found[1], int(found[2]), folder or _default_folder()
    if base.startswith("Noto CJK "):
        index = _CJK.index(base.rsplit(" ", 1)[1])
        return _cut(_package("manimgx_fonts_cjk") / "NotoSansCJK-VF.otf.ttc", index, base, weight, False, place)
    if base.startswith("Noto "):
        return _cut(
            _package("manimgx_fonts") / f"Noto{base.removeprefix('Noto ')}[wght].ttf", 0, base, weight, False, place
        )
    return family(base, weight, tabular=bool(found[3]), folder=folder)


def runs(text: str, face: Face) -> list[tuple[str, Face]]:
    """Split text into runs of one face each: what `face` lacks goes to the first fallback that has it."""
    if face.covers(text):
        return [(text, face)] if text else []
    parts: list[tuple[str, Face]] = []
    region = _region(text)
    joined = False
    for letter in text:
        sticky = joined or letter in _IGNORED or unicodedata.category(letter) in {"Mn", "Me", "Mc", "Cf", "Sk"}
        joined = letter == "\u200d"
        own = face if face.covers(letter) else _fallback(letter, face, region)
        chosen = parts[-1][1] if parts and sticky else own
        if parts and parts[-1][1] == chosen:
            parts[-1] = (parts[-1][0] + letter, chosen)
        else:
            parts.append((letter, chosen))
    return parts


def fonts_dir(faces: Iterable[Face]) -> Path:
    """A folder with exactly these files, for libass's `fontsdir=` (it reads every file that lies there)."""
    files = sorted({face.path for face in faces})
    if not files:
        raise ValueError("no faces")
    name = hashlib.sha256("\n".join(path.name for path in files).encode()).hexdigest()[:16]
    place = files[0].parent / f"set-{name}"
    if place.is_dir():
        return place
    temporary = Path(tempfile.mkdtemp(prefix=".set-", dir=place.parent))
    for path in files:
        try:
            os.link(path, temporary / path.name)
        except OSError:
            shutil.copyfile(path, temporary / path.name)
    try:
        temporary.rename(place)
    except OSError:  # another process was first
        shutil.rmtree(temporary)
    return place


def ass_escape(text: str) -> str:
    """The text as libass shows it literally: no tags, no line breaks, no bidi overrides."""
    plain = "".join(" " if letter in "\n\r\t" else letter for letter in text if _printable(letter))
    # A word joiner after each backslash keeps \\N, \\n and \\h from being read as breaks.
    return plain.replace("\\", "\\\u2060").replace("{", "\\{").replace("}", "\\}")


def ass_runs(text: str, face: Face, em_px: float) -> str:
    """Escaped text with the font tags its runs need; the line's style is `face` at `em_px`."""
    parts = []
    current = face
    for part, chosen in runs(text, face):
        if chosen != current:
            parts.append(f"{{\\fn{chosen.family}\\fs{chosen.ass_size(em_px):.2f}}}")
            current = chosen
        parts.append(ass_escape(part))
    if current != face:
        parts.append(f"{{\\fn{face.family}\\fs{face.ass_size(em_px):.2f}}}")
    return "".join(parts)


def right_to_left(text: str) -> bool:
    """True where the first strong letter belongs to a script written from right to left."""
    kinds = (unicodedata.bidirectional(letter) for letter in text)
    return next((kind in {"R", "AL"} for kind in kinds if kind in {"L", "R", "AL"}), False)


def _printable(letter: str) -> bool:
    if letter in "\n\r\t\u200d\u200c":
        return True
    return letter not in _IGNORED and unicodedata.category(letter) not in {"Cc", "Cs", "Co", "Cn"}


def _region(text: str) -> str:
    if any("\u3040" <= letter <= "\u30ff" for letter in text):
        return "JP"
    return "KR" if any("\uac00" <= letter <= "\ud7a3" for letter in text) else "SC"


@lru_cache(maxsize=4096)
def _fallback(letter: str, face: Face, region: str) -> Face:
    noto = _package("manimgx_fonts")
    for script in _NOTO:
        path = noto / f"Noto{script}[wght].ttf"
        if path.is_file() and ord(letter) in _coverage(path, 0):
            return _cut(path, 0, f"Noto {script}", face.weight, False, face.folder)
    path = _package("manimgx_fonts_cjk") / "NotoSansCJK-VF.otf.ttc"
    index = _CJK.index(region)
    if path.is_file() and ord(letter) in _coverage(path, index):
        # Two weights are enough: a whole CJK face takes three seconds to cut.
        return _cut(path, index, f"Noto CJK {region}", 700 if face.weight > 550 else 400, False, face.folder)
    return face


def _package(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise ToolMissing(f"The fonts of {name} are not installed.", HINT)
    return Path(next(iter(spec.submodule_search_locations)))


@cache
def _default_folder() -> Path:
    from platformdirs import user_cache_dir

    return Path(user_cache_dir("reelwright")) / "fonts"


@cache
def _coverage(path: Path, index: int) -> frozenset[int]:
    hb = harfbuzz()
    return frozenset(hb.Face(hb.Blob.from_file_path(str(path)), index).unicodes)


@lru_cache(maxsize=65536)
def _covers(path: Path, text: str) -> bool:
    known = _coverage(path, 0)
    return all(letter in _IGNORED or letter.isspace() or ord(letter) in known for letter in text)


@cache
def _cut(source: Path, index: int, name: str, weight: int, tabular: bool, folder: Path) -> Face:
    family_name = f"Reelwright {name} {weight}" + (" Tab" if tabular else "")
    slug = family_name.lower().replace(" ", "-")
    ending = ".otf" if source.suffix == ".ttc" else source.suffix
    place = folder / f"{slug}-{source.stat().st_size:x}-{_REVISION}{ending}"
    if not place.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(prefix=".cut-", dir=folder)
        with os.fdopen(handle, "wb") as file:
            file.write(cut(source, index, family_name, weight, tabular=tabular))
        os.replace(temporary, place)
    return _face(place, family_name, weight, folder)


def _face(path: Path, family_name: str, weight: int, folder: Path) -> Face:
    from fontTools.ttLib import TTFont

    with TTFont(path, lazy=True) as font:
        em, os2 = font["head"].unitsPerEm, font["OS/2"]
        return Face(
            family=family_name,
            path=path,
            weight=weight,
            ascent=os2.usWinAscent / em,
            descent=os2.usWinDescent / em,
            cap_height=getattr(os2, "sCapHeight", 0) / em or 0.7,
            x_height=getattr(os2, "sxHeight", 0) / em or 0.5,
            folder=folder,
        )


@cache
def _font(path: Path) -> Any:
    hb = harfbuzz()
    return hb.Font(hb.Face(hb.Blob.from_file_path(str(path))))


@lru_cache(maxsize=65536)
def _advance(path: Path, text: str) -> float:
    font = _font(path)
    positions = shaped(font, text).glyph_positions or []
    return float(sum(position.x_advance for position in positions) / font.face.upem)


@lru_cache(maxsize=16384)
def _ink(path: Path, text: str) -> tuple[float, float]:
    font = _font(path)
    above = below = 0.0
    buffer = shaped(font, text)
    for info, position in zip(buffer.glyph_infos, buffer.glyph_positions or [], strict=True):
        box = font.get_glyph_extents(info.codepoint)
        above = max(above, box.y_bearing + position.y_offset)
        below = max(below, -(box.y_bearing + box.height + position.y_offset))
    return above / font.face.upem, below / font.face.upem
