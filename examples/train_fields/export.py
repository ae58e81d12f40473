"""Writes what ships: `python examples/train_fields/export.py runs/stunet/checkpoint.pt tools/video/fields`.

The average's weights as safetensors in half precision, and the same as ONNX for onnxruntime: its weights too are kept
in half precision and widened when the model is loaded.
"""

import sys
from pathlib import Path

import numpy as np
import torch
from captions import NAMES
from data import embed

from reelwright.tools.video.fields.network import STUNet


def load(path: Path, network: torch.nn.Module) -> torch.nn.Module:
    """The averaged weights of a checkpoint."""
    network.load_state_dict(torch.load(path, weights_only=True)["average"])
    return network.eval()


def write(network: torch.nn.Module, folder: Path) -> None:
    """fields.safetensors and fields.onnx."""
    from safetensors.torch import save_file

    save_file(
        {name: weight.half().contiguous() for name, weight in network.state_dict().items()},
        folder / "fields.safetensors",
    )
    given = (
        torch.zeros(1, 3, 16, 36, 20),
        torch.zeros(1),
        torch.zeros(1, 384),
        torch.zeros(1, 6),
        torch.zeros(1, 7, 16, 36, 20),
    )
    free = {0: "batch", 2: "frames", 3: "rows", 4: "columns"}
    names = ["noisy", "time", "text", "numbers", "guide"]
    axes = {
        "noisy": free,
        "guide": free,
        "velocity": free,
        "time": {0: "batch"},
        "text": {0: "batch"},
        "numbers": {0: "batch"},
    }
    target = folder / "fields.onnx"
    torch.onnx.export(
        network,
        given,
        str(target),
        input_names=names,
        output_names=["velocity"],
        dynamic_axes=axes,
        dynamo=False,
        opset_version=17,
    )
    narrow(target)


def narrow(path: Path) -> None:
    """Half-precision weights, cast where they are used."""
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    model = onnx.load(str(path))
    kept, casts = [], []
    for weight in model.graph.initializer:
        values = numpy_helper.to_array(weight)
        if weight.data_type != TensorProto.FLOAT or values.size < 64:
            kept.append(weight)
            continue
        kept.append(numpy_helper.from_array(values.astype(np.float16), weight.name + ".half"))
        casts.append(helper.make_node("Cast", [weight.name + ".half"], [weight.name], to=TensorProto.FLOAT))
    nodes = list(model.graph.node)
    del model.graph.initializer[:], model.graph.node[:]
    model.graph.initializer.extend(kept)
    model.graph.node.extend([*casts, *nodes])
    onnx.checker.check_model(model)
    onnx.save(model, str(path))


def captions(path: Path) -> None:
    """The captions that ship with their vectors: every taught name, plain and in two tempers."""
    texts = []
    for names, _ in NAMES.values():
        texts += [*names, *(f"{temper} {name}" for name in names[:2] for temper in ("slow, large", "gentle, faint"))]
    np.savez_compressed(path, captions=np.array(texts), vectors=embed(texts).astype(np.float16))


if __name__ == "__main__":
    captions(Path(sys.argv[2]) / "captions.npz")
    write(load(Path(sys.argv[1]), STUNet()), Path(sys.argv[2]))
