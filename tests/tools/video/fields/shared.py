"""What tests of training share, and what they spawn: a module of its own, which a spawned process imports by name."""

import importlib
from argparse import Namespace
from typing import Any

import numpy as np


def source() -> Any:
    """A bank of three captions, whose vectors are chance."""
    data, captions = (importlib.import_module(name) for name in ("data", "captions"))
    chance = np.random.default_rng(1)
    wishes = tuple(captions.wish(chance) for _ in range(3))
    return data.Bank(wishes, np.random.default_rng(2).standard_normal((3, 384)).astype(np.float32) / 19.6)


def taken(asked: Namespace) -> None:
    """Two steps, and the weights that came of them, in a file of this process."""
    import torch

    train, bank = importlib.import_module("train"), source()
    run = train.Run("stunet", asked.out, 1, 1e-3, 1, 1)
    losses = [run.advance(bank) for _ in range(2)]
    weights = torch.cat([weight.detach().flatten() for weight in run.network.parameters()])
    torch.save((losses, run.spent, weights), asked.out / f"{run.rank}.pt")
