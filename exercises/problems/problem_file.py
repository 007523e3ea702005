"""Problem files: TOML, written by people and by `byhand generate`. All faults are reported together."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

from exercises.common import toml_text
from exercises.common.errors import FileError, ProblemError
from exercises.common.wording import nearest, told
from exercises.formulas.quantity import Quantity, parse_name
from exercises.networks.backprop import single_run
from exercises.networks.build import build, whole
from exercises.networks.kinds import kind_of
from exercises.networks.network import BiasMode, Network
from exercises.networks.notation import NAMES as NOTATIONS
from exercises.networks.plan_faults import misfits
from exercises.networks.warmup_function import NO_NETWORK
from exercises.networks.warmup_graph import given_names
from exercises.problems import plan_file
from exercises.problems.marking import read_marking
from exercises.problems.problem import DELTA_SIGNS, PLACES, Problem
from exercises.problems.questions import KINDS, Question, parse_question
from exercises.problems.specification import Specification

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from exercises.networks.plan import Plan
    from exercises.problems.questions import QuestionKind

KEYS = (
    "title",
    "shape",
    "activation",
    "loss",
    "bias",
    "notation",
    "delta",
    "places",
    "figures",
    "values",
    "printed",
    "marking",
    "questions",
    *plan_file.KEYS,
)
_REQUIRED = ("shape", "values")
_BIAS: dict[Any, BiasMode] = {True: "yes", False: "no", "fixed": "fixed"}
_TOPICS: dict[QuestionKind, str] = {
    "chain": "a weight or bias such as W13",
    "letters": "a weight or bias such as W13",
    "delta": "a computing unit such as 3",
    "local": "a slope such as dE_dy5 or dy5_da5, of the outputs' loss or of a unit",
    "shape": "a matrix and its layer, such as W1, delta1 or dE_dW1",
}
MAX_BYTES = 1_000_000


def read(path: Path) -> Problem:
    """Read a problem file.

    Raises FileError if it cannot be read and ProblemError, with one sentence for each fault, if it can but
    is no problem.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise FileError(f"{path}: larger than {MAX_BYTES // 1000} kB; expected a problem file (TOML)")
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise FileError(f"{path}: cannot be read ({error.strerror}); expected a problem file") from None
    except UnicodeDecodeError as error:
        raise FileError(f"{path}: not UTF-8 text at byte {error.start}; expected a problem file") from None
    return parse(text, str(path))


def parse(text: str, origin: str) -> Problem:
    """Read the text of a problem file; `origin` names it in error sentences."""
    try:
        table = toml_text.read(text, origin)
    except FileError as error:
        raise ProblemError(*error.faults) from None
    return from_table(table, origin)


def from_table(table: dict[str, Any], origin: str) -> Problem:
    """A problem from the plain table of its file."""
    reader = _Reader(table, origin)
    problem = reader.problem()
    if problem is None:
        raise ProblemError(*reader.faults)
    return problem


class _Reader:
    """Gathers faults while it takes a table apart."""

    def __init__(self, table: dict[str, Any], origin: str) -> None:
        self.table = table
        self.origin = origin
        self.faults: list[str] = []

    def fault(self, sentence: str) -> None:
        self.faults.append(f"{self.origin}: {sentence}")

    def problem(self) -> Problem | None:
        self.unknown_keys(self.table, KEYS, "")
        for key in _REQUIRED:
            if key not in self.table and not (key == "shape" and "function" in self.table):
                self.fault(
                    f"{key} is missing; expected {'a table [values]' if key == 'values' else '[2, 2, 1]'}"
                )
        places, figures = self.digits("places", PLACES), self.digits("figures", None)
        if "places" in self.table and "figures" in self.table:
            self.fault("places and figures: lines are written to one or the other; leave out one of the two")
        notation = self.choice("notation", "unit", NOTATIONS)
        delta = self.choice("delta", "gradient", DELTA_SIGNS)
        title = self.table.get("title", "")
        if not isinstance(title, str):
            self.fault(f"title: {told(title)} is not text; expected a title in quotation marks")
        marking = read_marking(self.table.get("marking", {}), self.fault)
        network = self.network()
        before = len(self.faults)
        plan = plan_file.read_plan(self.table, self.fault)
        if network is not None:
            for sentence in misfits(network, plan):
                self.fault(sentence)
        questions = self.questions(network)
        fine = network if len(self.faults) == before else None
        values, printed = self.values(fine, plan), self.printed(fine, plan)
        if self.faults or network is None:
            return None
        try:
            return Problem.of(
                Specification(
                    network=network,
                    values=values,
                    printed=printed,
                    plan=plan,
                    notation=cast("Any", notation),
                    delta=cast("Any", delta),
                    places=places,
                    figures=figures,
                    title=title,
                    marking=marking,
                    questions=questions,
                )
            )
        except ProblemError as error:
            for sentence in error.faults:
                self.fault(sentence)
            return None

    def digits(self, key: str, default: Any) -> Any:
        found = self.table.get(key, default)
        if key in self.table and not _is_whole(found):
            self.fault(f"{key}: {told(found)} is not a whole number; expected one such as {default or 3}")
        return found

    def network(self) -> Network | None:
        if "function" in self.table:  # a warm-up has no network
            return NO_NETWORK
        shape, bias = self.table.get("shape", []), self.table.get("bias", True)
        if not (isinstance(shape, list) and all(_is_whole(n) for n in shape)):
            self.fault(f"shape: {told(shape)} is not a list of whole numbers; expected one such as [2, 2, 1]")
            shape = []
        names = self.table.get("activation", "sigmoid")
        if isinstance(names, str):
            names = [names] * max(len(shape) - 1, 1)
        if not (isinstance(names, list) and all(isinstance(n, str) for n in names)):
            self.fault(f"activation: {told(names)} is neither a name nor a list of names")
            names = []
        loss = self.table.get("loss", "half-squared-error")
        if not isinstance(bias, bool) and bias != "fixed":
            self.fault(f'bias: {told(bias)} is unknown; expected true, false or "fixed"')
            bias = True
        if not shape or not names or "shape" not in self.table:
            return None
        try:
            named = loss if isinstance(loss, str) else told(loss)
            return Network(tuple(shape), tuple(names), named, _BIAS[bias])
        except ProblemError as error:
            for sentence in error.faults:
                self.fault(sentence)
            return None

    def values(self, network: Network | None, plan: Plan) -> dict[Quantity, Decimal]:
        table = self.table.get("values", {})
        if not isinstance(table, dict):
            self.fault(f"values: {told(table)} is not a table; expected [values] and names below it")
            return {}
        known, lines = self.givens(network, plan) if network is not None else (None, frozenset[str]())
        found = self.numbers(table, known, "values")
        if known is not None:
            for name in known:
                if name not in table and name not in lines:
                    self.fault(f"values.{name} is missing; expected a number")
        return found

    def printed(self, network: Network | None, plan: Plan) -> dict[Quantity, Decimal]:
        """The lines of a worked solution, where there is one."""
        table = self.table.get("printed", {})
        if not isinstance(table, dict):
            self.fault(f"printed: {told(table)} is not a table; expected [printed] and lines below it")
            return {}
        known = None
        if network is not None:
            solution, plain = kind_of(plan).solution, single_run(network, "gradient")
            lines = solution.lines(plain) if solution else plain
            known = {q.name: q for q in lines.by_quantity}
        found = self.numbers(table, known, "printed")
        return {q: found[q] for q in (known or {}).values() if q in found}

    def numbers(
        self, table: dict[str, Any], known: dict[str, Quantity] | None, where: str
    ) -> dict[Quantity, Decimal]:
        """A table of numbers by name; without `known` names any that can be read will do."""
        found: dict[Quantity, Decimal] = {}
        if known is not None:
            self.unknown_keys(table, tuple(known), f"{where}.")
        for name, value in table.items():
            quantity = (known or {}).get(name) or parse_name(name)
            fault = _value_fault(value)
            if fault:
                self.fault(f"{where}.{name}: {fault}")
            elif quantity is not None:
                found[quantity] = Decimal(value)
        return found

    def givens(self, network: Network, plan: Plan) -> tuple[dict[str, Quantity], frozenset[str]]:
        """Every quantity that may be given, and the names of those that are computed where they are not."""
        if kind_of(plan).solution:
            return {q.name: q for q in single_run(network, "gradient").given}, frozenset()
        graph, everything = build(network, "gradient", plan=plan), whole(network, "gradient", plan=plan)
        for sentence in plan_file.unknown_words(plan, frozenset(q.name for q in everything.known)):
            self.fault(sentence)
        if not graph.asked:
            self.fault('ask: nothing is left to do; expected words such as "deltas" or names of lines')
        lines = frozenset(q.name for q in graph.given if q in everything.by_quantity)
        return given_names(graph), lines

    def questions(self, network: Network | None) -> tuple[Question, ...]:
        table = self.table.get("questions", {})
        if not isinstance(table, dict):
            self.fault(f"questions: {told(table)} is not a table; expected [questions] and kinds below it")
            return ()
        self.unknown_keys(table, KINDS, "questions.")
        found = []
        for kind in (k for k in table if k in KINDS and network is not None):
            subjects = table[kind]
            if not isinstance(subjects, list):
                self.fault(f'questions.{kind}: {told(subjects)} is not a list; expected one such as ["W13"]')
                continue
            for subject in subjects:
                question = parse_question(kind, str(subject), cast("Network", network))
                if question is None:
                    self.fault(
                        f"questions.{kind}: {told(subject)} is not in this network; expected {_TOPICS[kind]}"
                    )
                else:
                    found.append(question)
        return tuple(dict.fromkeys(found))

    def choice(self, key: str, default: str, allowed: Sequence[str]) -> str:
        value = self.table.get(key, default)
        if value not in allowed:
            expected = " or ".join(f'"{name}"' for name in allowed)
            self.fault(f"{key}: {told(value)} is unknown; expected {expected}")
            return default
        return str(value)

    def unknown_keys(self, table: dict[str, Any], known: Sequence[str], prefix: str) -> None:
        for key in table:
            if key not in known:
                self.fault(f"{prefix}{key} is unknown; {nearest(key, known)}")


def _value_fault(value: Any) -> str:
    """What is wrong with a given value; empty if nothing is."""
    if not _is_number(value):
        return f"{told(value)} is not a number"
    if not Decimal(value).is_finite():
        return f"{value} is not finite; expected an ordinary number"
    if value and abs(Decimal(value).adjusted()) > 30:  # noqa: PLR2004 - 10^±30, beyond any exercise
        return f"{told(value)} is too large or too small for a hand calculation"
    return ""


def _is_number(value: object) -> bool:
    return isinstance(value, (int, Decimal)) and not isinstance(value, bool)


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
