"""What is said of a right step on wrong numbers: which line it owes its number to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exercises.common.wording import listed
from exercises.formulas import typeset
from grader.feedback.claims import OwesToBreaks, Said, first_true
from grader.feedback.sheet_numbers import NAMED

if TYPE_CHECKING:
    from exercises.formulas.quantity import Quantity
    from grader.feedback.sentences import SentenceWriter


def sentence(writer: SentenceWriter, q: Quantity) -> Said:
    """A right step on wrong numbers."""
    breaks = writer.repairs.breaks
    found = writer.repairs.causes(q)
    guessed = any(at != breaks[at] for at in found)  # where it broke is a guess, if a good one
    causes = list(dict.fromkeys(_broken(writer, at, q, guessed=guessed) for at in found))
    there = any(writer.typed(p) is not None for p in writer.graph.ancestors[q])
    own = " on your own earlier numbers" if there else ""
    plain = Said(f"The right step{own}.")
    if not causes:
        return plain
    if guessed:
        return _on_a_guess(writer, q, found, causes)
    many = f"several broken lines before it, the first of them {causes[0]}"
    because = many if len(causes) > NAMED else listed(causes)
    if writer.repairs.is_rounded_off(q):
        because += ", and of rounding on the way"
    aside = "" if writer.printed(q) else "convention aside, "
    told = Said(
        f"The right step{own}; {aside}it differs from the key because of {because}.",
        (OwesToBreaks(q, tuple(found), writer.taken(writer.taken_wrong)),),
    )
    return first_true(writer, (told, plain))


def _on_a_guess(writer: SentenceWriter, q: Quantity, found: list[Quantity], causes: list[str]) -> Said:
    """A right step if blank lines before it held what they are taken to have held."""
    breaks, above = writer.repairs.breaks, writer.graph.ancestors
    plain = Said(f"With {listed(causes[:NAMED])} this number comes out too; it counts as right.")
    made = {h.step.quantity: one for one in writer.found.explained.values() for h in one.members}
    anew = [at for at in found if at in made and at not in above[breaks[at]] and at != breaks[at]]
    if not anew or writer.hints:  # one break, higher up than both lines
        return plain
    here = [at for at in anew if at in writer.blanks_before(q)]
    if not here:  # lines that are written down lie between, and hand it on
        by = list(dict.fromkeys(_handed_on_by(writer, at) for at in found))
        because = listed([writer.label(p) for p in by[:NAMED]])
        owes = OwesToBreaks(q, tuple(found), writer.taken(writer.taken_wrong))
        step = "The right step on your own earlier numbers"
        return Said(f"{step}; it differs from the key because of {because}.", (owes,))
    first = breaks[here[0]]
    symbols = writer.problem.label
    right = [f"{writer.label(at)} = {typeset.symbolic(writer.formula(at), symbols)}" for at in here]
    return Said(
        f"The same as at {writer.label(first)} ({writer.names(made[here[0]])}), in "
        f"{listed([writer.label(at) for at in here])}, which you did not write down; it counts as right. "
        f"There right is {listed(right)}."
    )


def _handed_on_by(writer: SentenceWriter, at: Quantity) -> Quantity:
    """The first line written down that a break in a blank one reaches through blank lines; else the line itself."""
    lines = (s.quantity for s in writer.graph.steps if writer.typed(s.quantity) is not None)
    return next((p for p in lines if at in writer.blanks_before(p)), at)


def _broken(writer: SentenceWriter, at: Quantity, behind: Quantity, *, guessed: bool) -> str:
    """A break by the line that shows it: in which of the lines before, that are blank, nobody can be sure."""
    shows = writer.repairs.breaks[at]
    if guessed or shows not in writer.graph.ancestors[behind]:
        return f"the break that shows at {writer.label(shows)}"
    return writer.label(shows)
