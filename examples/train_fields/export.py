"""Writes what ships: `python examples/train_fields/export.py runs/stunet runs/quick tools/video/fields`.

One file of weights, safetensors in half precision, has both networks: `final.` in many guided steps, `quick.` distilled
to few, and what both have alike (`ALIKE`), once. Two ONNX graphs without weights of their own point into it, and
widen the numbers when they are loaded.
"""

import json
import sys
import warnings
from pathlib import Path

import numpy as np
import torch
from captions import NAMES
from data import embed
from torch import nn

from reelwright.tools.video.fields.network import ALIKE, GUIDES, NUMBERS, TEXT, STUNet

WEIGHTS = "fields.safetensors"


def load(folder: Path) -> STUNet:
    """The averaged weights of a run."""
    network = STUNet()
    network.load_state_dict(torch.load(folder / "checkpoint.pt", weights_only=True)["average"])
    return network.eval()


def write(networks: dict[str, nn.Module], folder: Path) -> None:
    """fields.safetensors, and a graph for each network, named like it."""
    from safetensors.torch import save_file

    weights = {
        called(name, part): weight.half().contiguous()
        for name, network in networks.items()
        for part, weight in network.state_dict().items()
    }
    save_file(weights, folder / WEIGHTS, metadata={"format": "pt"})
    for name, network in networks.items():
        graph(network, folder / f"{name}.onnx")
        point(folder / f"{name}.onnx", name)


def called(name: str, part: str) -> str:
    """What a part of a network is called in the file of weights."""
    return part if part.startswith(ALIKE) else f"{name}.{part}"


def graph(network: nn.Module, target: Path) -> None:
    """The network as ONNX; batch, frames, rows and columns stay free."""
    given = {
        "noisy": torch.zeros(1, 3, 16, 36, 20),
        "time": torch.zeros(1),
        "text": torch.zeros(1, TEXT),
        "numbers": torch.zeros(1, NUMBERS),
        "guide": torch.zeros(1, GUIDES, 16, 36, 20),
    }
    clip = {0: "batch", 2: "frames", 3: "rows", 4: "columns"}
    axes = {name: clip if values.ndim == 5 else {0: "batch"} for name, values in given.items()} | {"velocity": clip}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the older exporter is the one that keeps every side free
        torch.onnx.export(
            network,
            tuple(given.values()),
            str(target),
            input_names=list(given),
            output_names=["velocity"],
            dynamic_axes=axes,
            dynamo=False,
            opset_version=17,
            do_constant_folding=False,
        )


def point(target: Path, name: str) -> None:
    """Take the weights out of a graph and point to where they lie in the safetensors file beside it."""
    import onnx
    from onnx import TensorProto, helper

    places = offsets(target.parent / WEIGHTS)
    model = onnx.load(str(target))
    casts, nodes = [], list(model.graph.node)
    for weight in model.graph.initializer:
        begin, end = places[called(name, weight.name)]
        casts.append(helper.make_node("Cast", [weight.name + ".half"], [weight.name], to=TensorProto.FLOAT))
        weight.name += ".half"
        weight.data_type = TensorProto.FLOAT16
        weight.ClearField("raw_data")
        weight.data_location = TensorProto.EXTERNAL
        for key, value in (("location", WEIGHTS), ("offset", begin), ("length", end - begin)):
            weight.external_data.add(key=key, value=str(value))
    del model.graph.node[:]
    model.graph.node.extend([*casts, *nodes])
    target.write_bytes(model.SerializeToString())


def offsets(path: Path) -> dict[str, tuple[int, int]]:
    """Where each tensor of a safetensors file begins and ends, in bytes of the file."""
    with path.open("rb") as held:
        long = int.from_bytes(held.read(8), "little")
        header = json.loads(held.read(long))
    start = 8 + long
    return {
        name: (start + row["data_offsets"][0], start + row["data_offsets"][1])
        for name, row in header.items()
        if name != "__metadata__"
    }


def captions(path: Path) -> None:
    """The captions that ship with their vectors: every taught name, plain and in two tempers."""
    texts = []
    for names, _ in NAMES.values():
        texts += [*names, *(f"{temper} {name}" for name in names[:2] for temper in ("slow, large", "gentle, faint"))]
    np.savez_compressed(path, captions=np.array(texts), vectors=embed(texts).astype(np.float16))


if __name__ == "__main__":
    teacher, student, out = (Path(each) for each in sys.argv[1:])
    captions(out / "captions.npz")
    write({"final": load(teacher), "quick": load(student)}, out)
