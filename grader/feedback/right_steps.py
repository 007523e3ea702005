"""What is said of a right step on wrong numbers: which line it owes its number to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from exercises.common.wording import listed
from exercises.formulas import typeset
from grader.feedback.claims import OwesToBreaks, Said, first_true
from grader.feedback.mistakes_unwritten import as_well
from grader.feedback.sheet_numbers import NAMED
from grader.feedback.worked_anew import mended, near

if TYPE_CHECKING:
    from decimal import Decimal

    from exercises.formulas.quantity import Quantity
    from grader.diagnosis.blame import Repairs
    from grader.feedback.sheet_numbers import SheetNumbers
    from grader.feedback.which_mistake import MistakeWeights


@dataclass(frozen=True)
class RightSteps:
    """Finds the words for right steps on one student's sheet."""

    figures: SheetNumbers
    repairs: Repairs
    likeness: MistakeWeights
    hints: bool

    def sentence(self, q: Quantity) -> Said:
        """A right step on wrong numbers."""
        breaks = self.repairs.breaks
        found = self._all_causes(q)
        causes = [self.figures.label(at) for at in found]
        there = any(self.figures.typed(p) is not None for p in self.figures.graph.ancestors[q])
        own = " on your own earlier numbers" if there else ""
        plain = Said(f"The right step{own}.")
        if not causes:
            return plain
        if any(at != breaks[at] for at in found):  # where it broke is a guess, if a good one
            return self._on_a_guess(q, found)
        many = f"several broken lines before it, {causes[0]} among them"
        because = many if len(causes) > NAMED + 1 else listed(causes)
        if self.repairs.is_rounded_off(q):
            because += ", and of rounding on the way"
        aside = "" if self.figures.printed(q) else "convention aside, "
        return self._owing(q, found, plain, f"{aside}it differs from the key because of {because}")

    def _owing(self, q: Quantity, found: list[Quantity], plain: Said, why: str) -> Said:
        """A right step and the breaks that part it from the key, where they do."""
        owes = OwesToBreaks(q, tuple(found), self.figures.taken(self.figures.taken_wrong))
        told = Said(f"{plain.text.removesuffix('.')}; {why}.", (owes,))
        return first_true(self.figures, (told, plain))

    def _all_causes(self, q: Quantity) -> list[Quantity]:
        """The breaks that can be seen in a line, and those that could be if these were put right."""
        figures, found = self.figures, self.repairs.causes(q)
        above = self._nearest_breaks(q)
        unseen = [at for at in above if at not in found]
        if not unseen:
            return found
        taken, unit = figures.taken(figures.taken_wrong), figures.unit(q)

        def put_right(lines: list[Quantity]) -> Decimal:
            return mended(figures, q, tuple(lines), taken)

        everything = put_right(above)
        for at in unseen if everything.is_finite() else ():
            now = put_right(found)
            if near(now, everything, unit):
                break
            more = sorted((*found, at), key=figures.graph.position.__getitem__)
            if not near(put_right(more), now, unit):
                found = more
        return found

    def _nearest_breaks(self, q: Quantity) -> list[Quantity]:
        """The breaks before a line that no other break lies behind, on one way at least, in order of computation."""
        breaks, graph = self.repairs.breaks, self.figures.graph
        seen, queue = {q}, [q]
        while queue:
            parents = {p for p in graph.by_quantity[queue.pop()].parents if p in graph.by_quantity} - seen
            seen |= parents
            queue += [p for p in parents if p not in breaks]
        return [at for at in breaks if at in seen and at != q]

    def _on_a_guess(self, q: Quantity, found: list[Quantity]) -> Said:
        """A right step if blank lines before it held what they are taken to have held."""
        breaks, above = self.repairs.breaks, self.figures.graph.ancestors
        shows = list(dict.fromkeys(self.figures.label(breaks[at]) for at in found))
        one = "The break that shows" if len(shows) == 1 else "The breaks that show"
        give = "gives" if len(shows) == 1 else "give"
        plain = Said(f"{one} at {listed(shows[:NAMED])} {give} this number too; it counts as right.")
        made = {h.step.quantity: one for one in self.figures.found.explained.values() for h in one.members}
        blank = self.figures.blanks_before(q)
        if not set(found).intersection(blank):  # lines that are written down lie between, and hand it on
            by = list(dict.fromkeys(self._handed_on_by(at, q) for at in found))
            if None in by or len(by) > NAMED:
                return plain
            because = listed([self.figures.label(p) for p in by if p is not None])
            step = Said("The right step on your own earlier numbers.")
            return self._owing(q, found, step, f"it differs from the key because of {because}")
        anew = [at for at in found if at in made and at not in above[breaks[at]] and at != breaks[at]]
        here = [at for at in anew if at in blank]
        if not here or self.hints:  # one break, higher up than both lines
            return plain
        first = breaks[here[0]]
        told = self.figures.found.explained[first]
        if as_well(self.figures, first, told):  # which of several it was, nobody can tell
            return plain
        symbols = self.figures.problem.label
        right = [
            f"{self.figures.label(at)} = {typeset.symbolic(self.figures.formula(at), symbols)}" for at in here
        ]
        return Said(
            f"The same as at {self.figures.label(first)} ({self.likeness.names(made[here[0]])}), in "
            f"{listed([self.figures.label(at) for at in here])}, which you did not write down; no further mark is lost. "
            f"It should be {listed(right)}."
        )

    def _handed_on_by(self, at: Quantity, behind: Quantity) -> Quantity | None:
        """The line written down by which alone a break in a blank one comes to another line; None if there are more.

        The line where it broke, if that is written down itself.
        """
        above = self.figures.graph.ancestors[behind]
        written = [p for p in above if self.figures.typed(p) is not None]
        by = [p for p in written if at in self.figures.blanks_before(p)]
        return at if not by else by[0] if len(by) == 1 else None
