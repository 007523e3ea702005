"""What a student is told about a line: one or two sentences in their own numbers.

The first says what the line shows, the second what their own earlier lines give. With hints only, neither
numbers nor the wrong formula are given away.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from exercises.common.wording import listed
from exercises.formulas import typeset
from exercises.formulas.formula import Formula, Symbol, leaves
from grader.answers.numbers import Unreadable
from grader.diagnosis.blame import Repairs
from grader.diagnosis.explain import TIE
from grader.diagnosis.slips import SAYS
from grader.feedback import unwritten_lines
from grader.feedback.rounding_habits import RoundingHabits
from grader.feedback.sheet_numbers import NAMED, SheetNumbers, neat
from grader.feedback.which_mistake import MistakeWeights
from grader.judging.verdict import Note, Verdict
from grader.working.chain_of_working import broken_link

if TYPE_CHECKING:
    from exercises.formulas.quantity import Quantity
    from grader.diagnosis.explanation import Cause, Explanation
    from grader.diagnosis.slips import Slip

RECOGNISABLE = 10  # a number of fewer units than this has too few digits to recognise


@dataclass(frozen=True)
class SentenceWriter(SheetNumbers):
    """Finds the words for one student's sheet.

    hints: tell where to look, not what the answer is.
    """

    hints: bool = False

    @cached_property
    def repairs(self) -> Repairs:
        """What each break did to each line."""
        return Repairs(self.found)

    @cached_property
    def likeness(self) -> MistakeWeights:
        """Which mistakes are told of."""
        return MistakeWeights(self)

    @cached_property
    def habits(self) -> RoundingHabits:
        """What is said once of the whole sheet."""
        return RoundingHabits(self)

    def line(self, q: Quantity, explanation: Explanation | None) -> str:
        """The sentences for one line; empty where nothing needs saying."""
        line = self.judged.lines[q]
        verdict, note = Verdict(line.verdict[self.column]), Note(line.note[self.column])
        match verdict:
            case Verdict.WRONG:
                return self.wrong(q, explanation)
            case Verdict.FOLLOWS:
                return self.follows(q)
            case Verdict.MISSING:
                return "Left blank."
            case Verdict.UNREADABLE:
                answer = self.answers.get(q)
                return answer.told() if isinstance(answer, Unreadable) else "A person must look."
            case Verdict.NOT_ASSESSED:
                return self.not_assessed(q, note)
        return self.right(note)

    def right(self, note: Note) -> str:
        """A right line that deserves a remark of its own."""
        if note in self.habits.said_once:
            return ""
        if note is Note.CUT_OFF:
            return "Right. It looks as if digits were cut off rather than rounded."
        if note is Note.COARSE:
            return f"Right, but rounded too far: {self.problem.places} decimal places are asked for."
        return ""

    def not_assessed(self, q: Quantity, note: Note) -> str:
        """A line that tells nothing, with the reason."""
        if note is Note.TRIVIAL:
            return self.trivial(q)
        if note is Note.TOO_COARSE:
            return f"Written to so few digits, this shows nothing; {self.problem.places} decimal places are asked for."
        if note is Note.HIDDEN:
            return "This cannot be judged, because a line that it builds on could not be read; it is not counted."
        return (
            "This cannot be judged at so few decimal places, where rounding alone could change the number by as "
            "much as the number itself; it is not counted."
        )

    def trivial(self, q: Quantity) -> str:
        """A line that an earlier number of the student's leaves nothing to do in."""
        stock = [
            p
            for p in self.graph.by_quantity[q].parents
            if (answer := self.typed(p)) is not None and abs(answer.value) in (0, 1)
        ]
        if not stock:
            return "This number is that of another line, or stands on many, so that it shows nothing; it earns no mark."
        named = f"{self.label(stock[0])} stands at {self.shown(stock[0])} on your sheet"
        return f"{named}, which leaves little to work out here; it earns no mark."

    def follows(self, q: Quantity) -> str:
        """A right step on wrong numbers."""
        found = self.repairs.causes(q)
        causes = [self.broken(at, q) for at in found]
        there = any(self.typed(p) is not None for p in self.graph.ancestors[q])
        own = " on your own earlier numbers" if there else ""
        if not causes:
            return f"The right step{own}."
        if len(causes) > NAMED:
            because = f"several broken lines before it, the first of them {causes[0]}"
        else:
            because = listed(causes)
        if any(at != self.repairs.breaks[at] for at in found):  # where it broke is a guess, if a good one
            return f"Taken as right{own}; it goes with {because}."
        if self.repairs.is_rounded_off(q):
            because += ", and of rounding on the way"
        aside = "" if self.printed(q) else "convention aside, "
        return f"The right step{own}; {aside}it differs from the key because of {because}."

    def printed(self, q: Quantity) -> bool:
        """Whether the student's convention leaves the number of a line as the key has it."""
        if self.found.convention is None:
            return True
        unit = float(self.judged.unit[self.column])
        return abs(float(self.judged.lines[q].key[self.column]) - float(self.key[q])) <= 0.5 * unit

    def by_the_key(self, q: Quantity) -> bool:
        """Whether a right line is right by the printed key too, and not by the student's convention alone."""
        answer = self.typed(q)
        return self.printed(q) or (answer is not None and abs(answer.value - self.key[q]) <= self.unit(q))

    def broken(self, at: Quantity, behind: Quantity) -> str:
        """A break by the line that shows it: in which of the lines before, that are blank, nobody can be sure."""
        shows = self.repairs.breaks[at]
        above = shows in self.graph.ancestors[behind]
        return self.label(shows) if above else f"the break that shows at {self.label(shows)}"

    def wrong(self, q: Quantity, explanation: Explanation | None) -> str:
        """A broken line."""
        if self.hints:
            return self.hint(q, explanation)
        slipped = self.slipped(q)
        if slipped:
            return slipped
        typed = f"Your {self.label(q)} = {self.shown(q)}"
        if explanation is None:
            return f"{typed} does not follow: {self.gives(q)}."
        if not all(self.is_sure(self.assumed[at]) for at in self.conditions(q)):
            return f"{typed} does not follow from your lines; {self.somewhere(q)}."
        if explanation.held is not None:
            return f"{typed} does not follow from your lines; {unwritten_lines.sentences(self, q, explanation.held)}"
        if explanation.causes and explanation.copied is None:
            if self.mended(q) is None and self.likeness.holds(q, explanation.causes[0]):
                return self.mistake(q, explanation)
            if self.mended(q) is not None and self.is_sure(explanation):
                return self.behind(q, explanation)
        return f"{typed}{self.otherwise(q, explanation)}."

    def otherwise(self, q: Quantity, explanation: Explanation) -> str:
        """A broken line that no mistake of understanding explains, from behind its number on."""
        if explanation.slip is not None and self.is_literal(q, explanation.slip):
            return f", but {self.gives(q)}; {SAYS[explanation.slip.kind]}"
        if explanation.copied is not None:
            return f" is {self.copied(q, explanation.copied)}; {self.gives(q)} here"
        if len(explanation.segment) > 1:
            return f" does not follow from your lines; {self.somewhere(q)}"
        return f" does not follow: {self.gives(q)}"

    def is_literal(self, q: Quantity, slip: Slip) -> bool:
        """Whether a slip of the pen leads from the very number that is said to follow here."""
        if not slip.meant:
            return True
        own = self.right_value(q)
        if slip.kind.startswith("digit") and abs(own) < RECOGNISABLE * self.unit(q):
            return False  # of a number with one digit that counts, any change of digits may be right
        return abs(Decimal(slip.meant) - own) <= self.unit(q)

    def copied(self, q: Quantity, source: Quantity) -> str:
        """A number that stands on another line; one further down may have been filled in earlier."""
        later = self.graph.position.get(source, -1) > self.graph.position[q]
        return f"the same number as {self.label(source)}" if later else f"the number of {self.label(source)}"

    def slipped(self, q: Quantity) -> str:
        """Working that is right up to a link whose value was not worked out rightly; empty if none is."""
        working = self.working.get(q)
        if working is None or len(working.links) < 2:  # noqa: PLR2004 - a link and the next
            return ""
        unit = float(self.judged.unit[self.column])
        broken = broken_link(working, lambda p: float(self.used(p, self.wrongly(q))), unit)
        if broken is None or broken + 1 >= len(working.shown):
            return ""
        value = self.value_of(working.links[broken], self.wrongly(q))
        own = self.judged.lines[q].own
        low, high = float(own.lo[self.column]) - unit, float(own.hi[self.column]) + unit
        if not value.is_finite() or not low <= float(value) <= high:
            return ""
        return (
            f"Your working for {self.label(q)} is right as far as {neat(working.shown[broken])}; that is "
            f"{self.rounded(value)}, not {neat(working.shown[broken + 1])}."
        )

    def mistake(self, q: Quantity, explanation: Explanation) -> str:
        """A broken line with a name for what happened."""
        said = f"Your {self.label(q)} = {self.shown(q)}"
        one, *others = self.likeness.tied(explanation)
        if others:
            fits = [f"{self.is_what(q, c)} ({c.hypothesis.mistake.name})" for c in (one, others[0])]
            said = f"{said} is {fits[0]}, and also {fits[1]}"
        else:
            says = one.hypothesis.says(self.problem.label).removesuffix(".").replace(": ", "; ")
            if self.blanks_before(q):
                says = f"if the lines that you did not write down were right, {says}"
            formula = one.hypothesis.formula
            said = f"{said} is {self.is_what(q, one)}: {says}" if list(leaves(formula)) else f"{said}: {says}"
        gives = self.gives(q)
        likely = [c.hypothesis.step.quantity for c in explanation.causes if c.probability >= TIE]
        blank = [self.label(at) for at in likely if at != q][:1]
        elsewhere = f" It may also have broken at {blank[0]}, which you did not write down." if blank else ""
        return f"{said}. {gives[0].upper()}{gives[1:]}.{elsewhere}"

    def names(self, explanation: Explanation) -> str:
        """The name of what happened; of all that fit equally well, where there are several."""
        tied = self.likeness.tied(explanation)
        return ", or ".join(c.hypothesis.mistake.name for c in tied[:2])

    def is_what(self, q: Quantity, cause: Cause) -> str:
        """A wrong number as what a wrong formula gives, as the sentence has it after "is"."""
        formula: Formula = cause.hypothesis.formula
        stands = self.found.explained[q].stands
        if stands is not None and self.likeness.comes_to(cause, stands):
            return self.copied(q, stands)
        if isinstance(formula, Symbol):
            return f"the value of {self.label(formula.quantity)} itself"
        about = "" if self.likeness.reaches(q, cause) else "roughly "
        return f"{about}what {typeset.symbolic(formula, self.problem.label)} gives"

    def again(self, q: Quantity, first: str, name: str) -> str:
        """A mistake that has been explained further up."""
        at = self.mended(q)
        unsure = at is not None or bool(self.blanks_before(q))
        said = f"{'It fits the same' if unsure else 'The same'} as at {first}"
        if not self.hints:
            said += f" ({name})"
            if at is not None and self.is_sure(self.assumed[at]):
                said += f", in {self.label(at)}, which you did not write down"
        said += "; it costs a mark only once."
        gives = self.gives(q)
        return said if self.hints else f"{said} {gives[0].upper()}{gives[1:]}."

    def behind(self, q: Quantity, explanation: Explanation) -> str:
        """A line that shows a break in one that was left blank."""
        hypothesis = explanation.causes[0].hypothesis
        at = hypothesis.step.quantity
        wrong = typeset.symbolic(hypothesis.formula, self.problem.label)
        right = typeset.symbolic(self.formula(at), self.problem.label)
        there = self.shown(at, explanation.after)
        return (
            f"Your {self.label(q)} = {self.shown(q)} fits {self.label(at)} = {wrong}, a line that you did not write "
            f"down. Right is {self.label(at)} = {right} = {there}, which makes {self.label(q)} = {self.own(q)}."
        )

    def hint(self, q: Quantity, explanation: Explanation | None) -> str:
        """Where to look, without giving anything away."""
        first = f"Look at {self.label(q)} again."
        if explanation is not None and explanation.held is not None and self.is_sure(explanation):
            return unwritten_lines.hint(self, q, explanation.held)
        if explanation is not None and explanation.causes:
            at = self.mended(q)
            if at is not None and self.is_sure(explanation):
                first = (
                    f"Look at {self.label(at)}, which you did not write down; {self.label(q)} builds on it."
                )
            if at is None or self.is_sure(explanation):
                return f"{first} {explanation.causes[0].hypothesis.mistake.hint}"
        if explanation is not None and (explanation.slip or explanation.copied):
            return f"{first} Compare what you wrote with what your calculator shows."
        used = ", ".join(self.label(p) for p in dict.fromkeys(leaves(self.formula(q))))
        return f"{first} It is made from {used}."
