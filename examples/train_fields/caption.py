"""Teaches a network to read captions: what MiniLM's vector of one asks for. `train.py` runs it first.

Knows captions and vectors; knows nothing about fields. The grammar knows every answer, so a minute is enough.
"""

from pathlib import Path

import numpy as np
import torch
from captions import answers
from data import Bank
from torch import Tensor
from torch.nn import functional

from reelwright.tools.video.fields.network import ASKED, Caption

STEPS, SIZE, RATE = 8000, 256, 2e-3
BLUR = 0.005
"""Noise on a vector's numbers (of 0.05 each). Little: MiniLM has "to the left" close beside "to the right"."""


def read(source: Bank, kept: Path) -> Caption:
    """A caption reader taught from a bank, kept in a file."""
    torch.manual_seed(3)
    reader = Caption()
    if kept.exists():
        reader.load_state_dict(torch.load(kept, weights_only=True))
        return reader
    optimiser = torch.optim.AdamW(reader.parameters(), RATE, weight_decay=0.05)
    vectors, asked = torch.from_numpy(source.vectors), truth(source)
    for step in range(STEPS):
        for group in optimiser.param_groups:
            group["lr"] = RATE * min(1.0, 2 * (1 - step / STEPS))
        chosen = torch.randint(len(vectors), (SIZE,))
        text = vectors[chosen]
        guesses = reader.answers(functional.normalize(text + BLUR * torch.randn_like(text), dim=1))
        losses = [functional.cross_entropy(guess, asked[chosen, at]) for at, guess in enumerate(guesses)]
        torch.stack(losses).sum().backward()
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
    torch.save(reader.state_dict(), kept)
    return reader


def truth(source: Bank) -> Tensor:
    """(n, questions), the right answers."""
    return torch.from_numpy(np.array([answers(each) for each in source.wishes]))


@torch.no_grad()
def score(reader: Caption, source: Bank) -> dict[str, float]:
    """How often each question is answered rightly, where a caption asks it."""
    asked, right = truth(source), {}
    for at, (name, guess) in enumerate(zip(ASKED, reader.answers(torch.from_numpy(source.vectors)), strict=True)):
        said = asked[:, at] > 0 if name != "motif" else asked[:, at] >= 0
        if said.any():
            right[name] = round(float((guess.argmax(1) == asked[:, at])[said].float().mean()), 3)
    return right
