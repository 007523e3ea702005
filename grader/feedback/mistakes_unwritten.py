"""What is said of a mistake in lines not written down: which it is, and what they would be without it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from exercises.common.wording import listed
from exercises.formulas import typeset
from grader.diagnosis.explain import TIE
from grader.feedback.claims import DRIFTED, FEW, BlankRight, Said, StandsAt
from grader.feedback.worked_anew import alike, beyond, comes_to, line_comes_to, near, off

if TYPE_CHECKING:
    from decimal import Decimal

    from exercises.formulas.formula import Formula
    from exercises.formulas.quantity import Quantity
    from grader.diagnosis.explanation import Cause, Explanation
    from grader.feedback.sheet_numbers import SheetNumbers
    from grader.feedback.worked_anew import Taken
    from grader.mistakes.hypotheses import Hypothesis

MOST = 2  # so many lines with the same mistake are written out
_NAMED = 2  # and so many other mistakes that fit as well


@dataclass(frozen=True, slots=True)
class BlanksHeld:
    """A line that comes out if blank lines held what wrong formulas give there.

    places: each of them, the number, and the formula.
    taken:  what other blank lines are taken to have held.
    here:   the wrong formula by which the line itself was worked too; none where its own was.
    """

    places: tuple[tuple[Quantity, Decimal, Formula], ...]
    line: Quantity
    taken: Taken = ()
    here: Formula | None = None

    def holds(self, sheet: SheetNumbers) -> bool:
        """With all of them it comes out, as far as rounding lets it; without any it does not."""
        if not self.places or not beyond(sheet, self.line, self.taken):
            return False
        wrong = (*self.taken, *((at, value) for at, value, _ in self.places))
        for at, value, formula in self.places:
            others = tuple((p, held) for p, held in wrong if p != at)
            if sheet.typed(at) is not None or not alike(comes_to(sheet, formula, others), value):
                return False
        found = (
            line_comes_to(sheet, self.line, wrong) if self.here is None else comes_to(sheet, self.here, wrong)
        )
        return off(sheet, self.line, found) <= DRIFTED * sheet.unit(self.line)


def sentences(
    figures: SheetNumbers, q: Quantity, explanation: Explanation, *, here_too: bool = False
) -> Said:
    """A line that shows a mistake in one that was left blank, or the same mistake in several.

    here_too: with the same mistake in the line itself.
    """
    label, symbols = figures.label, figures.problem.label
    after = explanation.after
    taken, together = figures.taken(after), after.union(figures.unwritten(explanation))
    all_places = _places(figures, q, explanation.causes[0])
    places = all_places[:MOST]
    fits = [f"{label(at)} = {typeset.symbolic(h.formula, symbols)}" for at, h in places]
    right = [
        f"{label(at)} = {typeset.symbolic(figures.formula(at), symbols)} = {figures.shown(at, after)}"
        for at, _ in places
    ]
    rest = [label(at) for at, _ in all_places[MOST:]]
    more = f", and likewise at {listed(rest)}" if rest else ""
    lines = "a line" if len(places) == 1 else "lines"
    here = next((h.formula for h in explanation.members if here_too and h.step.quantity == q), None)
    if here is not None:
        right.append(f"{label(q)} = {typeset.symbolic(figures.formula(q), symbols)}")
    held = BlanksHeld(
        tuple((at, figures.used(at, together), h.formula) for at, h in all_places), q, taken, here
    )
    same = "" if here is None else ", and the same here"
    name = explanation.causes[0].hypothesis.mistake.name
    apart = any(
        not near(figures.used(at, after), figures.key[at], FEW * figures.unit(at)) for at, _ in places
    )  # because of other breaks above
    own = "From your own numbers follows" if apart else "Right is"
    said = Said(
        f"Your {label(q)} = {figures.shown(q)} fits {listed(fits)}{more}, {lines} that you did not write down"
        f"{same} ({name}). "
        f"{own} {listed(right)}{more}, which makes {label(q)} = {figures.own(q)}.",
        (
            StandsAt(q, figures.used(q)),
            held,
            *(BlankRight(at, figures.shown(at, after), q, figures.own(q), taken) for at, _ in places),
        ),
    )
    return said.and_also(as_well(figures, q, explanation))


def _places(figures: SheetNumbers, q: Quantity, cause: Cause) -> list[tuple[Quantity, Hypothesis]]:
    """The blank lines that lead to `q` and have the mistake."""
    known = [(h.step.quantity, h) for h in cause.together or (cause.hypothesis,)]
    above = figures.graph.ancestors[q]
    return [(at, h) for at, h in known if at in above and figures.typed(at) is None]


def as_well(figures: SheetNumbers, q: Quantity, explanation: Explanation) -> str:
    """Other mistakes, in other lines, that the sheet cannot tell from the one that is named; empty without any."""
    first, *others = explanation.causes
    names = {first.hypothesis.mistake.name}
    told = []
    for cause in others:
        at, name = cause.hypothesis.step.quantity, cause.hypothesis.mistake.name
        if cause.probability < TIE or name in names or (at == q == first.hypothesis.step.quantity):
            continue
        names.add(name)
        one, *more = cause.together or (cause.hypothesis,)
        shown = typeset.symbolic(one.formula, figures.problem.label)
        like = " and the like" if more else ""
        told.append(f"{figures.label(one.step.quantity)} = {shown}{like} ({name})")
    if not told:
        return ""
    fit = "fits" if len(told) == 1 else "fit"
    named = listed(told, "or") if len(told) <= _NAMED else f"{', '.join(told[:_NAMED])} and others"
    return f" As well {fit}: {named}; these lines cannot tell which it was."
