"""What a student is told about a line: one or two sentences in their own numbers.

The first says what the line shows, the second what their own earlier lines give. With hints only, neither
numbers nor the wrong formula are given away.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from exercises.formulas import typeset
from exercises.formulas.formula import leaves, negative
from grader.answers.numbers import Unreadable
from grader.diagnosis.blame import Repairs
from grader.feedback import common_rules, mistakes_unwritten, unwritten_lines
from grader.feedback.claims import (
    DoesNotFollow,
    FormulaGives,
    LineGives,
    Said,
    SameNumber,
    SlipOfThePen,
    StandsAt,
    WorkingComesTo,
    first_true,
)
from grader.feedback.hints import hint, made_from
from grader.feedback.right_steps import RightSteps
from grader.feedback.rounding_habits import RoundingHabits
from grader.feedback.sheet_numbers import SheetNumbers, neat
from grader.feedback.sign_of_updates import sign_of_updates
from grader.feedback.which_mistake import MistakeWeights
from grader.judging.verdict import Note, Verdict
from grader.working.chain_of_working import broken_link

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exercises.formulas.quantity import Quantity
    from grader.diagnosis.explanation import Cause, Explanation


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

    def line(self, q: Quantity, explanation: Explanation | None) -> Said:
        """The sentences for one line; none where nothing needs saying."""
        line = self.judged.lines[q]
        verdict, note = Verdict(line.verdict[self.column]), Note(line.note[self.column])
        match verdict:
            case Verdict.WRONG:
                return self.wrong(q, explanation)
            case Verdict.FOLLOWS:
                return RightSteps(self, self.repairs, self.likeness, hints=self.hints).sentence(q)
            case Verdict.MISSING:
                return Said("Left blank.")
            case Verdict.UNREADABLE:
                answer = self.answers.get(q)
                return Said(answer.told() if isinstance(answer, Unreadable) else "A person must look.")
            case Verdict.NOT_ASSESSED:
                return self.not_assessed(q, note)
        return Said(self.right(q, note))

    def right(self, q: Quantity, note: Note) -> str:
        """A right line that deserves a remark of its own."""
        typed = self.typed(q)
        few = typed is not None and typed.unit > self.problem.precision.unit(typed.value)
        if note in self.habits.said_once or (note is Note.COARSE and not few):
            return ""
        if note is Note.CUT_OFF:
            return "Right. It looks as if digits were cut off rather than rounded."
        if note is Note.COARSE and typed is not None:
            rounded = abs(self.right_value(q) - typed.value) <= typed.unit / 2
            far = "rounded too far" if rounded else "cut off too early"
            return f"Right, but {far}: {self.problem.precision.words} are asked for."
        return ""

    def not_assessed(self, q: Quantity, note: Note) -> Said:
        """A line that tells nothing, with the reason."""
        if note is Note.TRIVIAL:
            return self.trivial(q)
        if note is Note.HIDDEN:
            return Said(
                "This cannot be judged, because a line that it builds on could not be read; it is not counted."
            )
        return Said(
            "This number is so small that rounding, on the way or here, could change it by as much as the number "
            "itself; it cannot be judged, and is not counted."
        )

    def trivial(self, q: Quantity) -> Said:
        """A line that an earlier number of the student's leaves nothing to do in."""
        stock = [
            StandsAt(p, answer.value)
            for p in self.graph.by_quantity[q].parents
            if (answer := self.typed(p)) is not None and abs(answer.value) in (0, 1)
        ]
        again = [
            StandsAt(p, self.standing[q])
            for p in (q.before_update(), *self.graph.by_quantity[q].parents)
            if p != q and q in self.standing and self.standing.get(p) == self.standing[q]
        ]
        if again and (not stock or again[0].line == q.before_update()):
            same = f"this is the number of {self.label(again[0].line)} once more"
            return Said(
                f"With your own earlier lines {same}; nothing was left to work out, so it earns no mark.",
                (again[0],),
            )
        if not stock:
            return Said(
                "This is the number of another line, or of many, with nothing worked out; it earns no mark."
            )
        named = f"{self.label(stock[0].line)} stands at {self.shown(stock[0].line)} on your sheet"
        return Said(f"{named}, which left little to work out here; it earns no mark.", (stock[0],))

    def by_the_key(self, q: Quantity) -> bool:
        """Whether a right line is right by the printed key too, and not by the student's convention alone."""
        answer = self.typed(q)
        return self.printed(q) or (answer is not None and abs(answer.value - self.key[q]) <= self.unit(q))

    def wrong(self, q: Quantity, explanation: Explanation | None) -> Said:
        """A broken line: the first thing to be said of it that is so."""
        if self.hints:
            right = f"Look at {self.label(q)} again. The way is right; work out its number once more."
            return Said(right if any(self.slipped(q)) else hint(self, q, explanation))
        told = first_true(self, self.candidates(q, explanation))
        return told if told.text else Said(f"Look at {self.label(q)} again. {made_from(self, q)}")

    def candidates(self, q: Quantity, explanation: Explanation | None) -> Iterator[Said]:
        """What may be said of a broken line, best first."""
        yield from self.slipped(q)
        typed = self.your(q)
        if explanation is not None and all(self.is_sure(self.assumed[at]) for at in self.conditions(q)):
            if explanation.held is not None:
                yield typed.and_also(" does not follow from your lines; ").then(
                    unwritten_lines.sentences(self, q, explanation.held)
                )
            elif explanation.causes and explanation.copied is None:
                if self.mended(q) is None:
                    above = set(self.unwritten(explanation)).intersection(self.blanks_before(q))
                    beside = self.is_sure(explanation) and above
                    if beside:
                        yield mistakes_unwritten.sentences(self, q, explanation, here_too=True)
                    yield self.mistake(q, explanation)
                    if beside:
                        yield mistakes_unwritten.sentences(self, q, explanation)
                elif self.is_sure(explanation) or self.is_one_of(explanation):
                    yield mistakes_unwritten.sentences(self, q, explanation)
            yield from self.otherwise(q, explanation)
        if explanation is not None and explanation.rule is not None:
            common = common_rules.sentence(self, explanation.rule, self.taken(self.wrongly(q)))
            plain = typed.and_also(" does not follow: ", self.apart(q)).then(self.gives(q))
            yield plain.and_also(".").then(common)
        if explanation is not None and self.blanks_before(q):
            where = typed.and_also(f" does not follow from your lines; {self.somewhere(q)}. ", self.apart(q))
            yield where.then(self.gives(q).capitalized()).and_also(".")
        yield typed.and_also(" does not follow: ", self.apart(q)).then(self.gives(q)).and_also(".")

    def your(self, q: Quantity) -> Said:
        """The number that stands on a line."""
        return Said(f"Your {self.label(q)} = {self.shown(q)}", (StandsAt(q, self.used(q)),))

    def apart(self, q: Quantity) -> DoesNotFollow:
        """That the number on a line is not what the lines before it lead to."""
        return DoesNotFollow(q, self.taken(self.wrongly(q)))

    def gives(self, q: Quantity) -> Said:
        """What right work gives here, and from which numbers."""
        formula, wrongly = self.formula(q), self.wrongly(q)
        numbers = self.put_in(formula, wrongly, self.legible(self.right_value(q), self.written(q)))
        if not all(number.is_finite() for _, number in numbers):
            return Said(f"{self.whose(q)} no number")
        claim = LineGives(q, formula, numbers, self.own(q), self.taken(wrongly))
        return Said(f"{self.whose(q)} {claim.words(self)}", (claim,))

    def otherwise(self, q: Quantity, explanation: Explanation) -> Iterator[Said]:
        """A broken line that no mistake of understanding explains."""
        if explanation.slip is not None:
            slip = SlipOfThePen(q, explanation.slip.kind, explanation.slip.meant)
            told = self.your(q).and_also(", but ").then(self.gives(q)).and_also(f"; {slip.words()}.", slip)
            yield told.then(sign_of_updates(self, q)) if slip.kind == "sign lost" else told
        if explanation.copied is not None:
            same = SameNumber(q, explanation.copied)
            yield (
                self.your(q)
                .and_also(f" is {same.words(self)}; ", same)
                .then(self.gives(q))
                .and_also(" here.")
            )

    def slipped(self, q: Quantity) -> Iterator[Said]:
        """Working that is right up to a link whose value was not worked out rightly."""
        working = self.working.get(q)
        if working is None or len(working.links) < 2:  # noqa: PLR2004 - a link and the next
            return
        unit = self.judged.unit[self.column]
        broken = broken_link(working, lambda p: float(self.used(p, self.wrongly(q))), unit)
        if broken is None or broken + 1 >= len(working.shown):
            return
        taken = self.taken(self.wrongly(q))
        value = self.value_of(working.links[broken], self.wrongly(q))
        own = self.judged.lines[q].own
        last = float(self.judged.lines[q].unit[self.column])
        low, high = float(own.lo[self.column]) - last, float(own.hi[self.column]) + last
        if value.is_finite() and low <= float(value) <= high:
            claim = WorkingComesTo(
                working.links[broken], self.rounded(value), working.links[broken + 1], taken
            )
            yield Said(
                f"Your working for {self.label(q)} is right as far as {neat(working.shown[broken])}; that is "
                f"{claim.result}, not {neat(working.shown[broken + 1])}.",
                (claim,),
            )

    def mistake(self, q: Quantity, explanation: Explanation) -> Said:
        """A broken line with a name for what happened."""
        one, *others = self.likeness.tied(explanation)
        sure = not others and self.likeness.is_telling(q, one)
        said = self.your(q).and_also(" ").then(self.is_what(q, one, sure=sure))
        if others:
            also = self.is_what(q, others[0], sure=False)
            said = said.and_also(f" ({one.hypothesis.mistake.name}), and also ").then(also)
            said = said.and_also(f" ({others[0].hypothesis.mistake.name})")
        else:
            says = one.hypothesis.says(self.problem.label).removesuffix(".").replace(": ", "; ")
            if self.blanks_before(q):
                says = f". If the lines that you did not write down were right, this happened: {says}"
            else:
                says = f": {says}" if sure else f": if so, {says}"
            bare = not list(leaves(one.hypothesis.formula))
            said = Said(f"{self.your(q).text}{says}", said.claims) if bare else said.and_also(says)
        gives = self.gives(q)
        told = said.and_also(". ").then(gives.capitalized()).and_also(".")
        told = told.and_also(mistakes_unwritten.as_well(self, q, explanation))
        turned = not others and one.hypothesis.formula == negative(self.formula(q))
        return told.then(sign_of_updates(self, q)) if turned else told

    def is_what(self, q: Quantity, cause: Cause, *, sure: bool) -> Said:
        """A wrong number as what a wrong formula gives, as the sentence has it behind the number."""
        claim = FormulaGives(
            q, cause.hypothesis.formula, self.likeness.reaches(q, cause), self.taken(self.wrongly(q))
        )
        stands = self.found.explained[q].stands
        if stands is not None and self.likeness.comes_to(cause, stands):
            same = SameNumber(q, stands)
            return Said(f"is {same.words(self)}", (same, claim))
        return Said(claim.words(self, sure=sure), (claim,))

    def by_formula(self, q: Quantity) -> str:
        """The wrong formula that gives a line its number, behind the name of what happened; empty where none does."""
        explanation = self.found.explained.get(q)
        cause = explanation.causes[0].hypothesis if explanation is not None and explanation.causes else None
        if cause is None or cause.step.quantity != q or self.conditions(q):
            return ""
        claim = FormulaGives(q, cause.formula, exactly=False, taken=self.taken(self.wrongly(q)))
        return f": {typeset.symbolic(cause.formula, self.problem.label)}" if claim.holds(self) else ""

    def again(self, q: Quantity, first: str, name: str, *, free: bool = True) -> Said:
        """A mistake that has been explained further up; free: whether it costs nothing here."""
        at = self.mended(q)
        unsure = at is not None or bool(self.blanks_before(q))
        said = f"{'The same fits here' if unsure else 'The same'} as at {first}"
        if not self.hints:
            said += f" ({name}{self.by_formula(q)})"
            if at is not None and self.is_sure(self.assumed[at]):
                said += f", in {self.label(at)}, which you did not write down"
        said += "; it costs a mark only once." if free else "."
        if self.hints:
            return Said(said)
        return Said(f"{said} ").then(self.gives(q).capitalized()).and_also(".")
