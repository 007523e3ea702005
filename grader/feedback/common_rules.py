"""What is said of like lines that are wrong in one and the same way that no known mistake gives."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from exercises.common.wording import listed
from exercises.formulas import typeset
from grader.feedback.claims import DRIFTED, Said
from grader.feedback.worked_anew import line_comes_to, number

if TYPE_CHECKING:
    from exercises.formulas.quantity import Quantity
    from grader.diagnosis.explanation import Rule
    from grader.feedback.sheet_numbers import SheetNumbers
    from grader.feedback.worked_anew import Taken

MOST = 4  # so many lines are named one by one
NAMES = {
    "factor": "off by the same factor",
    "share": "off by the same share of the old number",
    "offset": "off by the same amount",
    "factors": "off by the same factor wherever the same number was used",
}


@dataclass(frozen=True, slots=True)
class CommonRule:
    """Every line of a rule keeps to it."""

    rule: Rule
    taken: Taken = ()

    def holds(self, sheet: SheetNumbers) -> bool:
        """Worked out for each line; a factor of its own for each number cannot be told in one."""
        return self.rule.kind == "factors" or all(self.kept(sheet, q) for q in self.rule.lines)

    def kept(self, sheet: SheetNumbers, q: Quantity) -> bool:
        """Whether one line keeps to it, as far as rounding lets it."""
        typed = sheet.typed(q)
        if typed is None:
            return False
        right, free = line_comes_to(sheet, q, self.taken), Decimal(repr(self.rule.number))
        old = q.before_update()
        base = number(sheet, old, self.taken) if old in sheet.graph.by_quantity[q].parents else Decimal(0)
        rules = {
            "factor": base + free * (right - base),
            "share": right + free * base,
            "offset": right + free,
        }
        room = DRIFTED * sheet.unit(q) * max(Decimal(1), abs(free))
        return abs(rules[self.rule.kind] - typed.value) <= room


def sentence(sheet: SheetNumbers, rule: Rule, taken: Taken) -> Said:
    """What the lines of a rule have in common."""
    names = [sheet.label(q) for q in rule.lines]
    lines = listed(names) if len(names) <= MOST else f"{names[0]} and {len(names) - 1} lines after it"
    free = typeset.number(Decimal(repr(rule.number)))
    updates = all(q.updated for q in rule.lines)
    whose = "the change from the old number" if updates else "the number"
    said = {
        "factor": f"{whose} is {free} times what it should be",
        "share": f"{free} times the old number is added",
        "offset": f"{free} is added",
        "factors": "all lines that use the same number are off by one factor",
    }
    return Said(f" {lines} are off in the same way: {said[rule.kind]}.", (CommonRule(rule, taken),))
