"""What an answer's cells say of the number that stands in them: a posterior over numbers, not a string of guesses."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.handwriting.layouts import DIGIT, heads, powers, tails
from grader.handwriting.network import DIGITS, EMPTY, SCRATCHED
from grader.handwriting.spelling import parts_of, spelt

if TYPE_CHECKING:
    from grader.handwriting.layouts import Layout
    from grader.handwriting.spelling import SpeltNumbers
    from grader.scans.cells import Role

Array = Any
_EMPTY, _CROSSED, _NUMBER = (
    0.03,
    0.02,
    0.93,
)  # the chances of an answer before it is seen; the rest is no number
_STRUCK = (0.15, 0.8)  # shares of the figures of a number that is crossed out
_PER_CELL = 3  # of each cell's digits so many are tried
_POWERS = 4  # likely exponents that are tried
_KEPT = 24  # likely heads, and tails, that are put together; and numbers that are kept


class _Part:
    """The cells of a head or of a tail, and how likely their pictures are under digits that stand in them."""

    def __init__(self, ways: tuple[Layout, ...], evidence: Array) -> None:
        rows = evidence.tolist()
        self.evidence, self.ways, self.rows = evidence, ways, rows
        # For a sign and a number of digits: the chances of the ways, each with the cells that are fixed, and the others.
        self.known: dict[tuple[str, int], list[tuple[float, list[list[float]]]]] = {}
        self.chances: dict[tuple[str, int], float] = {}
        self.asked: dict[tuple[str, str], tuple[float, float]] = {}
        for way in ways:
            fixed, free = way.chance * 0.1**way.digits, []
            for row, wanted in zip(rows, way.cells, strict=True):
                if wanted == DIGIT:
                    free.append(row)
                else:
                    fixed *= row[wanted]
            kind = way.sign, way.digits
            self.known.setdefault(kind, []).append((fixed, free))
            self.chances[kind] = self.chances.get(kind, 0.0) + way.chance

    def weights(self, sign: str, digits: str) -> tuple[float, float]:
        """How likely the pictures are under these digits in any way and these are so written; and how likely the latter."""
        found = self.asked.get((sign, digits))
        if found is None:
            seen, numbers, kind = 0.0, [int(d) for d in digits], (sign, len(digits))
            for fixed, free in self.known.get(kind, ()):
                term = fixed
                for row, d in zip(free, numbers, strict=True):
                    term *= row[d]
                seen += term
            found = seen, self.chances.get(kind, 0.0) * 0.1 ** len(digits)
            self.asked[sign, digits] = found
        return found

    def many(self, numbers: SpeltNumbers) -> Array:
        """The `weights` of all its tails, (n, 2)."""
        found = np.zeros((numbers.tails, 2))
        for where, figures in numbers.by_length:
            kind, seen = ("", figures.shape[1]), np.zeros(len(where))
            for fixed, free in self.known.get(kind, ()):
                term = np.full(len(where), fixed)
                for row, column in zip(free, figures.T, strict=True):
                    term *= np.array(row)[column]
                seen += term
            found[where, 0] = seen
            found[where, 1] = self.chances.get(kind, 0.0) * 0.1 ** figures.shape[1]
        return found

    def weight(self, sign: str, digits: str) -> float:
        """The first of `weights`."""
        return self.weights(sign, digits)[0]

    def likely(self) -> list[tuple[str, str]]:
        """The likeliest signs with digits, the best first."""
        order = np.argsort(-self.evidence[:, :10], axis=1)[:, :_PER_CELL].tolist()
        spellings = {
            (way.sign, "".join(DIGITS[d] for d in chosen))
            for way in self.ways
            for chosen in product(*(order[i] for i, c in enumerate(way.cells) if c == DIGIT))
        }
        return sorted(spellings, key=lambda spelling: (-self.weight(*spelling), spelling))[:_KEPT]

    def whole(self, evidence: Array) -> float:
        """The likelihood of pictures with this evidence, whatever digits stand there in whatever way."""
        rows, any_digit = evidence.tolist(), evidence[:, :10].mean(axis=1).tolist()
        total = 0.0
        for way in self.ways:
            term = way.chance
            for row, digit, wanted in zip(rows, any_digit, way.cells, strict=True):
                term *= digit if wanted == DIGIT else row[wanted]
            total += term
        return total


class _Answer:
    """The cells of one answer: before the printed point, behind it, and of the exponent."""

    def __init__(self, roles: tuple[Role, ...], evidence: Array) -> None:
        places, raised, figures = (roles.count(role) for role in ("place", "raised", "power"))
        whole = len(roles) - 1 - places - raised - figures
        self.ends = whole + 1, whole + 1 + places
        head, tail, power = np.split(evidence, self.ends)
        self.head, self.tail, self.power = (
            _Part(heads(whole), head), _Part(tails(places), tail), _Part(powers(figures), power),
        )  # fmt: skip
        self.before: dict[tuple[str, str, bool], tuple[float, float]] = {}
        self.raised: dict[str, tuple[float, float]] = {}

    def weights(self, sign: str, whole: str, places: str, power: str) -> tuple[float, float]:
        """How likely the picture is under a number and it is so written; and how likely the latter is by itself."""
        before, raised = self._before(sign, whole, places != ""), self._raised(power)
        behind = self.tail.weights("", places)
        return before[0] * behind[0] * raised[0], before[1] * behind[1] * raised[1]

    def many(self, numbers: SpeltNumbers) -> Array:
        """The `weights` of many numbers, (n, 2)."""
        before = np.array([self._before(*head) for head in numbers.heads])
        raised = np.array([self._raised(power) for power in numbers.powers])
        head, tail, power = numbers.parts
        found: Array = before[head] * self.tail.many(numbers)[tail] * raised[power]
        return found

    def _before(self, sign: str, whole: str, behind: bool) -> tuple[float, float]:  # noqa: FBT001
        """The same of what stands before the point; `behind`: whether there is anything behind it."""
        before = self.before.get((sign, whole, behind))
        if before is None:
            before = self.head.weights(sign, whole)
            if whole == "0" and behind:  # .75 is 0.75
                more = self.head.weights(sign, "")
                before = before[0] + more[0], before[1] + more[1]
            self.before[sign, whole, behind] = before
        return before

    def _raised(self, power: str) -> tuple[float, float]:
        """The same of an exponent such as `-4`, which may be written −04; "" is none, or 0."""
        known = self.raised.get(power)
        if known is not None:
            return known
        sign, figures = power[: power.startswith("-")], power.removeprefix("-")
        ways = (
            [("", ""), ("", "0"), ("-", "0"), ("", "00"), ("-", "00")]
            if not power
            else [(sign, figures), (sign, f"0{figures}")]
        )
        found = [self.power.weights(*way) for way in ways]
        self.raised[power] = sum(seen for seen, _ in found), sum(usual for _, usual in found)
        return self.raised[power]

    def any_number(self, evidence: Array) -> float:
        """The likelihood of pictures with this evidence, whatever stands in the cells as numbers stand."""
        head, tail, power = np.split(evidence, self.ends)
        return self.head.whole(head) * self.tail.whole(tail) * self.power.whole(power)

    def crossed_out(self, evidence: Array) -> float:
        """The same if some figures are struck out: here and there, or nearly all."""
        total = 0.0
        for rate in _STRUCK:
            rates = np.array([rate] * 10 + [rate / 4] * (evidence.shape[1] - 10))
            left = (1 - rates) * evidence
            struck = left + rates * evidence[:, SCRATCHED : SCRATCHED + 1]
            total += self.any_number(struck) - self.any_number(left)
        return total / len(_STRUCK)


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
    answer:   the cells, as head and tail.
    scale:    by which a weight of theirs becomes a probability.
    seen:     what the last layer of the network saw of each cell, (n, 64); None if it was not asked.
    """

    quantity: str
    roles: tuple[Role, ...]
    evidence: Array
    ticked: bool
    empty: float
    crossed: float
    strange: float
    best: tuple[tuple[str, float], ...]
    answer: _Answer
    scale: float
    seen: Array | None = None

    @property
    def number(self) -> float:
        """The probability that some number stands there."""
        return max(0.0, 1.0 - self.empty - self.crossed - self.strange)

    @property
    def sureness(self) -> float:
        """How sure the picture is of its cells, on the average: from 0 to 1."""
        return float((self.evidence.max(axis=1) / self.evidence.sum(axis=1)).mean())

    def weighed(self, texts: tuple[str, ...]) -> tuple[Array, Array]:
        """The probabilities of numbers such as `-0.7550`, spelt as in `best`, and by how much the picture raised them.

        Raised: from what they were before anything was seen, every digit being as likely as any other. Both are 0 for
        numbers that the cells cannot hold.
        """
        seen, usual = self.answer.many(spelt(texts)).T
        alone = seen * self.scale
        return alone, np.divide(alone, _NUMBER * usual, out=np.zeros(len(texts)), where=usual > 0)

    def probability(self, text: str) -> float:
        """The probability of one number."""
        return self.answer.weights(*parts_of(text))[0] * self.scale


def _likely(answer: _Answer) -> dict[str, float]:
    """Likely numbers with their weights, the best first."""
    found = {}
    ends = [digits for _, digits in answer.tail.likely()]
    raised = dict.fromkeys(_exponent(*way) for way in answer.power.likely()[:_POWERS])
    for before, (sign, whole) in enumerate(answer.head.likely(), 1):
        for places in ends[: 2 * _KEPT // before]:  # the others are behind those in weight
            if whole or places:
                text = f"{sign}{whole or '0'}" + (f".{places}" if places else "")
                for power in raised:
                    found[f"{text}e{power}" if power else text], _ = answer.weights(
                        sign, whole or "0", places, power
                    )
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0]))[:_KEPT])


def _exponent(sign: str, figures: str) -> str:
    """The one spelling of an exponent; "" for none, or 0."""
    own = figures.lstrip("0")
    return own and sign + own


def posterior(
    quantity: str,
    roles: tuple[Role, ...],
    evidence: Array,
    *,
    ticked: bool = False,
    seen: Array | None = None,
) -> NumberPosterior:
    """The posterior of an answer from the evidence of its cells; `ticked` and `seen` as in what comes back."""
    evidence = evidence / evidence.max(axis=1, keepdims=True)
    answer = _Answer(roles, evidence)
    nothing = (answer.head.weight("", "") + answer.head.weight("-", "")) * answer.tail.weight("", "")
    nothing *= answer.power.whole(evidence[answer.ends[1] :])
    any_way = evidence @ np.r_[np.full(10, 0.05), np.full(evidence.shape[1] - 10, 0.1)]
    parts = np.array(
        [
            _EMPTY * np.prod(evidence[:, EMPTY]),
            _CROSSED * answer.crossed_out(evidence),
            (1 - _EMPTY - _CROSSED - _NUMBER) * np.prod(any_way),
            _NUMBER * max(0.0, answer.any_number(evidence) - nothing),  # without a figure it is none
        ]
    )
    total = float(parts.sum())
    scale = _NUMBER / total
    best = tuple((text, weight * scale) for text, weight in _likely(answer).items())
    empty, crossed, strange, _ = (float(p) for p in parts / total)
    return NumberPosterior(
        quantity, roles, evidence, ticked, empty, crossed, strange, best, answer, scale, seen
    )
