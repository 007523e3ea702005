"""The last layer of the network fitted to one writer, by what most likely stands on the lines of their sheet.

Errors sit in few hands: a 1 with a long upstroke is another writer's 7. The fit stays near the shipped weights, and an
answer is never read by a fit that it took part in. What the fit still takes for something else is not to be trusted.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.handwriting.network import CLASSES, EMPTY, evidence, named, shipped, softmax
from grader.handwriting.numbers import posterior

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from grader.handwriting.numbers import NumberPosterior
    from grader.scans.cells import Role

Array = Any
STIFFNESS = 0.5  # how strongly the fit is held to the shipped weights, in cells that speak against a change
_ROUNDS = 120
_LEAST = 40  # cells, fewer of which tell nothing of a hand
_TWICE, _OFTEN = (
    2,
    0.1,
)  # a class that so many cells, and this share of those that look so, were taken for wrongly


def classes_of(text: str, roles: Sequence[Role]) -> list[int] | None:
    """The class of each cell in which a number stands as most people place it; None if it has no room so."""
    if not text:
        return None
    whole, places, figures = (roles.count(role) for role in ("whole", "place", "power"))
    number, _, power = text.removeprefix("-").partition("e")
    before, _, behind = number.partition(".")
    raised = power.removeprefix("-")
    if len(before) > whole or len(behind) > places or len(raised) > figures:
        return None
    sign = "-" if text.startswith("-") else " "
    spelt = sign + before.rjust(whole) + behind.ljust(places)
    if figures:
        spelt += ("-" if power.startswith("-") else " ") + raised.rjust(figures)
    return [EMPTY if c == " " else CLASSES.index(c) for c in spelt]


def fitted(known: Sequence[tuple[Array, Sequence[int]]]) -> tuple[Array, Array] | None:
    """The last layer (64, 15) with its shifts (15,) for one hand; None where too little is known of it.

    known: of answers, what that layer sees of their n cells, (n, 64), and what stands in them, n classes.
    """
    if sum(len(classes) for _, classes in known) < _LEAST:
        return None
    seen = np.concatenate([cells for cells, _ in known])
    classes = np.concatenate([classes for _, classes in known])
    weights = shipped()
    inputs = np.column_stack([seen, np.ones(len(seen))])
    start = np.vstack([weights.full[1], weights.shifts[1]]).astype(np.float64)
    wanted = np.eye(len(CLASSES))[classes]
    squares = np.einsum("ij,ij->i", inputs, inputs)
    hold = STIFFNESS * float(squares.mean())
    bound = 0.5 * float(np.linalg.eigvalsh(inputs.T @ inputs)[-1]) + hold
    layer, before, pace = start.copy(), start.copy(), 1.0
    for _ in range(_ROUNDS):  # gradient descent with momentum (Nesterov); the loss is convex
        after = (1 + np.sqrt(1 + 4 * pace**2)) / 2
        ahead = layer + (pace - 1) / after * (layer - before)
        slope = inputs.T @ (softmax(inputs @ ahead) - wanted) + hold * (ahead - start)
        before, layer, pace = layer, ahead - slope / bound, after
    return layer[:-1], layer[-1]


def refitted(posteriors: Sequence[NumberPosterior], likely: Mapping[str, str]) -> dict[str, NumberPosterior]:
    """What a sheet's answers say, each half of them seen by a network fitted to the other half.

    likely: what most likely stands on lines, by their names; lines that are missing teach nothing.
    """
    again = {}
    halves = [
        [p for p in posteriors[n::2] if p.seen is not None] for n in (0, 1)
    ]  # so that both hold all kinds
    for mine, others in (halves, halves[::-1]):
        known = [(p.seen, classes_of(likely.get(p.quantity, ""), p.roles)) for p in others]
        layer = fitted([(seen, classes) for seen, classes in known if classes])
        if layer is not None:
            for p in mine:
                found = evidence(named(p.seen, layer))
                again[p.quantity] = posterior(p.quantity, p.roles, found, ticked=p.ticked, seen=p.seen)
    return again


def mistaken_classes(posteriors: Sequence[NumberPosterior], likely: Mapping[str, str]) -> frozenset[int]:
    """The classes that cells of a sheet are taken for wrongly more than once, and often; `likely` as above."""
    wrong, taken = Counter[int](), Counter[int]()
    for p in posteriors:
        classes = classes_of(likely.get(p.quantity, ""), p.roles)
        for meant, looks in zip(classes or (), p.evidence.argmax(axis=1).tolist(), strict=False):
            taken[looks] += 1
            wrong[looks] += meant != looks
    return frozenset(k for k, n in wrong.items() if n >= _TWICE and n >= _OFTEN * taken[k])
