"""What the working itself shows: which factor or term of the step's formula is missing, too many, or another.

A link of a chain is laid beside the formula of its step, see `matching`. Something is said only where the right
formula does not give the link's number, the formula so changed does, and no other single change would.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product as choices
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from exercises.formulas.formula import Formula, Negative, Number, Sum, negative, product, total
from exercises.formulas.typeset import symbolic
from grader.answers.lexer import Written
from grader.working.same_factors import (
    MAX_PARTS,
    Match,
    factors_of,
    finite,
    forms_of,
    is_form,
    meet,
    same,
    sharp,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from exercises.formulas.label import Label
    from exercises.formulas.quantity import Quantity
    from exercises.networks.steps import Step
    from grader.working.same_factors import OwnNumbers

Kind: TypeAlias = Literal["missing", "twice", "extra", "replaced", "term"]
_RANK: dict[Kind, int] = {"missing": 0, "twice": 0, "extra": 0, "term": 0, "replaced": 1}
_HINTS: dict[Kind, str] = {
    "missing": "In your working a factor is missing.",
    "twice": "In your working a factor stands twice.",
    "extra": "In your working stands a factor too many.",
    "replaced": "In your working one factor is not the one that is needed.",
    "term": "In your working a term of the sum is missing.",
}


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing that is wrong with a link.

    kind:    what happened; "term" is a missing term of a sum.
    part:    the factor or term that is missing or too many.
    instead: for "replaced" what stands in its place.
    """

    kind: Kind
    part: Formula
    instead: Formula | None = None

    def says(self, shown: str, label: Callable[[Quantity], Label]) -> str:
        """A sentence about a link that was written as `shown`."""
        part = _bracketed(self.part, label)
        match self.kind:
            case "missing":
                return f"In {shown} the factor {part} is missing."
            case "twice":
                return f"In {shown} the factor {part} stands twice."
            case "extra":
                return f"In {shown} the factor {_typed(self.part, label)} does not belong."
            case "term":
                return f"In {shown} the term {symbolic(self.part, label)} is missing."
        other = "another factor" if self.instead is None else _typed(self.instead, label)
        return f"In {shown} there stands {other} where the factor {part} belongs."

    @property
    def hint(self) -> str:
        """Where to look, with nothing given away."""
        return _HINTS[self.kind]


Parts: TypeAlias = "Sequence[Formula]"
Changed: TypeAlias = "tuple[Flaw, list[Formula]]"  # what is wrong, and the factors of the form so changed


def flaw(links: Sequence[Formula], step: Step, own: OwnNumbers) -> tuple[int, Flaw] | None:
    """What is wrong with the first link behind the right ones, and which it is; None if that cannot be told.

    A bare number is not looked into: what is wrong with it is the slip before it. Nor is a link that a right one
    follows: in “0.3·0.04 = 0.012·0.2 = 0.0024” nothing is missing but a line.
    """
    with np.errstate(all="ignore"):
        every = (forms_of(right, own.graph) for right in (step.formula, *step.alternatives))
        right = [own.value(form) for forms in every for form in forms]
        if not all(finite(one) for one in right):
            return None
        values = [own.value(link) for link in links]
        good = [any(meet(value, one) for one in right) for value in values]
        first = max((i + 1 for i, fits in enumerate(good) if fits and not _bare(links[i])), default=0)
        if first == len(links) or good[first] or not finite(values[first]) or _bare(links[first]):
            return None
        found = difference(links[first], step, own)
        return None if found is None else (first, found)


def difference(link: Formula, step: Step, own: OwnNumbers) -> Flaw | None:
    """The one change that makes the step's formula into this link; None if there is none, or more than one."""
    value = own.value(link)
    if not sharp(value):
        return None
    found: dict[Flaw, None] = {}
    for form in forms_of(step.formula, own.graph):
        for one, changed in _changes(link, form, own):
            if meet(value, own.value(changed)):
                found[one] = None
    if not found:
        return None
    best = min(_RANK[one.kind] for one in found)
    first, *others = [one for one in found if _RANK[one.kind] == best]
    return first if all(_alike_flaws(first, other, own) for other in others) else None


def _alike_flaws(one: Flaw, other: Flaw, own: OwnNumbers) -> bool:
    """Whether two say the same, one of them in the parts that a term is made of."""
    return one.kind == other.kind == "term" and is_form(other.part, one.part, own)


def _changes(link: Formula, form: Formula, own: OwnNumbers) -> Iterator[tuple[Flaw, Formula]]:
    """Each single change of a form that makes its parts those of the link, with the changed form."""
    if isinstance(form, Sum) and isinstance(link, Sum):
        yield from _of_terms(link.terms, form.terms, own)
    else:
        yield from _offactors_of(link, form, own)


def _of_terms(
    given: Sequence[Formula], wanted: Sequence[Formula], own: OwnNumbers
) -> Iterator[tuple[Flaw, Formula]]:
    """A missing term, or a change inside one term."""
    if max(len(given), len(wanted)) > MAX_PARTS:
        return
    same = Match(given, wanted, lambda one, other: meet(own.value(one), own.value(other)))
    if len(given) == len(wanted) - 1:
        for j, term in enumerate(wanted):
            if same.perfect(skip_wanted=j):
                yield Flaw("term", _unsigned(term)), total([*wanted[:j], *wanted[j + 1 :]])
    if len(given) != len(wanted):
        return
    for i, j in choices(range(len(given)), range(len(wanted))):
        if not same.alike[i][j] and same.perfect(i, j):
            for one, changed in _offactors_of(given[i], wanted[j], own):
                if meet(own.value(given[i]), own.value(changed)):
                    yield one, total([*wanted[:j], changed, *wanted[j + 1 :]])


def _offactors_of(link: Formula, form: Formula, own: OwnNumbers) -> Iterator[tuple[Flaw, Formula]]:
    """A factor that is missing, too many or another, or a term missing in a factor that is a sum."""
    sign, wanted = factors_of(form)
    _, given = factors_of(link)
    if not given or max(len(given), len(wanted)) > MAX_PARTS:
        return
    match = Match(given, wanted, lambda one, other: same(one, other, own))
    found = {
        len(wanted) - 1: _without_one,
        len(wanted): _with_another,
        len(wanted) + 1: _with_one_more,
    }.get(len(given))
    for way in (found, _without_a_term):
        for one, parts in way(given, wanted, match) if way else ():
            yield one, negative(product(parts)) if sign < 0 else product(parts)


def _without_one(given: Parts, wanted: Parts, match: Match) -> Iterator[Changed]:
    """A factor is missing."""
    del given
    for j, part in enumerate(wanted):
        if match.perfect(skip_wanted=j):
            yield Flaw("missing", part), [*wanted[:j], *wanted[j + 1 :]]


def _with_one_more(given: Parts, wanted: Parts, match: Match) -> Iterator[Changed]:
    """A factor is too many: one that is there already, or a stranger."""
    for i, part in enumerate(given):
        if match.perfect(skip_given=i):
            known = next((w for j, w in enumerate(wanted) if match.alike[i][j]), None)
            yield Flaw("extra", part) if known is None else Flaw("twice", known), [*wanted, part]


def _with_another(given: Parts, wanted: Parts, match: Match) -> Iterator[Changed]:
    """A factor stands in the place of another; with one factor alone there is nothing to tell it by."""
    for i, j in choices(range(len(given)), range(len(wanted))):
        if len(wanted) > 1 and not match.alike[i][j] and match.perfect(i, j):
            yield Flaw("replaced", wanted[j], given[i]), [*wanted[:j], given[i], *wanted[j + 1 :]]


def _without_a_term(given: Parts, wanted: Parts, match: Match) -> Iterator[Changed]:
    """A factor that is a sum, such as the one over all paths, lacks a term; 1 − y is one thing."""
    for j, part in enumerate(wanted):
        if not isinstance(part, Sum) or any(isinstance(term, Number) for term in part.terms):
            continue
        for k, term in enumerate(part.terms):
            rest = total([*part.terms[:k], *part.terms[k + 1 :]])
            parts = [*wanted[:j], *factors_of(rest)[1], *wanted[j + 1 :]]
            if len(parts) == len(given) and Match(given, parts, match.same).perfect():
                yield Flaw("term", _unsigned(term)), [*wanted[:j], rest, *wanted[j + 1 :]]


def _bare(link: Formula) -> bool:
    """Whether a link is a number by itself."""
    return isinstance(link.of if isinstance(link, Negative) else link, Number)


def _unsigned(term: Formula) -> Formula:
    return term.of if isinstance(term, Negative) else term


def _bracketed(formula: Formula, label: Callable[[Quantity], Label]) -> str:
    written = symbolic(formula, label)
    return f"({written})" if isinstance(formula, (Sum, Negative)) else written


def _typed(formula: Formula, label: Callable[[Quantity], Label]) -> str:
    """A factor of the link, for a sentence: a number as it was typed."""
    if isinstance(formula, Written):
        return f"{formula.typed:f}"
    return _bracketed(formula, label)
