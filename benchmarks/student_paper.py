"""A student at work on one sheet, what was done to it, and the right formulas on what was typed."""

from __future__ import annotations

import random
import zlib
from collections.abc import Iterable  # noqa: TC003
from dataclasses import dataclass, replace

from benchmarks.student_mistakes import MISTAKES
from benchmarks.student_network import Desk, Line, plan_of, right
from benchmarks.student_pens import Pen, Policy, Written, left_out, slipped


@dataclass(frozen=True)
class Fault:
    """A mistake or a slip. `visible` is filled in by `simulate`: the typed lines at which it shows."""

    kind: str
    quantity: str
    quantities: tuple[str, ...]
    id: str
    link: str
    exotic: bool = False
    carried: bool = True
    visible: tuple[str, ...] = ()

    @property
    def visible_at(self) -> str | None:
        """The first typed line where it shows."""
        return self.visible[0] if self.visible else None

    @property
    def detectable(self) -> bool:
        """Whether it shows anywhere (see the module's rule)."""
        return bool(self.visible)


class Student(Desk):
    """A student at work: every line is computed from what was carried on, then written."""

    def __init__(self, problem: dict, policy: Policy, seed: int, omitted: set[str] | None = None) -> None:
        """Sit down at a problem; `omitted` repeats the choice of an earlier sheet."""
        plan = plan_of(problem, policy.convention)
        super().__init__(plan, {name: float(value) for name, value in problem["values"].items()})
        self.problem, self.policy, self.seed = problem, policy, seed
        self.pen = Pen(policy, problem.get("places", 4))
        self.omitted = left_out(policy, plan, random.Random(seed)) if omitted is None else omitted
        self.raw: dict[str, float] = {}
        self.shown: dict[str, float] = {}
        self.typed: dict[str, Written] = {}
        self.now = ""

    def v(self, name: str) -> float:
        """The number carried on: printed or remembered."""
        value = self.given.get(name)
        if value is not None:
            return value
        if name not in self.raw:  # a line further down, worked out beforehand
            ahead = self.compute(self.plan.line[name], right) or 0.0
            return ahead if name in self.omitted else self.aside(ahead)
        reuse = self.policy.reuse
        if reuse == "mixed":
            reuse = "printed" if zlib.crc32(f"{self.seed} {self.now} {name}".encode()) & 1 else "remembered"
        return self.shown[name] if reuse == "printed" else self.raw[name]

    def inner(self, value: float) -> float:
        """Partial products are rounded by some."""
        return self.pen.round(value) if self.policy.inner else value

    def aside(self, value: float) -> float:
        """A number on scrap paper, rounded if printed numbers are carried on."""
        return self.pen.round(value) if self.policy.reuse == "printed" else value

    def solve(self, faults: Iterable[Fault]) -> list[Fault]:
        """Fill in the sheet; the faults as they took place."""
        mistakes, slips = _by_line(faults, "mistake"), _by_line(faults, "slip")
        done: list[tuple[Fault, str, str]] = []
        for q in self.plan.lines:
            self.now = q.name
            value, fault = None, mistakes.get(q.name)
            if fault:
                value = self.compute(q, MISTAKES[fault.id].formula)
                if value is not None:
                    done.append((fault, q.name, fault.id))
            if value is None:
                value = self.compute(q, right) or 0.0
            slip = slips.get(q.name)
            slip_id = self._write(q.name, value, slip)
            if slip and slip_id:
                done.append((slip, q.name, slip_id))
        return [_took_place(fault, [(name, i) for f, name, i in done if f is fault])
                for fault in faults if any(f is fault for f, _, _ in done)]  # fmt: skip

    def _write(self, name: str, value: float, slip: Fault | None) -> str:
        """Write one line; the id of the slip that took place, if one did."""
        self.raw[name] = value
        slip_id = ""
        if name in self.omitted and slip is None:
            self.shown[name] = value
            return ""
        written = self.pen.write(value)
        carried = written
        if slip and (slip.carried or name not in self.omitted):
            rng = random.Random(f"{self.seed} {name} {slip.id}")
            written, slip_id = slipped(written, slip.id, self.pen, rng, [w.text for w in self.typed.values()])
            if slip.carried:
                carried, self.raw[name] = written, written.value
        if name not in self.omitted:
            self.typed[name] = written
        self.shown[name] = carried.value if name not in self.omitted else self.raw[name]
        return slip_id


def _took_place(fault: Fault, done: list[tuple[str, str]]) -> Fault:
    """The fault with the lines at which it took place, and the id of the slip that did."""
    names = tuple(name for name, _ in done)
    return replace(fault, id=done[0][1], quantity=names[0], quantities=names)


def _by_line(faults: Iterable[Fault], kind: str) -> dict[str, Fault]:
    found: dict[str, Fault] = {}
    for fault in faults:
        for name in fault.quantities if fault.kind == kind else ():
            if name in found:
                raise ValueError(f"two faults of the kind {kind} at {name}")
            found[name] = fault
    return found


class Reference(Desk):
    """The right formulas on a student's typed lines; what was not typed is recomputed from what was."""

    def __init__(self, student: Student) -> None:
        """Read a student's typed lines."""
        super().__init__(student.plan, student.given)
        self.typed = student.typed
        self.used: set[str] = set()
        self.memo: dict[str, float] = {}
        self.moved, self.by = "", 0.0

    def v(self, name: str) -> float:
        """The number typed, or what follows from those typed."""
        if name in self.given:
            return self.given[name]
        if name in self.typed:
            self.used.add(name)
            return self.typed[name].value + (self.by if name == self.moved else 0.0)
        if name not in self.memo:
            self.memo[name] = self.compute(self.plan.line[name], right) or 0.0
        return self.memo[name]

    def at(self, line: Line, moved: str = "", by: float = 0.0) -> float:
        """The right formula at a line, with one typed number moved."""
        self.memo, self.moved, self.by = {}, moved, by
        return self.compute(line, right) or 0.0

    def shows(self, name: str) -> bool:
        """Whether the number typed at a line is beyond what correct work could have written."""
        line, typed = self.plan.line[name], self.typed[name]
        self.used = set()
        value, room = self.at(line), typed.unit
        for parent in sorted(self.used):
            unit = self.typed[parent].unit
            room += max(abs(self.at(line, parent, by) - value) for by in (unit, -unit))
        return abs(typed.value - value) > room * (1 + 1e-9)


def _typed_below(student: Student, name: str) -> set[str]:
    """The line itself if it is typed, else the first typed lines downstream."""
    found, queue, seen = set(), [name], {name}
    while queue:
        here = queue.pop()
        if here in student.typed:
            found.add(here)
            continue
        fresh = [child for child in student.plan.children[here] if child not in seen]
        seen.update(fresh)
        queue += fresh
    return found


def seen(student: Student, fault: Fault) -> Fault:
    """The fault with the typed lines at which it shows, by the rule in `students`."""
    names = set().union(*(_typed_below(student, name) for name in fault.quantities))
    reference = Reference(student)
    ordered = sorted(names, key=student.plan.order.__getitem__)
    return replace(fault, visible=tuple(name for name in ordered if reference.shows(name)))
