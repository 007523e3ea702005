"""The rules of a set that are about whole sheets: when they are due, what being late costs, how much must be answered."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from exercises.common.wording import count, nearest, told

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

KEYS = ("due", "late", "least_lines")  # of a set
POLICY = "policy.toml"  # beside the problems that were made from the set
DAY = 86_400.0  # seconds
_LATE = ("per_day", "free_days", "last_day")
_MOST_DAYS = 366
_MOST_LINES = 1000


@dataclass(frozen=True, slots=True)
class Policy:
    """What is expected of a sheet.

    due:         seconds since 1970; None where nothing is ever late.
    per_day:     the share of the points, 0 to 1, that each day begun costs.
    free_days:   so many days cost nothing.
    last_day:    after so many days nothing counts any more; None for never.
    least_lines: a sheet with fewer answers earns nothing.
    """

    due: float | None = None
    per_day: float = 0.0
    free_days: int = 0
    last_day: int | None = None
    least_lines: int = 0

    def days_late(self, handed_in: float) -> int:
        """The days begun since it was due, for something handed in at a time; 0 in time."""
        return 0 if self.due is None else max(math.ceil((handed_in - self.due) / DAY), 0)

    def share(self, days: int) -> float:
        """The share of the points that is left to a sheet so many days late."""
        if self.last_day is not None and days > self.last_day:
            return 0.0
        return round(max(1.0 - self.per_day * max(days - self.free_days, 0), 0.0), 6)


def read_policy(table: Mapping[str, Any], fault: Callable[[str], None]) -> Policy:
    """The rules in a set's table; `fault` is told, in a sentence each, what is wrong with them."""
    late = table.get("late", {})
    if not isinstance(late, dict):
        fault(f"late: {told(late)} is not a table; expected [late] with {', '.join(_LATE)}")
        late = {}
    for name in late:
        if name not in _LATE:
            fault(f"late.{name} is unknown; {nearest(name, _LATE)}")
    due = _moment(table["due"], fault) if "due" in table else None
    if late and "due" not in table:
        fault("late: nothing is late without a line such as due = 2026-12-01T23:59:00")
    per_day = late.get("per_day", 0)
    if not isinstance(per_day, (int, Decimal)) or isinstance(per_day, bool) or not 0 <= per_day <= 1:
        fault(f"late.per_day: {told(per_day)} is no share; expected a number from 0 to 1, such as 0.1")
        per_day = 0
    free = _whole(late, "free_days", 0, _MOST_DAYS, fault)
    last = _whole(late, "last_day", None, _MOST_DAYS, fault)
    least = _whole(table, "least_lines", 0, _MOST_LINES, fault)
    return Policy(due, float(per_day), free or 0, last, least or 0)


def told_to_students(table: Mapping[str, Any]) -> tuple[str, ...]:
    """The rules in a set's table in sentences, for its cover; none where nothing is expected."""
    policy = read_policy(table, lambda _: None)
    found = []
    if policy.due is not None:
        found.append(f"Due on {_shown(table['due'])}.")
        if policy.per_day:
            free, costs = policy.free_days, f"day begun costs {100 * policy.per_day:g}\N{NO-BREAK SPACE}%."
            first = (
                "The first day after that costs" if free == 1 else f"The first {free} days after that cost"
            )
            found.append(f"{first} nothing, each further {costs}" if free else f"Each {costs}")
        if policy.last_day is not None:
            found.append(
                f"After {count(policy.last_day, 'day') if policy.last_day else 'that'} nothing counts any more."
            )
    least = f"An exercise with fewer than {policy.least_lines} answers earns nothing."
    return (*([" ".join(found)] if found else []), *([least] if policy.least_lines > 1 else []))


def _shown(due: dt.date) -> str:
    """A day, or a time, in its own zone where it has one."""
    day = f"{due.day} {due:%B %Y}"
    if not isinstance(due, dt.datetime):
        return day
    return f"{day}, {due:%H:%M}{f' {due.tzname()}' if due.tzinfo is not None else ''}"


def policy_file(table: Mapping[str, Any]) -> str:
    """What a set's table says of these, as a file of its own without the set's secret; empty where it says nothing."""
    import tomlkit

    document = tomlkit.document()
    document.add(
        tomlkit.comment("When sheets are due, and what counts; byhand grade reads it. Change it as you like.")
    )
    for key in KEYS:
        if key in table:
            value = table[key]
            rules = (
                {k: float(v) if isinstance(v, Decimal) else v for k, v in value.items()}
                if key == "late"
                else value
            )
            document.add(key, tomlkit.item(rules))
    return tomlkit.dumps(document) if any(key in table for key in KEYS) else ""


def _whole(
    table: Mapping[str, Any], name: str, usual: int | None, most: int, fault: Callable[[str], None]
) -> int | None:
    if name not in table:
        return usual
    value = table[name]
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most:
        return value
    fault(f"{name}: {told(value)}; expected a whole number from 0 to {most}")
    return usual


def _moment(value: object, fault: Callable[[str], None]) -> float | None:
    """A date (until its last second) or a time; without a zone it is that of this computer."""
    try:
        if isinstance(value, dt.datetime):
            return (value if value.tzinfo is not None else value.astimezone()).timestamp()
        if isinstance(value, dt.date):
            return dt.datetime.combine(value, dt.time(23, 59, 59)).astimezone().timestamp()
    except (OverflowError, OSError, ValueError):
        pass
    fault(f"due: {told(value)} is no time; expected one such as 2026-12-01T23:59:00 or 2026-12-01")
    return None
