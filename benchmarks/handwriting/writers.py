"""Which writers are learnt from, and which are kept for tuning and for proof: the split that stands before all else."""

from __future__ import annotations

import hashlib

import numpy as np

_LARGEST = (
    2.0  # heights of a digit that a sign is wide or tall; some pages were crossed out with a "+" of forty
)
_DOUBLE = 1.6  # heights of its own that a digit is wide, if it is not two of them

_SHARES = ((0.17, "proof"), (0.25, "tuning"), (1.0, "training"))


def part_of(writer: str) -> str:
    """`training`, `tuning` or `proof`: by the writer's name alone, so that every program splits alike."""
    at = int.from_bytes(hashlib.sha256(writer.encode()).digest()[:4], "big") / 2**32
    return next(name for share, name in _SHARES if at < share)


def is_as_labelled(label: str, strokes: list[np.ndarray]) -> bool:
    """Whether an item of the pen data can be the character that it is labelled as: some are lines, or two digits.

    strokes: (points, 2) each, in heights of a median digit.
    """
    wide, tall = np.ptp(np.vstack(strokes), axis=0)
    if label == "-":
        return bool(1.5 * tall < wide < _LARGEST)
    if label == "+":
        return bool(0.4 < wide / max(tall, 1e-6) < 2.5 and max(wide, tall) < _LARGEST)
    return not label.isdigit() or bool(wide < max(_DOUBLE * tall, 1.0))
