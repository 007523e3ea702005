"""Trains the reader of handwritten cells: `python -m benchmarks.handwriting.train DATA --out weights.npz`.

DATA holds `pen.npz` and `mnist.npz`. One thread, 21 minutes of the processor; the same seed gives the same weights.
"""

from __future__ import annotations

import argparse
import copy
import time
from pathlib import Path

import cv2
import numpy as np
import torch
from torch import nn

from benchmarks.handwriting import pens
from benchmarks.handwriting.cells import Source
from benchmarks.handwriting.pens import CLASSES, HIGH, WIDE

BATCH, FRESH, STEPS, RATE, MEAN = 128, 24, 9_000, 2.5e-3, 0.998
MISLABELLED = 6.0  # the loss of a character that is labelled wrong, as about one in 300 is
KEPT = 60_000  # cells drawn last, each of which is seen three or four times, never twice alike


def network() -> nn.Sequential:
    """Six convolutions and two full layers; 360,000 weights."""

    def layer(
        before: int, after: int, size: int = 3, stride: int = 1, *, halved: bool = False
    ) -> list[nn.Module]:
        convolution = nn.Conv2d(before, after, size, stride, size // 2, bias=False)
        pool = [nn.MaxPool2d(2)] * halved  # first, since then there is less to do; see `upright`
        return [convolution, *pool, nn.BatchNorm2d(after), nn.ReLU()]

    parts = [*layer(1, 24, 5, 2), *layer(24, 48, halved=True), *layer(48, 64), *layer(64, 64, halved=True)]
    parts += [*layer(64, 96), *layer(96, 96), nn.Flatten(), nn.Dropout(0.25)]
    parts += [
        nn.Linear(96 * (HIGH // 8) * (WIDE // 8), 64),
        nn.ReLU(),
        nn.Dropout(0.1),
        nn.Linear(64, len(CLASSES)),
    ]
    return nn.Sequential(*parts).to(memory_format=torch.channels_last)


@torch.no_grad()
def upright(net: nn.Sequential) -> None:
    """Keep the factors of all normalisations above 0, so that it is the same to take the greatest before or after."""
    for norm in net:
        if isinstance(norm, nn.BatchNorm2d):
            norm.weight.clamp_(min=0.01)


def tensor(cells: np.ndarray) -> torch.Tensor:
    """Cells as the network wants them: ink 1, paper 0."""
    x = torch.from_numpy(255 - cells).float().div_(255)[:, None]
    return x.to(memory_format=torch.channels_last)


class Replay:
    """Batches of cells newly drawn, and of more that were drawn before, moved and lit a little otherwise."""

    def __init__(self, source: Source) -> None:
        self.source, self.rng = source, np.random.default_rng(source.rng.integers(2**31))
        self.cells, self.which, self.count = (
            np.empty((KEPT, HIGH, WIDE), np.uint8),
            np.empty(KEPT, np.int64),
            0,
        )

    def batch(self) -> tuple[np.ndarray, np.ndarray]:
        """The next batch."""
        fresh = BATCH if self.count < 20 * BATCH else FRESH
        cells, which = self.source.batch(fresh)
        old = self.rng.integers(min(self.count, KEPT), size=BATCH - fresh) if fresh < BATCH else []
        moved = pens.otherwise(self.rng, self.cells[old]) if fresh < BATCH else cells[:0]
        at = (self.count + np.arange(fresh)) % KEPT
        self.cells[at], self.which[at] = cells, which
        self.count += fresh
        return np.concatenate([cells, moved]), np.concatenate([which, self.which[old]])


def folded(net: nn.Sequential) -> dict[str, np.ndarray]:
    """The weights with each normalisation folded into its convolution; float16."""
    found: dict[str, np.ndarray] = {}
    convolutions = [m for m in net if isinstance(m, nn.Conv2d)]
    norms = [m for m in net if isinstance(m, nn.BatchNorm2d)]
    for k, (c, n) in enumerate(zip(convolutions, norms, strict=True)):
        scale = n.weight / torch.sqrt(n.running_var + n.eps)
        weight = (c.weight * scale[:, None, None, None]).detach().contiguous().numpy()
        found[f"convolution{k}"] = weight.astype(np.float16)
        found[f"offset{k}"] = (n.bias - n.running_mean * scale).detach().numpy().astype(np.float16)
    for k, full in enumerate(m for m in net if isinstance(m, nn.Linear)):
        found[f"full{k}"] = full.weight.detach().numpy().astype(np.float16)
        found[f"shift{k}"] = full.bias.detach().numpy().astype(np.float16)
    return found


@torch.no_grad()
def scores(net: nn.Sequential, cells: np.ndarray) -> torch.Tensor:
    """What the network says of cells, before the softmax."""
    net.eval()
    return torch.cat([net(tensor(part)) for part in np.array_split(cells, max(1, len(cells) // 512))])


def train(folder: Path, seed: int, steps: int) -> nn.Sequential:
    """The network with its weights averaged over the last steps."""
    torch.manual_seed(seed)
    net = network()
    source = Replay(Source(folder, "training", seed))
    optimizer = torch.optim.AdamW(net.parameters(), RATE, weight_decay=0.05)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=steps, pct_start=0.15)
    mean, begun = copy.deepcopy(net), time.process_time()
    for step in range(steps):
        cells, which = source.batch()
        net.train()
        with torch.autocast("cpu", torch.bfloat16):  # half the time, on processors that know it
            found = net(tensor(cells)).float()
        losses = nn.functional.cross_entropy(found, torch.from_numpy(which), reduction="none")
        if step > steps // 2:  # by then, what is found to be quite another character was labelled wrong
            losses = losses * (losses.detach() < MISLABELLED)
        loss = losses.mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        upright(net)
        with torch.no_grad():
            rate = 1 - min(MEAN, step / (step + 50))
            for ours, theirs in zip(mean.state_dict().values(), net.state_dict().values(), strict=True):
                ours.lerp_(theirs, rate) if ours.is_floating_point() else ours.copy_(theirs)
        if step % 100 == 99:
            print(f"{step + 1}/{steps} loss {loss:.3f}, {time.process_time() - begun:.0f} s", flush=True)
    return mean


def main() -> None:
    """Read the arguments, train, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=13)
    parser.add_argument("--steps", type=int, default=STEPS)
    told = parser.parse_args()
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    torch.use_deterministic_algorithms(mode=True)
    torch.utils.deterministic.fill_uninitialized_memory = False  # a tenth of the time, and nothing reads it
    begun = time.process_time()
    net = train(told.data, told.seed, told.steps)
    np.savez_compressed(told.out, **folded(net))
    size = told.out.stat().st_size
    print(f"{told.out}: {size / 1000:.0f} kB, {time.process_time() - begun:.0f} CPU seconds")
    held = Source(told.data, "proof", told.seed + 2)
    cells, which = held.batch(6000)
    right = scores(net, cells).argmax(1).numpy() == which
    print(f"cells of held-out writers as drawn for training: {right.mean():.4f}")
    print({c: round(float(right[which == k].mean()), 3) for k, c in enumerate(CLASSES)})


if __name__ == "__main__":
    main()
