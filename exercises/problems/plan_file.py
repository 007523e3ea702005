"""The part of a problem file that says which exercise it is: reading it with all its faults, and writing it."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any, cast

from exercises.common.errors import ProblemError
from exercises.formulas.quantity import parse_name
from exercises.networks import warmup_function
from exercises.networks.asked_lines import CHAIN, STEP, WORDS
from exercises.networks.plan import EVERYTHING, KIND_NAMES, MAX_RUNS, OPTIMIZERS, ROWS, Plan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from exercises.networks.plan import KindName
    from exercises.networks.warmup_function import WarmupFunction

OF_NETWORKS = ("shape", "activation", "loss", "bias", "notation", "delta")
KEYS = ("kind", "ask", "examples", "steps", "optimizer", "at_step", "function", "planted", "rows")


def read_plan(table: dict[str, Any], fault: Callable[[str], None]) -> Plan:
    """The plan of a problem file's table; every fault is told to `fault`."""
    kind = _choice(table, "kind", KIND_NAMES, fault)
    optimizer = _choice(table, "optimizer", OPTIMIZERS, fault)
    function = _function(table, fault)
    plan = Plan(
        kind=cast("KindName", kind),
        ask=tuple(_listed(table, "ask", fault)) or (EVERYTHING,),
        examples=_count(table, "examples", fault),
        steps=_count(table, "steps", fault),
        optimizer=cast("Any", optimizer),
        at_step=_count(table, "at_step", fault, 1000),
        function=function,
        planted=tuple(_listed(table, "planted", fault)),
        rows=cast("Any", _choice(table, "rows", ROWS, fault)),
    )
    for sentence in faults(plan):
        fault(sentence)
    return plan


def _function(table: dict[str, Any], fault: Callable[[str], None]) -> WarmupFunction | None:
    """The function of a warm-up; None if there is none, or none that can be read."""
    if "function" not in table:
        return None
    for key in (key for key in OF_NETWORKS if key in table):
        fault(f"{key}: a warm-up with a function has no network; leave {key} out")
    function = table["function"]
    if not isinstance(function, str):
        fault('function: expected an expression in quotation marks, such as "sin(x^2 + 1)"')
        return None
    try:
        return warmup_function.read(function)
    except ProblemError as error:
        for sentence in error.faults:
            fault(sentence)
        return None


def faults(plan: Plan) -> Iterator[str]:
    """What in a plan excludes what."""
    if plan.examples > 1 and plan.steps > 1:
        yield "examples and steps: only one of them can be more than 1"
    if plan.optimizer != "gradient-descent" and max(plan.examples, plan.steps) > 1:
        yield f"optimizer: {plan.optimizer} takes one step on one example; leave out examples and steps"


def unknown_words(plan: Plan, names: frozenset[str]) -> Iterator[str]:
    """One sentence for each part of `ask` that asks for nothing in an exercise with lines of these names."""
    for word in plan.ask:
        verb, _, name = word.rpartition(" ")
        if verb in (CHAIN, STEP):
            if parse_name(name) is not None and name in names:
                continue
            yield f'ask: {word!r} names no weight of this network; expected one such as "{verb} W13"'
        elif word not in WORDS and word not in names:
            close = difflib.get_close_matches(word[:60], [*WORDS, *sorted(names)], n=1, cutoff=0.6)
            guess = f"did you mean {close[0]}?" if close else f"expected {', '.join(WORDS)}, or a line's name"
            yield f"ask: {word[:60]!r} is unknown; {guess}"


def _choice(table: dict[str, Any], key: str, allowed: tuple[str, ...], fault: Callable[[str], None]) -> str:
    value = table.get(key, allowed[0])
    if value in allowed:
        return str(value)
    close = difflib.get_close_matches(str(value)[:60], allowed, n=1, cutoff=0.6)
    guess = f"did you mean {close[0]}?" if close else f"expected one of {', '.join(allowed)}"
    fault(f"{key}: {str(value)[:60]!r} is unknown; {guess}")
    return allowed[0]


def _count(table: dict[str, Any], key: str, fault: Callable[[str], None], most: int = MAX_RUNS) -> int:
    value = table.get(key, 1)
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= most:
        return value
    fault(f"{key}: expected a whole number from 1 to {most}")
    return 1


def _listed(table: dict[str, Any], key: str, fault: Callable[[str], None]) -> list[str]:
    """A text, or a list of texts."""
    value = table.get(key, [])
    if isinstance(value, str):
        return [value]
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return value
    fault(f"{key}: expected a text or a list of texts")
    return []


def plain_table(plan: Plan) -> dict[str, Any]:
    """The keys of a plan that are not as by default, as they stand in a file."""
    default = Plan()
    found: dict[str, Any] = {}
    for key in KEYS:
        value = getattr(plan, key)
        if isinstance(value, warmup_function.WarmupFunction):
            found[key] = value.text
        elif value != getattr(default, key):
            listed = isinstance(value, tuple)
            found[key] = (value[0] if len(value) == 1 else list(value)) if listed else value
    return found
