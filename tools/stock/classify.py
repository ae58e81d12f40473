"""Tags: what an ImageNet classifier sees in a picture, by a packaged EfficientNet-Lite0 on onnxruntime.

Knows nothing about files. The network is written down here and its weights are read as plain tensors, so that neither
torch nor a pickle is loaded. Liu 2020, "EfficientNet-Lite"; a thousand names of things, animals and places: it knows no
people, and nothing about what happens.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from ..errors import ToolMissing
from ..tensors import read_tensors
from .vectors import Pixels

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

MODEL = "efficientnet-lite0"
"""In the model lock."""
SIDE = 224
SURE = 0.14
"""Probability below which a name is a guess."""
MOST = 3
GUESSES = 10
"""Names that are kept with their probabilities: Norouzi et al. 2014 take ten as well."""
_LEAST = 0.001
_BLOCKS = ((1, 3, 1, 1), (2, 3, 2, 6), (2, 5, 2, 6), (3, 3, 2, 6), (3, 5, 1, 6), (4, 5, 2, 6), (1, 3, 1, 6))
"""Repeats, kernel, stride and expansion of each stage."""
_EPSILON = 1e-3
_Weights = Mapping[str, NDArray[Any]]


Guesses = tuple[tuple[str, float], ...]
"""Names with their probabilities, the surest first."""


class Tagger(Protocol):
    """Names what a picture shows."""

    name: str

    def guess(self, pictures: Sequence[Pixels]) -> list[Guesses]:
        """What each picture may show."""
        ...


def sure(guesses: Guesses) -> tuple[str, ...]:
    """The names that can be relied upon; none where nothing is sure.

    >>> sure((("pier", 0.6), ("lakeside", 0.2), ("dam", 0.01)))
    ('pier', 'lakeside')
    """
    return tuple(name for name, part in guesses[:MOST] if part >= SURE)


class EfficientNet:
    """A Tagger. Its weights are read when it is first asked."""

    name = MODEL

    def __init__(self, weights: Path) -> None:
        self._path = weights

    def guess(self, pictures: Sequence[Pixels]) -> list[Guesses]:
        """Names by the mean over a few crops: a wide picture is more than its middle."""
        return [self._named(picture) for picture in pictures]

    def _named(self, picture: Pixels) -> Guesses:
        scores = self._session.run(None, {"picture": _crops(picture)})[0]
        part = np.exp(scores - scores.max(axis=1, keepdims=True))
        part /= part.sum(axis=1, keepdims=True)
        # The mean knows the whole picture, the best crop a small thing in it.
        likely = np.maximum(part.mean(axis=0), 0.6 * part.max(axis=0))
        best = np.argsort(-likely, kind="stable")[:GUESSES]
        return tuple((self._names[at], round(float(likely[at]), 3)) for at in best if likely[at] >= _LEAST)

    @cached_property
    def _names(self) -> list[str]:
        return Path(__file__).with_name("imagenet.txt").read_text("utf-8").splitlines()

    @cached_property
    def _session(self) -> "InferenceSession":
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # many files are looked at side by side
        options.log_severity_level = 3
        network = _network(read_tensors(self._path))
        return onnxruntime.InferenceSession(network, options, providers=["CPUExecutionProvider"])


def _crops(picture: Pixels) -> NDArray[np.float32]:
    """Squares along the longer side (the middle one, and both ends of a long picture), as the network wants them."""
    from PIL import Image

    height, width = picture.shape[:2]
    side = min(height, width)
    room = max(height, width) - side
    starts = [room // 2] if room < side // 5 else [0, room // 2, room]
    rows = []
    for start in starts:
        left, top = (start, 0) if width >= height else (0, start)
        part = Image.fromarray(np.ascontiguousarray(picture[top : top + side, left : left + side]))
        rows.append(np.asarray(part.resize((SIDE, SIDE), Image.Resampling.BICUBIC), np.float32))
    crops: NDArray[np.float32] = ((np.stack(rows) - 127.0) / 128.0).transpose(0, 3, 1, 2).astype(np.float32)
    return crops


class _Net:
    """An ONNX graph that grows layer by layer."""

    def __init__(self, weights: _Weights) -> None:
        from onnx import helper, numpy_helper

        self._weights = weights
        self._helper, self._tensor = helper, numpy_helper.from_array
        self.nodes: list[Any] = []
        self.values: list[Any] = [
            self._tensor(np.array(0, np.float32), "low"),
            self._tensor(np.array(6, np.float32), "high"),
        ]
        self.last = "picture"

    def add(self, kind: str, inputs: Sequence[str], **attributes: Any) -> str:
        """A node; its output is what comes last."""
        self.last = f"v{len(self.nodes)}"
        self.nodes.append(self._helper.make_node(kind, list(inputs), [self.last], **attributes))
        return self.last

    def value(self, array: NDArray[Any]) -> str:
        """A constant."""
        name = f"w{len(self.values)}"
        self.values.append(self._tensor(np.ascontiguousarray(array, np.float32), name))
        return name

    def layer(self, conv: str, norm: str, *, kernel: int, stride: int = 1, groups: int = 1, bent: bool = True) -> None:
        """A convolution with its normalisation folded in, and ReLU6."""
        read = self._weights
        factor = read[f"{norm}.weight"] / np.sqrt(read[f"{norm}.running_var"] + _EPSILON)
        weight = self.value(read[f"{conv}.weight"] * factor[:, None, None, None])
        bias = self.value(read[f"{norm}.bias"] - read[f"{norm}.running_mean"] * factor)
        shape = {"kernel_shape": [kernel, kernel], "strides": [stride, stride]}
        self.add("Conv", (self.last, weight, bias), **shape, group=groups, auto_pad="SAME_UPPER")
        if bent:
            self.add("Clip", (self.last, "low", "high"))


def _network(weights: _Weights) -> bytes:
    try:
        from onnx import TensorProto, helper
    except ImportError as error:
        raise ToolMissing("onnx is not installed.", "Install it: pip install 'reelwright[stock]'.") from error
    net = _Net(weights)
    net.layer("_conv_stem", "_bn0", kernel=3, stride=2)
    number = 0
    for repeats, kernel, stride, expansion in _BLOCKS:
        for repeat in range(repeats):
            _block(net, f"_blocks.{number}", kernel, stride if repeat == 0 else 1, expansion > 1, repeat > 0, weights)
            number += 1
    net.layer("_conv_head", "_bn1", kernel=1)
    net.add("GlobalAveragePool", (net.last,))
    net.add("Flatten", (net.last,))
    net.add("Gemm", (net.last, net.value(weights["_fc.weight"]), net.value(weights["_fc.bias"])), transB=1)
    graph = helper.make_graph(
        net.nodes,
        MODEL,
        [helper.make_tensor_value_info("picture", TensorProto.FLOAT, ["n", 3, SIDE, SIDE])],
        [helper.make_tensor_value_info(net.last, TensorProto.FLOAT, ["n", 1000])],
        net.values,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    data: bytes = model.SerializeToString()
    return data


def _block(net: _Net, name: str, kernel: int, stride: int, expand: bool, again: bool, weights: _Weights) -> None:
    """An inverted bottleneck; a repeated one adds what it was given."""
    given = net.last
    if expand:
        net.layer(f"{name}._expand_conv", f"{name}._bn0", kernel=1)
    wide = weights[f"{name}._depthwise_conv.weight"].shape[0]
    net.layer(f"{name}._depthwise_conv", f"{name}._bn1", kernel=kernel, stride=stride, groups=wide)
    net.layer(f"{name}._project_conv", f"{name}._bn2", kernel=1, bent=False)
    if again:
        net.add("Add", (given, net.last))
