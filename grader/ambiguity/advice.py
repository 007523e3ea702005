"""What is wrong with a problem's numbers, in sentences: which given number hides which mistakes."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from exercises.common.wording import listed
from exercises.formulas import typeset
from exercises.formulas.quantity import Link, Quantity, QuantityKind
from grader.ambiguity.causes import MORE_PLACES, PLACES, causes
from grader.ambiguity.coincidences import distinct
from grader.ambiguity.survey import instance

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from exercises.problems.problem import Problem
    from grader.ambiguity.causes import HidingNumber
    from grader.ambiguity.coincidences import Coincidences

_SEVERAL = 3  # fewer are told one by one, and fewer pairs than that are left to the table
_LISTED = 4  # more lines, or mistakes, are counted
_OF = {Link.GRADIENT: "gradient", Link.UPDATE: "update"}


def sentences(problem: Problem, found: Coincidences) -> list[str]:
    """One sentence for each thing that the numbers hide by themselves, the worst first."""
    return [sentence for cause in causes(problem, found) for sentence in _Advice(problem, found, cause).all()]


class _Advice:
    """What is said of one cause.

    known:  the mistakes of each line, by name.
    hidden: those of them that cannot show, in whichever of their ways.
    partly: those that show in some of their ways only.
    """

    def __init__(self, problem: Problem, found: Coincidences, cause: HidingNumber) -> None:
        self.problem, self.found, self.cause = problem, found, cause
        self.known: dict[Quantity, set[str]] = defaultdict(set)
        for line, name in found.survey.ways:
            self.known[line].add(name)
        self.hidden: dict[Quantity, set[str]] = defaultdict(set)
        self.partly: dict[Quantity, set[str]] = defaultdict(set)
        for place in sorted(cause.hidden):
            line, name = instance(found.survey.known[place])
            (self.hidden if (line, name) in found.mute else self.partly)[line].add(name)

    def all(self) -> Iterator[str]:
        """Lines that show nothing, lines that show little, mistakes that do not show, mistakes that look alike."""
        mute = [q for q, names in self.hidden.items() if names == self.known[q]]
        if mute:
            yield f"{self.because()} {self.lines(mute)} cannot show any mistake."
        poor = [q for q, names in self.hidden.items() if q not in mute and self.is_much(q, names)]
        if poor:
            count, of = (sum(len(found[q]) for q in poor) for found in (self.hidden, self.known))
            its, verb = ("its", "hides") if len(poor) == 1 else ("their", "hide")
            yield f"{self.because()} {self.lines(poor)} {verb} {count} of {its} {of} mistakes."
        rest = {q: names for q, names in self.hidden.items() if q not in (*mute, *poor)}
        yield from self.mistakes(rest, "cannot show in")
        yield from self.mistakes(self.partly, "need not show in")
        yield from self.pairs()

    def is_much(self, line: Quantity, names: set[str]) -> bool:
        """Whether a line hides so much that the line is spoken of, and not the mistakes."""
        return len(names) >= _SEVERAL and 2 * len(names) >= len(self.known[line])

    def because(self) -> str:
        """The cause, as the beginning of a sentence."""
        if self.cause.given == PLACES:
            return f"With {self.problem.precision.words},"
        names = [self.problem.label(q).text for q in self.cause.given]
        return f"With {' = '.join(names)} = {typeset.number(self.problem.values[self.cause.given[0]])},"

    def mistakes(self, due: dict[Quantity, set[str]], verb: str) -> Iterator[str]:
        """Mistakes that do not show on some lines, those of the same lines together."""
        where: dict[str, list[Quantity]] = defaultdict(list)
        for line, names in due.items():
            for name in sorted(names):
                where[name].append(line)
        together: dict[tuple[Quantity, ...], list[str]] = defaultdict(list)
        for name, lines in where.items():
            together[tuple(lines)].append(name)
        for those, found in sorted(together.items(), key=lambda item: -len(item[0]) * len(item[1])):
            shown = _listed([f"“{name}”" for name in found])
            more = self.problem.precision.digits + MORE_PLACES if self.cause.given == PLACES else 0
            would = f"; with {more} {'it' if len(found) == 1 else 'they'} would" if more else ""
            yield f"{self.because()} {shown} {verb} {self.lines(those)}{would}."

    def pairs(self) -> Iterator[str]:
        """How many mistakes look alike, where there are several."""
        alike = distinct(self.found.survey, sorted(self.cause.alike))
        if len(alike) >= _SEVERAL and self.cause.given != PLACES:
            one, two = alike[0]
            yield (
                f"{self.because()} {len(alike)} pairs of mistakes look alike, such as “{one.mistake.name}” and "
                f"“{two.mistake.name}” in {self.lines([one.step.quantity])}."
            )

    def lines(self, lines: Sequence[Quantity]) -> str:
        """Lines as they are spoken of, such as "the gradients of W₁₃ and W₁₄"."""
        groups: dict[str, list[str]] = defaultdict(list)
        for q in lines:
            link = self.found.survey.graph.by_quantity[q].link
            subject = _parameter(q)
            noun = _OF.get(link, "") if subject is not None else ""
            groups[noun].append(self.problem.label(subject if subject and noun else q).text)
        parts = []
        for noun, labels in groups.items():
            text = _listed(labels)
            parts.append(f"the {noun}{'s' if len(labels) > 1 else ''} of {text}" if noun else text)
        return ", and ".join(parts)


def _parameter(q: Quantity) -> Quantity | None:
    """The parameter of a gradient or an update; None for another line."""
    kinds = {
        QuantityKind.WEIGHT_GRADIENT: QuantityKind.WEIGHT,
        QuantityKind.BIAS_GRADIENT: QuantityKind.BIAS,
        QuantityKind.WEIGHT: QuantityKind.WEIGHT,
        QuantityKind.BIAS: QuantityKind.BIAS,
    }
    return Quantity(kinds[q.kind], q.unit, q.source) if q.kind in kinds else None


def _listed(words: Sequence[str]) -> str:
    """Words in a row; more than a few are counted."""
    if len(words) > _LISTED + 1:
        return f"{', '.join(words[:_LISTED])} and {len(words) - _LISTED} more"
    return listed(words)
