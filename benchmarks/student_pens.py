"""How students write numbers down: policies of rounding and leaving out, and slips of the pen."""

# ruff: noqa: ARG001 - noun phrases; nothing secret here; all slips take the same arguments
from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from itertools import pairwise

from benchmarks.student_network import Line, Plan  # noqa: TC001


@dataclass(frozen=True)
class Policy:
    """A way of working. `reuse`: which number goes on, the printed, the remembered, or at random (mixed).

    `convention` is "" or the other convention under which the work is correct, or several of them joined by +.
    """

    name: str
    rounding: str = ROUND_HALF_UP
    places: int | None = None
    significant: int | None = None
    reuse: str = "printed"
    inner: bool = False
    leaves_out: str = ""
    strips: bool = False
    convention: str = ""

    @property
    def is_convention(self) -> bool:
        """Whether the work is correct under another convention than the sheet's."""
        return bool(self.convention)

    def fits(self, problem: dict) -> bool:
        """Whether a student can work this way at a problem."""
        half = problem["loss"] == "half-squared-error"
        if "other-factor" not in self.convention.split("+"):
            return True
        return problem["loss"].endswith("squared-error") and half is (self.name != "other-factor")


POLICIES: dict[str, Policy] = {policy.name: policy for policy in (
    Policy("half-up"),
    Policy("half-even", rounding=ROUND_HALF_EVEN),
    Policy("cut-off", rounding=ROUND_DOWN),
    Policy("cut-off-remembered", rounding=ROUND_DOWN, reuse="remembered"),
    Policy("three-places", places=3),
    Policy("six-places", places=6),
    Policy("four-significant", significant=4),
    Policy("remembered", reuse="remembered"),
    Policy("mixed", reuse="mixed"),
    Policy("rounded-products", inner=True),
    Policy("skipped-lines", leaves_out="some"),
    Policy("no-path-lines", leaves_out="path lines"),
    Policy("total-loss-only", leaves_out="losses of the outputs"),
    Policy("only-deltas-and-weights", leaves_out="all but deltas and weights"),
    Policy("only-weights", leaves_out="all but weights"),
    Policy("stripped-zeros", strips=True),
    Policy("other-sign", convention="other-sign"),
    Policy("no-half", convention="other-factor"),
    Policy("other-factor", convention="other-factor"),
    Policy("delta-is-dE-dy", convention="delta-is-dE-dy"),
    Policy("other-sign-and-no-half", convention="other-sign+other-factor"),
    Policy("no-half-and-delta-is-dE-dy", convention="other-factor+delta-is-dE-dy"),
    Policy("other-sign-and-delta-is-dE-dy", convention="other-sign+delta-is-dE-dy"),
    Policy("all-three-conventions", convention="other-sign+other-factor+delta-is-dE-dy"),
    Policy("two-places", places=2),
)}  # fmt: skip


@dataclass(frozen=True)
class Written:
    """A number on paper: its text, its value, one unit in the last place that the student worked to."""

    text: str
    value: float
    unit: float


def last_place(text: str) -> float:
    """One unit in the last place of a typed number."""
    exponent = Decimal(text).as_tuple().exponent
    return 10.0 ** int(exponent)


class Pen:
    """Writes numbers by a policy; digits come out of Decimal, never of float formatting.

    A float is first freed of noise far beyond a pocket calculator's digits, so that a tie is seen as a tie.
    """

    def __init__(self, policy: Policy, places: int) -> None:
        """Take the policy, and the places that the sheet asks for."""
        self.policy = policy
        self.places = places if policy.places is None else policy.places
        self._step = Decimal(1).scaleb(-self.places)

    def _rounded(self, value: float) -> Decimal:
        digits = self.policy.significant
        if digits is None or value == 0:
            number = Decimal(repr(round(value, 13)))
            return number.quantize(self._step, rounding=self.policy.rounding)
        number = Decimal(f"{value:.12g}")
        number = number.quantize(
            Decimal(1).scaleb(number.adjusted() - digits + 1), rounding=self.policy.rounding
        )
        if len(number.as_tuple().digits) > digits:
            number = number.quantize(Decimal(1).scaleb(number.adjusted() - digits + 1))
        return number

    def round(self, value: float) -> float:
        """The value as written, as a number."""
        return float(self._rounded(value))

    def write(self, value: float) -> Written:
        """The value as written."""
        number = self._rounded(value)
        unit = 10.0 ** int(number.as_tuple().exponent)
        text = self._plain(number)
        return Written(text, float(number), unit)

    def _plain(self, number: Decimal) -> str:
        if number == 0:
            number = abs(number)
        elif number.adjusted() < -5:
            return f"{number:e}".replace("e-0", "e-").replace("E", "e")
        text = f"{number:f}"
        if self.policy.strips and "." in text:
            text = text.rstrip("0").rstrip(".")
        return text

    def zero(self) -> Written:
        """A nought, written to the working places."""
        return self.write(0.0)


def left_out(policy: Policy, plan: Plan, rng: random.Random) -> set[str]:
    """The lines that the student does not write."""
    if not policy.leaves_out:
        return set()
    if policy.leaves_out == "some":
        share = {"loss slope": 0.5, "slope": 0.5, "path": 0.5, "sum": 0.5, "loss": 0.5, "a": 0.3}
        return {q.name for q in plan.lines
                if q.name not in ("E", "E_new") and rng.random() < share.get(q.kind, 0.0)}  # fmt: skip
    if policy.leaves_out == "path lines":
        return {q.name for q in plan.lines if q.kind in ("path", "sum")}
    if policy.leaves_out == "losses of the outputs":
        return {q.name for q in plan.lines if q.kind == "loss" and len(plan.outputs) > 1}
    kept = (
        {"W", "b"} if policy.leaves_out == "all but weights" else {"W", "b", "output delta", "hidden delta"}
    )
    outputs = set(plan.outputs) if "output delta" in kept else set()

    def keeps(q: Line) -> bool:
        return q.kind in kept or (q.kind == "y" and not q.check and q.unit in outputs)

    return {q.name for q in plan.lines if not keeps(q)}


Slip = Callable[[str, random.Random, list[str]], "str | None"]


def _parts(text: str) -> tuple[str, str, str]:
    """Sign, digits with the point, power of ten."""
    sign = "-" if text.startswith("-") else ""
    body, mark, power = text.removeprefix("-").partition("e")
    return sign, body, mark + power


def _spots(body: str) -> list[int]:
    """Where digits stand, but for the nought before the point."""
    return [n for n, digit in enumerate(body) if digit.isdigit() and not (n == 0 and body.startswith("0."))]


def _swapped(text: str, rng: random.Random, others: list[str]) -> str | None:
    sign, body, power = _parts(text)
    spots = _spots(body)
    pairs = [(m, n) for m, n in pairwise(spots) if body[m] != body[n]]
    if not pairs:
        return None
    m, n = rng.choice(pairs)
    digits = list(body)
    digits[m], digits[n] = digits[n], digits[m]
    return sign + "".join(digits) + power


def _one_wrong(text: str, rng: random.Random, others: list[str]) -> str | None:
    sign, body, power = _parts(text)
    spots = _spots(body) or [0]
    n = rng.choice(spots)
    digit = rng.choice([d for d in "0123456789" if d != body[n]])
    return sign + body[:n] + digit + body[n + 1 :] + power


def _dropped(text: str, rng: random.Random, others: list[str]) -> str | None:
    sign, body, power = _parts(text)
    spots = _spots(body)
    if len(spots) < 2:
        return None
    n = rng.choice(spots)
    rest = body[:n] + body[n + 1 :]
    return sign + (f"0{rest}" if rest.startswith(".") else rest).rstrip(".") + power


def _doubled(text: str, rng: random.Random, others: list[str]) -> str | None:
    sign, body, power = _parts(text)
    spots = _spots(body)
    if not spots:
        return None
    n = rng.choice(spots)
    return sign + body[:n] + body[n] + body[n:] + power


def _point_moved(text: str, rng: random.Random, others: list[str]) -> str | None:
    return f"{Decimal(text).scaleb(rng.choice((-1, 1))):f}"


def _sign(text: str, rng: random.Random, others: list[str]) -> str | None:
    return text.removeprefix("-") if text.startswith("-") else f"-{text}"


def _copied(text: str, rng: random.Random, others: list[str]) -> str | None:
    choices = [other for other in others if other != text]
    return rng.choice(choices) if choices else None


SLIPS: dict[str, Slip | None] = {
    "slip/digits-swapped": _swapped, "slip/digit-wrong": _one_wrong, "slip/digit-dropped": _dropped,
    "slip/digit-doubled": _doubled, "slip/point-moved": _point_moved, "slip/sign": _sign,
    "slip/copied": _copied, "slip/zero": None,
}  # fmt: skip


def slipped(
    written: Written, kind: str, pen: Pen, rng: random.Random, others: list[str]
) -> tuple[Written, str]:
    """The number after a slip, and the slip's id: one wrong digit if the asked slip changes nothing."""
    slip = SLIPS[kind]
    if slip is None:
        if written.value != 0:
            return pen.zero(), kind
    else:
        text = slip(written.text, rng, others)
        if text is not None and float(text) != written.value:
            return Written(text, float(text), last_place(text)), kind
    text = _one_wrong(written.text, rng, others) or written.text
    return Written(text, float(text), last_place(text)), "slip/digit-wrong"
