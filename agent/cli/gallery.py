"""`gallery`: every style sheet, background and layout as pictures, and a page that shows them."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from PIL.Image import Image

    from ...tools.video.motion.samples import Sample

TITLES = {"layout": "Layouts", "background": "Backgrounds", "sheet": "Style sheets"}
COLUMNS, GAP, CELL = 10, 6, 150
"""A contact sheet: pictures across, pixels between them, pixels of each across."""


def gallery(
    out: Annotated[Path, typer.Option(help="The folder to write pictures and index.html into.")] = Path("gallery"),
    short: Annotated[int, typer.Option(help="Pixels of a picture's short side.", min=120, max=1080)] = 540,
    loops: Annotated[bool, typer.Option("--loops", help="Short films instead of stills (a few minutes).")] = False,
    contact: Annotated[
        bool, typer.Option("--contact", help="Only one small contact sheet a kind, as in docs/gallery.")
    ] = False,
) -> None:
    """Draw every style sheet, background and layout in 9:16, 16:9 and 1:1, and a page that shows them.

    Example: reelwright gallery --out gallery
    """
    import tempfile

    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        if contact:
            _contact(out, Path(folder))
            print(f"{out}: {', '.join(sorted(path.name for path in out.glob('*.jpg')))}")
            return
        names = list(_pictures(out, Path(folder), short, loops))
    (out / "index.html").write_text(page(names), "utf-8")
    print(out / "index.html")


def _pictures(out: Path, scratch: Path, short: int, loops: bool) -> Iterator[tuple[str, str, str, str]]:
    """Draws one picture after another; yields its kind, name, shape and file."""
    from PIL.Image import fromarray

    from ...tools.video.motion.samples import SHAPES, SHOWN, samples
    from ...tools.video.motion.stills import clip, still

    for sample in samples():
        for shape in SHAPES:
            request = sample.request(shape, short)
            name = f"{sample.kind}-{sample.name}-{shape}.{'mp4' if loops else 'jpg'}"
            if loops:
                clip(request, out / name, scratch)
            else:
                fromarray(still(request, SHOWN, scratch)).save(out / name, quality=88)
            yield sample.kind, sample.name, shape, name


def page(pictures: list[tuple[str, str, str, str]]) -> str:
    """The page: one section a kind, one row a name, its three shapes side by side."""
    from html import escape

    sections = []
    for kind, title in TITLES.items():
        rows: dict[str, list[str]] = {}
        for each, name, shape, file in pictures:
            if each == kind:
                ratio = shape.replace("x", "/")
                look = f'style="aspect-ratio:{ratio};--wide:{ratio}"'
                media = (
                    f'<video src="{file}" {look} autoplay loop muted playsinline></video>'
                    if file.endswith(".mp4")
                    else f'<img src="{file}" {look} loading="lazy" alt="{escape(name)}, {shape}">'
                )
                rows.setdefault(name, []).append(media)
        figures = "\n".join(
            f'<figure><div class="shapes">{"".join(media)}</div><figcaption>{escape(name)}</figcaption></figure>'
            for name, media in rows.items()
        )
        sections.append(f"<section><h2>{title} <small>{len(rows)}</small></h2>\n{figures}</section>")
    return _PAGE.replace("{sections}", "\n".join(sections))


def _contact(out: Path, scratch: Path) -> None:
    from ...tools.video.motion.samples import samples

    for kind, title in TITLES.items():
        chosen = [sample for sample in samples() if sample.kind == kind]
        name = title.lower().replace(" ", "-")
        _sheet(chosen, scratch).save(out / f"{name}.jpg", quality=80, optimize=True)


def _sheet(chosen: "list[Sample]", scratch: Path) -> "Image":
    """All of a kind in one picture: upright, across, square."""
    from PIL import Image

    from ...tools.video.motion.samples import SHAPES, SHOWN
    from ...tools.video.motion.stills import still

    columns = -(-len(chosen) // -(-len(chosen) // COLUMNS))  # rows that are all full
    width = columns * (CELL + GAP) - GAP
    rows = -(-len(chosen) // columns)
    sizes = {shape: (CELL, CELL * high // wide) for shape, (wide, high) in SHAPES.items()}
    height = sum(rows * (size[1] + GAP) for size in sizes.values()) - GAP
    sheet = Image.new("RGB", (width, height), "#0D0E12")
    top = 0
    for shape, size in sizes.items():
        for at, sample in enumerate(chosen):
            picture = Image.fromarray(still(sample.request(shape, 540), SHOWN, scratch)).resize(
                size, Image.Resampling.LANCZOS
            )
            sheet.paste(picture, (at % columns * (CELL + GAP), top + at // columns * (size[1] + GAP)))
        top += rows * (size[1] + GAP)
    return sheet


_PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>Reelwright: motion graphics</title>
<style>
:root{color-scheme:dark;--paper:#0d0e12;--ink:#f2f1ee;--quiet:#9a9ba3;--line:#23252d}
*{box-sizing:border-box}body{margin:0;padding:4rem clamp(1rem,4vw,4rem);background:var(--paper);color:var(--ink);
font:400 16px/1.5 ui-sans-serif,system-ui,sans-serif}
h1{font-size:clamp(2rem,5vw,3.5rem);line-height:1.05;letter-spacing:-.03em;margin:0 0 .5rem}
h1+p{color:var(--quiet);max-width:46ch;margin:0 0 4rem}
h2{font-size:1.4rem;letter-spacing:-.01em;border-top:1px solid var(--line);padding-top:1.2rem;margin:4rem 0 1.6rem}
small{color:var(--quiet);font-weight:400;margin-left:.4rem}
section{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,30rem),1fr));gap:2.4rem 2rem}
section h2{grid-column:1/-1;margin-bottom:0}
figure{margin:0}.shapes{display:flex;gap:.5rem}
.shapes>*{flex:calc(var(--wide)) 1 0;min-width:0;width:100%;border-radius:6px;background:#000;display:block}
figcaption{color:var(--quiet);font-size:.85rem;margin-top:.6rem}
</style>
<h1>Motion graphics</h1>
<p>Every layout, background and style sheet, drawn by Reelwright itself in three shapes. Rendered, not generated.</p>
{sections}
</html>
"""
