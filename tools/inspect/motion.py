"""Motion between frames: each frame is foretold from the one before by optical flow, and what was not foretold is kept.

Knows nothing about cuts or about what is too much; opencv (the `ocr` extra) finds the flow.
"""

import importlib.util
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .frames import BLOCK, Plane, blocks

Bytes = NDArray[np.uint8]
_QUIET = 0.8
"""Part of the blocks, the best foretold, that the residual of a frame is the mean of: the rest is uncovered ground."""


@dataclass
class Motion:
    """Of every frame but the first: how far it is from what the flow foretells, and how far its picture moved."""

    residual: NDArray[np.float32]
    """Mean levels over the best foretold blocks."""
    moved: NDArray[np.float32]
    """Small pixels, the middle over the blocks."""
    apart: list[Bytes] = field(default_factory=list)
    """Levels of every block."""


def can_flow() -> bool:
    """Whether opencv is installed."""
    return importlib.util.find_spec("cv2") is not None


class Flow:
    """Follows the luma of small frames one by one."""

    def __init__(self) -> None:
        import cv2

        cv2.setNumThreads(1)
        # Its stubs lack the flow and know fewer overloads than it has.
        self._cv: Any = cv2
        self._dis = self._cv.DISOpticalFlow_create(self._cv.DISOPTICAL_FLOW_PRESET_ULTRAFAST)
        self._last: Plane | None = None
        self._grid: NDArray[np.float32] | None = None
        self._residual: list[float] = []
        self._moved: list[float] = []
        self._apart: list[Bytes] = []

    def see(self, luma: Plane) -> None:
        """The next frame."""
        if self._last is not None:
            self._compare(luma, self._last)
        self._last = luma

    def motion(self) -> Motion:
        """Everything followed so far."""
        return Motion(np.array(self._residual, np.float32), np.array(self._moved, np.float32), self._apart)

    def _compare(self, luma: Plane, last: Plane) -> None:
        # Backwards: for each pixel of this frame, where it stood in the last one.
        flow: NDArray[Any] = self._dis.calc(luma, last, None)
        if self._grid is None:
            rows, columns = np.mgrid[0 : luma.shape[0], 0 : luma.shape[1]].astype(np.float32)
            self._grid = np.dstack([columns, rows])
        foretold = self._cv.remap(last, self._grid + flow, None, self._cv.INTER_LINEAR, borderMode=1)
        # Light that changes everywhere is flicker's matter.
        change = int(np.median(luma[::5, ::5].astype(np.int16) - foretold[::5, ::5]))
        foretold = self._cv.add(foretold, float(change)) if change else foretold
        apart = blocks(self._cv.absdiff(luma, foretold)) / (BLOCK * BLOCK)
        ordered = np.sort(apart, axis=None)
        self._residual.append(float(ordered[: max(int(_QUIET * ordered.size), 1)].mean()))
        middle = flow[BLOCK // 2 :: BLOCK, BLOCK // 2 :: BLOCK]
        self._moved.append(float(np.median(np.abs(middle).sum(axis=2))))
        self._apart.append(np.minimum(apart, 255).astype(np.uint8))
