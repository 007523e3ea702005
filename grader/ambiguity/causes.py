"""Which given numbers it is due to that mistakes are hidden, or look alike.

Nothing is known here of zeros and ones. Each given number is exchanged for a few ordinary ones, all others
kept, and everything is looked at again: what then shows was hidden by that number. What shows whichever of two
equal numbers is changed was hidden by their being equal; what shows with more places only, by their lack. What
would show with almost any other number coincides by chance, and is put down to nothing, unless one number hides
it together with much else.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from exercises.formulas.last_places import half_up, last_places
from exercises.formulas.quantity import Quantity, QuantityKind
from exercises.networks.vectorised import NodeNumbers
from grader.ambiguity.coincidences import TriedSheets

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from exercises.formulas.decimals import Precision
    from exercises.problems.problem import Problem
    from grader.ambiguity.coincidences import Coincidences
    from grader.ambiguity.survey import Survey

Array = Any
MORE_PLACES = 2
PLACES: tuple[Quantity, ...] = ()  # the cause that is no given number
_BATCH = 48  # sheets looked at together
# Ordinary numbers, none of which is special: what shows with most of them is hidden by the number they replace.
_ORDINARY = {
    QuantityKind.TARGET: (0.23, 0.58, 0.87),
    QuantityKind.RATE: (0.28, 0.44, 0.67),
    QuantityKind.SECOND_MOMENT: (0.04, 0.11, 0.23),
}
_OTHERS = (0.37, 0.78, -0.56)
_MOST = 2  # of the three
_FEW = 2  # where more numbers than that hide the same, it is chance
_MUCH = 8  # unless one of them hides so much
# Where several numbers hide the same, the one that says most to a person.
_TELLING = (
    QuantityKind.TARGET,
    QuantityKind.RATE,
    QuantityKind.INPUT,
    QuantityKind.BIAS,
    QuantityKind.WEIGHT,
)


@dataclass(frozen=True, slots=True)
class HidingNumber:
    """Something about a problem's numbers, and what it hides.

    given:  one given quantity; two, if it is their being equal; none, if it is the number of places.
    hidden: places in `survey.known`.
    alike:  places in `survey.pairs`.
    """

    given: tuple[Quantity, ...]
    hidden: frozenset[int]
    alike: frozenset[int]


def causes(problem: Problem, found: Coincidences) -> list[HidingNumber]:
    """The causes of what was found, what hides most first. What coincides by chance has none."""
    revealed = _revealed(problem, found)
    equal = list(_equal(problem))
    hidden = _assigned({given: seen for given, (seen, _) in revealed.items()}, equal, ())
    main = {given for given, finds in hidden.items() if len(finds) >= _MUCH}
    alike = _assigned({given: seen for given, (_, seen) in revealed.items()}, equal, main or {PLACES})
    both = [
        HidingNumber(given, frozenset(hidden.get(given, ())), frozenset(alike.get(given, ())))
        for given in dict.fromkeys((*hidden, *alike))
    ]
    return sorted(both, key=lambda cause: (-len(cause.hidden), -len(cause.alike)))


Given = tuple[Quantity, ...]


def _revealed(problem: Problem, found: Coincidences) -> dict[Given, tuple[set[int], set[int]]]:
    """What each given number, or more places, would bring to light: hidden ones, and pairs."""
    survey = found.survey
    kept = {q: float(problem.values[q]) for q in survey.graph.given}
    trials: list[tuple[Given, dict[Quantity, float], Precision]] = [
        (PLACES, kept, problem.precision.finer(MORE_PLACES))
    ]
    for q in kept:
        ordinary = (v for v in _ORDINARY.get(q.kind, _OTHERS))
        trials += [((q,), {**kept, q: value}, problem.precision) for value in ordinary]
    hidden, pairs = np.array(found.hidden, dtype=int), np.array(found.alike, dtype=int)
    times: dict[Given, tuple[Counter[int], Counter[int]]] = {}
    for start in range(0, len(trials), _BATCH):
        part = trials[start : start + _BATCH]
        sheets = _right_sheets(survey, [given for _, given, _ in part], [asked for *_, asked in part])
        gone, apart = ~sheets.hidden[hidden], ~_still(sheets, survey, pairs)
        for column, (given, _, _) in enumerate(part):
            seen = times.setdefault(given, (Counter(), Counter()))
            seen[0].update(hidden[gone[:, column]].tolist())
            seen[1].update(pairs[apart[:, column]].tolist())
    return {given: (_often(seen[0], given), _often(seen[1], given)) for given, seen in times.items()}


def _often(seen: Counter[int], given: Given) -> set[int]:
    return {place for place, count in seen.items() if count >= (_MOST if given != PLACES else 1)}


def _still(sheets: TriedSheets, survey: Survey, pairs: Array) -> Array:
    """Where pairs are still alike, or one of them is hidden."""
    both = survey.pairs[pairs]
    return sheets.alike(both) | sheets.hidden[both[:, 0]] | sheets.hidden[both[:, 1]]


def _right_sheets(survey: Survey, given: list[dict[Quantity, float]], asked: list[Precision]) -> TriedSheets:
    arrays = {q: np.array([g[q] for g in given]) for q in survey.graph.given}
    unit = last_places(asked)
    right = NodeNumbers(survey.lines, arrays).value
    typed = {q: half_up(right[survey.lines.lines[q][0]], unit) for q in survey.graph.asked}
    return TriedSheets(survey, arrays, typed, unit)


def _assigned(
    revealed: Mapping[Given, set[int]], equal: list[Given], main: Collection[Given]
) -> dict[Given, set[int]]:
    """Each find put down to one cause: a number, two that are equal, or one of the `main` causes found before."""
    by_find: dict[int, list[Given]] = {}  # in the order of the graph; that of sets is another in every run
    for given, finds in revealed.items():
        for find in finds if given != PLACES else ():
            by_find.setdefault(find, []).append(given)
    out: dict[Given, set[int]] = {}
    left: dict[int, list[Given]] = {}
    for find, givens in by_find.items():
        pair = next((g for g in equal if {g[:1], g[1:]} == set(givens)), None)
        if pair is not None:
            out.setdefault(pair, set()).add(find)
        elif len(givens) <= _FEW:
            out.setdefault(min(givens, key=_rank), set()).add(find)
        else:
            left[find] = givens
    while left:
        counts = Counter(g for givens in left.values() for g in givens if not main or g in main)
        best = min(counts, key=lambda g: (-counts[g], _rank(g)), default=PLACES)
        if best == PLACES or (not main and counts[best] < _MUCH):
            break
        out.setdefault(best, set()).update(find for find, givens in left.items() if best in givens)
        left = {find: givens for find, givens in left.items() if best not in givens}
    places = revealed[PLACES] - set(by_find)
    return {**out, PLACES: places} if places else out


def _rank(given: Given) -> int:
    kind = given[0].kind
    return _TELLING.index(kind) if kind in _TELLING else len(_TELLING)


def _equal(problem: Problem) -> Iterator[Given]:
    """Given numbers of one kind that are equal."""
    for one, two in combinations(problem.graph.given, 2):
        if one.kind is two.kind and problem.values[one] == problem.values[two]:
            yield one, two
