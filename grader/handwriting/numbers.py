"""What an answer's cells say of the number that stands in them: a posterior over numbers, not a string of guesses."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.handwriting.layouts import DIGIT, heads, tails
from grader.handwriting.network import DIGITS, EMPTY, SCRATCHED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.handwriting.layouts import Layout
    from grader.scans.cells import Role

Array = Any
_EMPTY, _CROSSED, _NUMBER = (
    0.03,
    0.02,
    0.93,
)  # the chances of an answer before it is seen; the rest is no number
_STRUCK = (0.15, 0.8)  # shares of the figures of a number that is crossed out
_PER_CELL = 3  # of each cell's digits so many are tried
_KEPT = 24  # likely heads, and tails, that are put together


@dataclass(frozen=True, slots=True, eq=False)
class NumberPosterior:
    """What one answer's picture says, before anything is known of the exercise.

    quantity: the canonical name of the line.
    roles:    what each of its n cells is for.
    evidence: how likely each cell's picture is under each class, (n, 15), up to a factor a cell.
    ticked:   whether the student asks that a person look.
    empty:    the probability that nothing is written.
    crossed:  that it is crossed out, wholly or in part.
    strange:  that it is anything else that is no number.
    best:     the likeliest numbers as texts with their probabilities, the best first.
    """

    quantity: str
    roles: tuple[Role, ...]
    evidence: Array
    ticked: bool
    empty: float
    crossed: float
    strange: float
    best: tuple[tuple[str, float], ...]
    scale: float

    @property
    def number(self) -> float:
        """The probability that some number stands there."""
        return max(0.0, 1.0 - self.empty - self.crossed - self.strange)

    @property
    def sureness(self) -> float:
        """How sure the picture is of its cells, on the average: from 0 to 1."""
        return float((self.evidence.max(axis=1) / self.evidence.sum(axis=1)).mean())

    def usual(self, text: str) -> float:
        """The chance of a number's spelling before anything is seen, every digit being as likely as any other."""
        sign, whole, places = _parts(text)
        answer = _Answer(self.roles, self.evidence)
        spelt = sum(w.chance for w in answer.heads if w.sign == sign and w.digits == len(whole))
        ends = sum(w.chance for w in answer.tails if w.digits == len(places))
        return _NUMBER * spelt * ends * 10.0 ** -(len(whole) + len(places))

    def probability(self, text: str) -> float:
        """Of a number such as `-0.7550`, in the spelling of `best`; 0 for one that the cells cannot hold."""
        return _Answer(self.roles, self.evidence).weight(text) * self.scale


def _parts(text: str) -> tuple[str, str, str]:
    """Sign, digits before the point and digits behind it."""
    whole, _, places = text.removeprefix("-").partition(".")
    return "-" if text.startswith("-") else "", whole, places


class _Answer:
    """The cells of one answer, as head and tail."""

    def __init__(self, roles: tuple[Role, ...], evidence: Array) -> None:
        places = sum(role == "place" for role in roles)
        self.cut = len(roles) - places
        self.heads, self.tails = heads(self.cut - 1), tails(places)
        self.evidence = evidence

    def weight(self, text: str) -> float:
        """How likely the picture is under a number, times the chance of its being so written."""
        sign, whole, places = _parts(text)
        head = self.head(sign, whole)
        if whole == "0" and places:  # .75 is 0.75
            head += self.head(sign, "")
        return head * self.tail(places)

    def head(self, sign: str, whole: str) -> float:
        """How likely the picture of sign and whole digits is under these, times their chance."""
        ways = [w for w in self.heads if w.sign == sign and w.digits == len(whole)]
        cells = self.evidence[: self.cut]
        return sum(way.chance * _likelihood(way, cells, whole) for way in ways)

    def tail(self, places: str) -> float:
        """The same for the places."""
        cells = self.evidence[self.cut :]
        return sum(w.chance * _likelihood(w, cells, places) for w in self.tails if w.digits == len(places))


def _likelihood(way: Layout, cells: Array, digits: str) -> float:
    """Of the cells' pictures, if these digits stand in them in this way; every digit has the chance 1/10."""
    out, at = 1.0, 0
    for row, wanted in zip(cells, way.cells, strict=True):
        if wanted == DIGIT:
            out *= row[int(digits[at])] / 10
            at += 1
        else:
            out *= row[wanted]
    return float(out)


def _whole_likelihood(ways: tuple[Layout, ...], cells: Array) -> float:
    """Of the cells' pictures, whatever digits stand in them in one of these ways."""
    any_digit = cells[:, :10].mean(axis=1)
    return sum(
        w.chance
        * float(np.prod([any_digit[i] if c == DIGIT else cells[i, c] for i, c in enumerate(w.cells)]))
        for w in ways
    )


def _any_number(answer: _Answer, evidence: Array) -> float:
    """Of the cells' pictures, whatever number stands in them."""
    head = _whole_likelihood(answer.heads, evidence[: answer.cut])
    return head * _whole_likelihood(answer.tails, evidence[answer.cut :])


def _crossed_out(answer: _Answer, evidence: Array) -> float:
    """Of the cells' pictures, if some figures are struck out: here and there, or nearly all."""
    total = 0.0
    for rate in _STRUCK:
        rates = np.array([rate] * 10 + [rate / 4] * (evidence.shape[1] - 10))
        left = (1 - rates) * evidence
        struck = left + rates * evidence[:, SCRATCHED : SCRATCHED + 1]
        total += _any_number(answer, struck) - _any_number(answer, left)
    return total / len(_STRUCK)


def _spelt(ways: tuple[Layout, ...], cells: Array) -> list[tuple[str, str]]:
    """The likeliest (sign, digits) of a head or tail, the best first."""
    order = np.argsort(-cells[:, :10], axis=1)[:, :_PER_CELL]
    found: dict[tuple[str, str], float] = {}
    for way in ways:
        slots = [i for i, c in enumerate(way.cells) if c == DIGIT]
        for chosen in product(*([DIGITS[d] for d in order[i]] for i in slots)):
            digits = "".join(chosen)
            spelling = (way.sign, digits)
            found[spelling] = found.get(spelling, 0.0) + way.chance * _likelihood(way, cells, digits)
    return sorted(found, key=lambda spelling: -found[spelling])[:_KEPT]


def _texts(answer: _Answer) -> Iterator[str]:
    """Likely numbers, each at least once."""
    cells = answer.evidence
    ends = [digits for _, digits in _spelt(answer.tails, cells[answer.cut :])]
    for sign, whole in _spelt(answer.heads, cells[: answer.cut]):
        for places in ends:
            if whole or places:
                yield f"{sign}{whole or '0'}" + (f".{places}" if places else "")


def posterior(
    quantity: str, roles: tuple[Role, ...], evidence: Array, *, ticked: bool = False
) -> NumberPosterior:
    """The posterior of an answer from the evidence of its cells."""
    evidence = evidence / evidence.max(axis=1, keepdims=True)
    answer = _Answer(roles, evidence)
    blank = float(np.prod(evidence[:, EMPTY]))
    nothing = (answer.head("", "") + answer.head("-", "")) * answer.tail("")
    number = max(0.0, _any_number(answer, evidence) - nothing)  # a number without a figure is none
    any_way = evidence @ np.r_[np.full(10, 0.05), 0.1, 0.1, 0.1, 0.1, 0.1]
    crossed = _crossed_out(answer, evidence)
    parts = np.array([_EMPTY * blank, _CROSSED * crossed, 0.0, _NUMBER * number])
    parts[2] = (1 - _EMPTY - _CROSSED - _NUMBER) * float(np.prod(any_way))
    total = parts.sum()
    scale = _NUMBER / total
    ends = {}
    for text in dict.fromkeys(_texts(answer)):
        ends[text] = answer.weight(text) * scale
    best = tuple(sorted(ends.items(), key=lambda item: -item[1])[:_KEPT])
    empty, crossed, strange, _ = (float(p) for p in parts / total)
    return NumberPosterior(quantity, roles, evidence, ticked, empty, crossed, strange, best, float(scale))
