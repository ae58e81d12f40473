"""A person's own file comes in: once through the ffmpeg door, copied to the shelf, with its name and side-car text.

Knows nothing about which shot it will be shown in.
"""

import shutil
import uuid
from pathlib import Path

from ..memory.assets import AssetStore
from ..tools import ffmpeg
from ..tools.errors import Refused
from ..tools.media import Asset, Size
from ..tools.stock.notes import LICENCE, beside

STILLS = {"png", "jpg", "jpeg", "webp"}


def bring_in(path: Path, shelf: AssetStore) -> Asset:
    """Check the file and copy it to the shelf; a licence is taken from a side-car line such as `licence: CC0-1.0`.

    Raises:
        Refused: the file is empty, broken, hostile or holds no picture; the message names it.
    """
    ending = path.suffix.lstrip(".").lower()
    # Without its ending: ffmpeg takes photo.jpg for a pattern of numbered pictures, which is fenced off.
    shelf.root.mkdir(parents=True, exist_ok=True)
    copy = shelf.root / f".{uuid.uuid4().hex}"
    shutil.copyfile(path, copy)
    try:
        stream = ffmpeg.probe(copy).video
        if stream is None:
            raise Refused("it holds no picture.", "Take it out of the --assets folder.")
    except Refused as error:
        copy.unlink()
        raise Refused(f"{path.name} cannot be used: {error.message}", error.hint) from error
    text = beside(path)
    licence = LICENCE.search(text)
    return shelf.add(
        copy,
        lambda digest: Asset(
            id=digest,
            kind="image" if ending in STILLS else "video",
            format=ending,
            frames=None if ending in STILLS else stream.frames,
            rate=None if ending in STILLS else stream.rate,
            size=Size(width=stream.width // 2 * 2, height=stream.height // 2 * 2),
            licence=licence[1].strip() if licence else "unknown",
            origin=f"{path.name}\n{text}".strip(),
        ),
    )
