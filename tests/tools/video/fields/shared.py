"""Two steps of training in one of several processes: a module of its own, which a spawned process imports by name."""

import importlib
from argparse import Namespace

import numpy as np


def taken(asked: Namespace) -> None:
    """Two steps, and the weights that came of them, in a file of this process."""
    import torch

    train, data, captions = (importlib.import_module(name) for name in ("train", "data", "captions"))
    wishes = tuple(captions.wish(np.random.default_rng(1)) for _ in range(3))
    source = data.Bank(wishes, np.random.default_rng(2).standard_normal((3, 384)).astype(np.float32) / 19.6)
    run = train.Run("stunet", asked.out, 1, 1e-3, 1, 1)
    losses = [run.advance(source) for _ in range(2)]
    weights = torch.cat([weight.detach().flatten() for weight in run.network.parameters()])
    torch.save((losses, run.spent, weights), asked.out / f"{run.rank}.pt")
