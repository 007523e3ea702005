"""Finding numbers for many problems at once: candidates for each, and then better ones.

The best candidate is improved by changing a number or two, again and again. What is better says a scorer from
above. Each problem is searched by words of its own, so that it comes out the same by itself or among others.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from exercises.drawing.candidate_lines import CandidateLines
    from exercises.formulas.decimals import Precision
    from exercises.formulas.quantity import Quantity
    from exercises.networks.steps import StepGraph

Array = Any
ROWS = 256  # candidates looked at in one go
BLOCKS = 64  # so often, until enough are found
ENOUGH = 12  # so many candidates do for one problem
KEPT = 32  # more are not scored
ROUNDS = 8  # of improving
MORE = 12  # of improving what is still seriously bad
VARIANTS = 40  # in each round


class Scorer(Protocol):
    """Says how bad numbers are, a whole number for each problem; 0 is best.

    serious: a score from which on it pays to search longer.
    """

    serious: int

    def __call__(self, given: Mapping[Quantity, Array]) -> Array:
        """From the given quantities of many problems."""
        ...


# From the graph, the precision and the given numbers of usual problems to a scorer, the same for the same
# arguments; to None where the first good numbers will do.
MakeScorer = Callable[["StepGraph", "Precision", "Mapping[Quantity, Array]"], Scorer | None]


def candidates(field: CandidateLines, seeds: Sequence[str]) -> list[Array]:
    """For each seed good candidates, in the order in which they are drawn.

    Where none is of usual difficulty, the nearest to it; where none is friendly, none.
    """
    found: list[list[Array]] = [[] for _ in seeds]
    nearest: list[tuple[float, Array]] = [(np.inf, found) for found in np.empty((len(seeds), 0))]
    for block in range(BLOCKS):
        wanting = [i for i, own in enumerate(found) if sum(map(len, own)) < ENOUGH]
        if not wanting:
            break
        drawn = field.table.draw([f"{seeds[i]} {block}" for i in wanting], ROWS)
        look = field.look(drawn)
        rows, good, off = (
            part.reshape(len(wanting), ROWS, *part.shape[1:])
            for part in (drawn, field.good(look), field.off(look))
        )
        for at, i in enumerate(wanting):
            found[i].append(rows[at][good[at]])
            if off[at].min() < nearest[i][0]:
                nearest[i] = (off[at].min(), rows[at][[off[at].argmin()]])
    pools = [np.concatenate(own)[:KEPT] for own in found]
    return [pool if len(pool) else near for pool, (_, near) in zip(pools, nearest, strict=True)]


def improved(
    field: CandidateLines, score: Scorer, seeds: Sequence[str], pools: Sequence[Array]
) -> list[list[Array]]:
    """For each seed its candidates and better ones, best first."""
    scores = score(field.given(field.look(np.concatenate(pools))))
    parts = np.split(scores, np.cumsum([len(pool) for pool in pools])[:-1])
    ranked = [list(pool[np.argsort(own, kind="stable")]) for pool, own in zip(pools, parts, strict=True)]
    best = np.array([own.min() for own in parts])
    for number in range(MORE):
        worse = [i for i, own in enumerate(best) if number < ROUNDS or own >= score.serious]
        if not worse:
            break
        parents = np.stack([ranked[i][0] for i in worse])
        drawn = field.table.changed(parents, [f"{seeds[i]} better {number}" for i in worse], VARIANTS)
        look = field.look(drawn)
        good = np.flatnonzero(field.good(look))
        scores = np.full(len(drawn), np.iinfo(np.int64).max)
        scores[good] = score(field.given(look, good))
        rows, scores = drawn.reshape(len(worse), VARIANTS, -1), scores.reshape(len(worse), VARIANTS)
        for i, variants, own in zip(worse, rows, scores, strict=True):
            if own.min() < best[i]:
                best[i] = own.min()
                ranked[i].insert(0, variants[own.argmin()])
    return ranked
