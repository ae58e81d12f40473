"""Faces, where a detector is installed: OpenCV with its own cascade, or with a YuNet model that somebody names.

Knows nothing about crops. OpenCV is an extra: without it, or without a model, nobody looks for faces.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from .saliency import Faces

Box = tuple[float, float, float, float]
_SURE = 0.7
_SMALLEST = 0.06
"""Height of a face, as a part of the picture's, below which it is not what the picture is about."""


def finder(model: str = "") -> Faces | None:
    """The best detector there is; None without one.

    Args:
        model: a YuNet ONNX file.
    """
    try:
        import cv2
    except ImportError:
        return None
    if model and Path(model).is_file() and hasattr(cv2, "FaceDetectorYN"):
        return _yunet(cv2, model)
    cascade = Path(cv2.data.haarcascades) / "haarcascade_frontalface_default.xml" if hasattr(cv2, "data") else None
    if cascade is None or not cascade.is_file() or not hasattr(cv2, "CascadeClassifier"):
        return None
    return _cascade(cv2, cascade)


def _yunet(cv2: Any, model: str) -> Faces:
    detector = cv2.FaceDetectorYN.create(model, "", (320, 320), _SURE)

    def find(picture: npt.NDArray[np.uint8]) -> Sequence[Box]:
        larger = cv2.resize(picture[..., ::-1], None, fx=3, fy=3, interpolation=cv2.INTER_CUBIC)
        height, width = larger.shape[:2]
        detector.setInputSize((width, height))
        found = detector.detect(larger)[1]
        rows = () if found is None else found
        return _large([(x / width, y / height, wide / width, high / height) for x, y, wide, high, *_ in rows])

    return find


def _cascade(cv2: Any, path: Path) -> Faces:
    detector = cv2.CascadeClassifier(str(path))

    def find(picture: npt.NDArray[np.uint8]) -> Sequence[Box]:
        grey = cv2.resize(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), None, fx=3, fy=3, interpolation=cv2.INTER_CUBIC)
        height, width = grey.shape
        found = detector.detectMultiScale(grey, 1.15, 6)
        return _large([(x / width, y / height, w / width, h / height) for x, y, w, h in found])

    return find


def _large(boxes: Sequence[Box]) -> Sequence[Box]:
    return [box for box in boxes if box[3] >= _SMALLEST]
