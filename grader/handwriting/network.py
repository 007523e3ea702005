"""The network that names what stands in a cell, on numpy alone: six convolutions and two full layers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

Array = Any
DIGITS = "0123456789"
CLASSES = (*DIGITS, "-", "+", "empty", "scratched", "other")
MINUS, PLUS, EMPTY, SCRATCHED, OTHER = range(10, 15)
# How often training saw each class: what the network expects before it looks, and a number's cell does not.
SHARES = np.array([0.081] * 10 + [0.05, 0.025, 0.04, 0.045, 0.03])
_POOLED = (1, 3)  # behind these convolutions, counted from 0, the picture is halved
_AT_ONCE = 16  # cells worked on together: their pictures stay in the processor's cache


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """What was learnt.

    kernels, offsets: of each convolution, (rows × columns × channels before, channels) and (channels,); float32.
    sizes:            the height and width of each kernel, which is a square.
    full, shifts:     of each full layer, (inputs, outputs) and (outputs,); float32.
    """

    kernels: tuple[Array, ...]
    offsets: tuple[Array, ...]
    sizes: tuple[int, ...]
    full: tuple[Array, ...]
    shifts: tuple[Array, ...]

    @classmethod
    def of(cls, stored: Mapping[str, Array]) -> Weights:
        """From the arrays of a weights file."""
        count = sum(name.startswith("convolution") for name in stored)
        kernels = [stored[f"convolution{k}"].astype(np.float32) for k in range(count)]
        return cls(
            tuple(k.transpose(2, 3, 1, 0).reshape(-1, len(k)) for k in kernels),
            tuple(stored[f"offset{k}"].astype(np.float32) for k in range(count)),
            tuple(k.shape[2] for k in kernels),
            (_in_our_order(stored["full0"].astype(np.float32)), stored["full1"].astype(np.float32).T),
            tuple(stored[f"shift{k}"].astype(np.float32) for k in range(2)),
        )


def _in_our_order(full: Array) -> Array:
    """The first full layer for pictures whose channels stand last; training has them first."""
    outputs = len(full)
    return full.reshape(outputs, -1, 6, 4).transpose(0, 2, 3, 1).reshape(outputs, -1).T


@cache
def shipped() -> Weights:
    """The weights that come with byhand."""
    packed = (files("grader.handwriting") / "weights.npz").read_bytes()
    with np.load(BytesIO(packed), allow_pickle=False) as stored:
        return Weights.of(stored)


def _convolved(x: Array, kernel: Array, offset: Array, size: int, stride: int) -> Array:
    """A convolution (n, rows, columns, channels) with its offset, and nothing below 0."""
    edge = size // 2
    padded = np.pad(x, ((0, 0), (edge, edge), (edge, edge), (0, 0)))
    seen = sliding_window_view(padded, (size, size), axis=(1, 2))[:, ::stride, ::stride]
    n, rows, columns = seen.shape[:3]
    flat = seen.transpose(0, 1, 2, 4, 5, 3).reshape(n * rows * columns, -1)
    out = flat @ kernel
    out += offset
    np.maximum(out, 0, out=out)
    return out.reshape(n, rows, columns, -1)


def _halved(x: Array) -> Array:
    """The greatest of each four neighbours."""
    pairs = np.maximum(x[:, 0::2], x[:, 1::2])
    return np.maximum(pairs[:, :, 0::2], pairs[:, :, 1::2])


def _features(cells: NDArray[np.uint8], weights: Weights) -> Array:
    x = (255 - cells[..., None]).astype(np.float32) / np.float32(255)
    for k, (kernel, offset, size) in enumerate(
        zip(weights.kernels, weights.offsets, weights.sizes, strict=True)
    ):
        x = _convolved(x, kernel, offset, size, 1 if k else 2)
        if k in _POOLED:
            x = _halved(x)
    return np.maximum(x.reshape(len(x), -1) @ weights.full[0] + weights.shifts[0], 0)


def features(cells: NDArray[np.uint8], weights: Weights | None = None) -> Array:
    """What the last layer sees of cells (n, 48, 32) of grey, 255 for paper: (n, 64), float32."""
    weights = weights or shipped()
    parts = [_features(cells[i : i + _AT_ONCE], weights) for i in range(0, len(cells), _AT_ONCE)]
    return np.concatenate(parts) if parts else np.empty((0, len(weights.full[1])), np.float32)


def named(seen: Array, layer: tuple[Array, Array] | None = None) -> Array:
    """How likely each of `CLASSES` is for cells by what the last layer sees of them: (n, 15), float64.

    layer: another last layer, (64, 15) and (15,), than the shipped one.
    """
    weights = shipped()
    full, shift = layer or (weights.full[1], weights.shifts[1])
    return softmax((seen @ full + shift).astype(np.float64))


def softmax(scores: Array) -> Array:
    """Rows of scores as probabilities."""
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    return raised / raised.sum(axis=1, keepdims=True)


def probabilities(cells: NDArray[np.uint8]) -> Array:
    """How likely each of `CLASSES` is for each cell (n, 48, 32) of grey, 255 for paper: (n, 15), float64."""
    return named(features(cells))


def evidence(found: Array) -> Array:
    """How much more likely each cell's picture is under each class than on the whole: likelihoods, up to a factor."""
    return found / SHARES
