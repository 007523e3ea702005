"""What explains a wrong line: its cause, and how probable it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal

    from exercises.formulas.quantity import Quantity
    from grader.diagnosis.slips import Slip
    from grader.mistakes.hypotheses import Hypothesis


@dataclass(frozen=True, slots=True)
class Cause:
    """One mistake that explains a broken line.

    hypothesis:  what was done.
    probability: among all explanations.
    together:    the same at every line where it is taken to be made, in order of computation.
    """

    hypothesis: Hypothesis
    probability: float
    together: tuple[Hypothesis, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """What is thought of one wrong line.

    quantity: the line.
    causes:   mistakes that fit and outweigh slip and chance, likeliest first; may be empty.
    slip:     the slip of the pen, where that is the likeliest.
    copied:   the line whose number stands here, where that is the likeliest; beside `causes` where a
              mistake amounts to nothing else.
    segment:  the lines among which the break lies; more than one where some were left blank.
    stands:   a line whose number stands here too, whatever is made of it.
    after:    the blank lines that were taken to be wrong before this was found.
    held:     the number that a blank line held, where that alone is known of a break in one.
    rule:     what it has in common with like lines, where no known mistake gives that.
    """

    quantity: Quantity
    causes: tuple[Cause, ...] = ()
    slip: Slip | None = None
    copied: Quantity | None = None
    segment: tuple[Quantity, ...] = ()
    stands: Quantity | None = None
    after: frozenset[Quantity] = frozenset()
    held: HeldNumber | None = None
    rule: Rule | None = None

    @property
    def at(self) -> Quantity:
        """Where the break is taken to lie: at the line itself, or at one left blank."""
        if self.held is not None:
            return self.held.at
        return self.causes[0].hypothesis.step.quantity if self.causes else self.quantity

    @property
    def members(self) -> tuple[Hypothesis, ...]:
        """What was done at each line where the likeliest mistake is taken to be made."""
        return self.causes[0].together or (self.causes[0].hypothesis,) if self.causes else ()

    @property
    def is_repeated(self) -> bool:
        """Whether one mistake is taken to be made at several lines."""
        return len(self.members) > 1


@dataclass(frozen=True, slots=True)
class Rule:
    """What wrong lines have in common.

    kind:   "factor": each has that many times what right work adds to what it starts from, an old weight or 0;
            "share": each is off by that many times what it starts from; "offset": by that much; "factors": by a
            factor of its own for all lines that build on one number.
    number: the factor, share or offset; 0 for factors.
    lines:  in order of computation.
    """

    kind: str
    number: float
    lines: tuple[Quantity, ...]


@dataclass(frozen=True, slots=True)
class HeldNumber:
    """A number that a blank line is taken to have held.

    at:     the blank line.
    number: in as few digits as make the lines right.
    lines:  the lines that it makes right beside the first.
    among:  all blank lines with a number that would do, in order of computation; `at` is the last of them.
    sure:   whether no other number would do, here or in a line that does not lead here.
    """

    at: Quantity
    number: Decimal
    lines: tuple[Quantity, ...]
    among: tuple[Quantity, ...]
    sure: bool
