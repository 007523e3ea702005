"""From the cells of a sheet to its numbers: first by the picture alone, then joined with what the exercise expects.

A number is read without a person only if picture and expectation together are all but certain, the picture alone
likes it best, and likes it clearly. So no mark is given because a number *ought* to stand there.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from heapq import nlargest
from operator import itemgetter
from typing import TYPE_CHECKING

import numpy as np

from grader.handwriting.expected import ANYTHING, ExpectedNumbers
from grader.handwriting.network import evidence, features, named
from grader.handwriting.numbers import posterior
from grader.handwriting.own_hand import classes_of, mistaken_classes, refitted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from exercises.problems.problem import Problem
    from grader.handwriting.numbers import NumberPosterior
    from grader.scans.cells import AnswerCells

_SURELY_EMPTY = 0.99
_SHOWN = 5  # readings that are offered to a person
_FAINT = 0.12  # cells with less sharpness were not cut where they stand
_SURE = 0.8  # of its cells on the average a page is as sure as this, if it was cut well


@dataclass(frozen=True, slots=True)
class Certainty:
    """How sure one has to be of a number: of picture and expectation joined, and of the picture alone.

    foreseen: the first of a number that right work on the lines as read gives: its rivals are others' mistakes and slips.
    doubtful: classes that this hand writes something else like; a number with them is held to `DOUBTED`.
    """

    joined: float
    alone: float
    foreseen: float
    doubtful: frozenset[int] = frozenset()


USUAL = Certainty(0.99, 0.6, 0.95)
# Where much of a sheet could not be read, what seemed clear is held to more than that.
STRICT = Certainty(0.999, 0.9, 0.999)
DOUBTED = Certainty(0.999, 0.9, 0.999)
_FORESEEN = (
    0.3  # the chance, before its picture is looked at, of what right work gives on lines that were read
)
_HARD, _SEVERAL = 0.4, 8  # the share of a sheet's numbers that were not read, of so many at least
_TICKED = "the student asks that a person look"
_LIKELY = 0.7  # how likely a number must be, if a network is to be fitted to it among others
_FITS = 2


@dataclass(frozen=True, slots=True)
class NumberReading:
    """What is taken to stand on a line.

    text:       the number as written; "" for a line left blank; None where a person must look.
    candidates: likely numbers with their probabilities, picture and expectation joined, the best first. Who settles
                what is unread must not be shown them in this order, which tells what is expected.
    reason:     half a sentence why a person must look; "" where the text is read.
    """

    text: str | None
    candidates: tuple[tuple[str, float], ...]
    reason: str = ""


def read(answers: Sequence[AnswerCells]) -> list[NumberPosterior]:
    """What the pictures of a sheet's answers say of their numbers, in the order given."""
    if not answers:
        return []
    seen = features(np.concatenate([answer.cells for answer in answers]))
    ends = np.cumsum([len(answer.cells) for answer in answers])
    return [
        posterior(answer.quantity, answer.roles, evidence(named(part)), ticked=answer.ticked, seen=part)
        for answer, part in zip(answers, np.split(seen, ends[:-1]), strict=True)
    ]


def is_badly_cut(answers: Sequence[AnswerCells], posteriors: Sequence[NumberPosterior]) -> bool:
    """Whether a page's answers look as if its cells were not cut where they stand: it should be captured again."""
    if not answers:
        return False
    sharpness = float(np.median([answer.sharpness for answer in answers]))
    return sharpness < _FAINT or float(np.mean([p.sureness for p in posteriors])) < _SURE


def decide(problem: Problem, posteriors: Sequence[NumberPosterior]) -> dict[str, NumberReading]:
    """Which numbers are read without a person, by the canonical name of their line; all posteriors are of one writer.

    Each line is decided with what follows from the given numbers and from the lines above it. Answers of lines that
    the problem does not ask are decided by their picture alone. See `settled` for what is made of the hand.
    """
    expected = ExpectedNumbers(problem)
    seen, certainty, readings = settled(expected, posteriors)
    return readings if certainty == USUAL else _decided(expected, seen, certainty)


def settled(
    expected: ExpectedNumbers, posteriors: Sequence[NumberPosterior]
) -> tuple[Sequence[NumberPosterior], Certainty, dict[str, NumberReading]]:
    """The posteriors as networks fitted to this hand see them, how sure one has to be of it, and what `USUAL` reads.

    With the numbers that are expected nearly all of a sheet can be told, even in a hand that the network does not know:
    that is no reason to take them as read, but teaches it the hand.
    """
    seen, learnt = posteriors, dict[str, str]()
    readings = _decided(expected, seen, USUAL)
    for _ in range(_FITS):
        likely = _likely(readings)
        if likely == learnt or not (again := refitted(posteriors, likely)):
            break
        learnt = likely
        seen = [again.get(p.quantity, p) for p in posteriors]
        readings = _decided(expected, seen, USUAL)
    certainty = STRICT if is_hard_hand(readings) else USUAL
    return seen, replace(certainty, doubtful=mistaken_classes(seen, _likely(readings))), readings


def _likely(readings: Mapping[str, NumberReading]) -> dict[str, str]:
    """What most likely stands on lines, by their names."""
    return {
        name: one.candidates[0][0]
        for name, one in readings.items()
        if one.candidates and one.candidates[0][1] >= _LIKELY and one.reason != _TICKED
    }


def is_hard_hand(readings: Mapping[str, NumberReading]) -> bool:
    """Whether so much of a sheet is left unread that what was read is to be doubted too."""
    written = [reading for reading in readings.values() if reading.text != ""]
    unread = sum(reading.text is None for reading in written)
    return len(written) >= _SEVERAL and unread > _HARD * len(written)


def _decided(
    expected: ExpectedNumbers, posteriors: Sequence[NumberPosterior], certainty: Certainty
) -> dict[str, NumberReading]:
    """One pass down the sheet."""
    by_name = {p.quantity: p for p in posteriors}
    decided: dict[str, NumberReading] = {}
    expected.begin()
    for step in expected.graph.steps:
        name = step.quantity.name
        found, read_, guess = by_name.get(name), None, None
        if found is not None:
            places = sum(role == "place" for role in found.roles)
            decided[name] = join(found, expected.on(step, places, "power" in found.roles), certainty)
            text = decided[name].text
            read_ = float(text) if text else None
            guess = (
                float(decided[name].candidates[0][0]) if text is None and decided[name].candidates else None
            )
        expected.keep(step, read_, guess)
    for found in posteriors:
        if found.quantity not in decided:
            decided[found.quantity] = join(found, {}, certainty)
    return decided


def join(
    found: NumberPosterior, expected: Mapping[str, float], certainty: Certainty = USUAL
) -> NumberReading:
    """One line: its picture, and the chances of the numbers that are expected on it."""
    anything = ANYTHING if expected else 1.0
    likely = {text: anything * p for text, p in found.best if text not in expected}
    rest = anything * max(0.0, found.number - sum(p for _, p in found.best))
    total = sum(likely.values()) + rest + found.empty + found.crossed + found.strange
    if expected:
        texts = tuple(expected)
        alone, raised = found.weighed(texts)
        weights = anything * alone + np.fromiter(expected.values(), float) * raised
        total += float(weights.sum())
        first = np.argsort(-weights, kind="stable")[:_SHOWN].tolist()
        likely |= {texts[k]: float(weights[k]) for k in first if weights[k]}
    ordered = nlargest(_SHOWN, likely.items(), key=itemgetter(1))
    candidates = tuple((text, round(p / total, 4)) for text, p in ordered)
    if found.ticked:
        return NumberReading(None, candidates, _TICKED)
    if found.empty > _SURELY_EMPTY:
        return NumberReading("", ())
    return _accepted(found, candidates, expected, certainty)


def _accepted(
    found: NumberPosterior,
    candidates: tuple[tuple[str, float], ...],
    expected: Mapping[str, float],
    certainty: Certainty,
) -> NumberReading:
    """The best candidate if it may be read without a person, and else why not."""
    if found.number < found.crossed + found.strange:
        struck = found.crossed > found.strange
        why = "something is crossed out" if struck else "what stands in the cells is no number"
        return NumberReading(None, candidates, why)
    if not candidates:
        return NumberReading(None, (), "nothing certain stands in the cells")
    text, joined = candidates[0]
    alone, p_alone = found.best[0]
    if joined < (certainty.foreseen if expected.get(text, 0.0) >= _FORESEEN else certainty.joined):
        return NumberReading(None, candidates, "it could be one of several numbers")
    if alone != text or p_alone < certainty.alone:
        return NumberReading(None, candidates, "the writing is not clear enough by itself")
    doubted = certainty.doubtful.intersection(classes_of(text, found.roles) or ())
    if doubted and (joined < DOUBTED.joined or p_alone < DOUBTED.alone):
        return NumberReading(None, candidates, "in this hand one of its figures looks like another")
    return NumberReading(text, candidates)
