"""What a wrong sign above means for new weights that add: two wrong signs make a right number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exercises.common.wording import listed
from exercises.formulas.quantity import Link
from grader.feedback.claims import NOTHING, Said, UpdatesAdd
from grader.feedback.sheet_numbers import NAMED

if TYPE_CHECKING:
    from exercises.formulas.quantity import Quantity
    from grader.feedback.sheet_numbers import SheetNumbers


def sign_of_updates(sheet: SheetNumbers, q: Quantity) -> Said:
    """That new weights add where they must subtract, once the sign of this line above them is right."""
    taken = sheet.taken(sheet.taken_wrong)
    steps = [s.quantity for s in sheet.graph.steps if s.link is Link.UPDATE]
    adding = [UpdatesAdd(p, taken) for p in steps if q in sheet.graph.ancestors[p]]
    adding = [claim for claim in adding if claim.holds(sheet)]
    if not adding:
        return NOTHING
    names = listed([sheet.label(claim.line) for claim in adding[:NAMED]])
    return Said(f" At {names} you add; once the sign is right here, subtract there.", tuple(adding[:NAMED]))
