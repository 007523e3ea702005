"""Problem sets: a TOML file that says which exercises are to be drawn, for whom, and for how many points.

What can be said of an exercise is what `byhand generate` can be told, under the same names; the options are
declared there and nowhere else.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import click

from answer_keys.options import PURPOSES, exercise
from answer_keys.problems import KEYS_OF_SETS, MAX_PATH, load
from answer_keys.set_exercises import Exercise, FreeText, ProblemSet
from exercises.common import toml_text
from exercises.common.errors import ByhandError, FileError, ProblemError
from exercises.common.wording import nearest
from exercises.pages.sheet_layout import LAYOUTS
from exercises.problems import policy as policies
from exercises.problems.marking import Marking, read_marking

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from exercises.paper.sheet import Purpose
    from exercises.problems.problem import Problem

MAX_BYTES = 100_000
MAX_EXERCISES = 40
MAX_POINTS = 10_000
KEYS = ("title", "marking", "versions", *policies.KEYS, *KEYS_OF_SETS)
OWN = ("points", "count", "seed", "problem", "same_numbers_as", "question", "lines")  # beside those options
BESIDE_PROBLEM = ("problem", "points", "title")  # of an exercise whose problem is given
BESIDE_QUESTION = ("question", "points", "title", "lines")  # of one that is answered in words
MOST_VERSIONS, MOST_LINES = 8, 60
_NOT_SHARED = frozenset(
    {"kind", "ask", "level", "symbolic", "title", "optimizer", "at_step", "rows", "points", "count", "seed"}
)
_NOT_OF_EXERCISES = ("seed", "count")


def starter(seed: str) -> str:
    """The text of a commented problem set with this secret."""
    import templates

    return (templates.FOLDER / "problem-set.toml").read_text(encoding="utf-8").replace("SEED", seed)


def read(path: Path) -> ProblemSet:
    """Read a problem set. Raises FileError, or ProblemError with one sentence for each fault."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise FileError(f"{path}: larger than {MAX_BYTES // 1000} kB; expected a problem set (TOML)")
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise FileError(f"{path}: cannot be read ({error.strerror}); expected a problem set") from None
    except UnicodeDecodeError as error:
        raise FileError(f"{path}: not UTF-8 text at byte {error.start}; expected a problem set") from None
    reader = _Reader(toml_text.read(text, str(path)), path.parent)
    found = reader.problem_set()
    if reader.faults:
        raise ProblemError(*(f"{path}: {fault}" for fault in reader.faults))
    return found


class _Reader:
    """Gathers faults while it takes a table apart."""

    def __init__(self, table: dict[str, Any], folder: Path) -> None:
        self.table = table
        self.folder = folder
        self.faults: list[str] = []
        self.notes: list[str] = []

    def problem_set(self) -> ProblemSet:
        self.unknown(self.table, KEYS, "")
        seed = str(self.table.get("seed", ""))
        if not seed:
            self.faults.append("seed is missing; expected a secret text (byhand new writes one)")
        instructions = self.text(self.table, "instructions", "")
        marking = read_marking(self.table["marking"], self.faults.append) if "marking" in self.table else None
        policy = self.policy()
        if (
            marking is not None
            and marking.told != (usual := Marking().told)
            and usual in " ".join(instructions.split())
        ):
            self.notes.append(f"instructions: “{usual}” is not what [marking] says: “{marking.told}”")
        return ProblemSet(
            title=self.text(self.table, "title", "Problem set"),
            course=self.text(self.table, "course", ""),
            date=self.date(),
            instructions=tuple(" ".join(p.split()) for p in instructions.split("\n\n") if p.strip()),
            seed=seed,
            paper=self.paper(),
            exercises=tuple(self.exercises()),
            marking=marking,
            purpose=self.purpose(),
            chosen=self.one_of("layout", LAYOUTS),
            scratch=self.yes_or_no("scratch"),
            policy=policy,
            rules=policies.told_to_students(self.table) if policy else (),
            versions=self.whole(self.table, "versions", 0, (0, MOST_VERSIONS), ""),
            notes=tuple(self.notes),
        )

    def one_of(self, key: str, words: Sequence[str]) -> str:
        """One of some words, or nothing."""
        value = self.table.get(key, "")
        if value in ("", *words):
            return str(value)
        self.faults.append(f"{key}: {value!r} is unknown; expected {' or '.join(map(repr, words))}")
        return ""

    def yes_or_no(self, key: str) -> bool:
        value = self.table.get(key, False)
        if not isinstance(value, bool):
            self.faults.append(f"{key}: expected true or false")
        return value is True

    def purpose(self) -> Purpose:
        purpose = self.table.get("for", "screen")
        if purpose not in PURPOSES:
            self.faults.append(f'for: {purpose!r} is unknown; expected "screen", "paper" or "both"')
            return "screen"
        found: Purpose = purpose
        return found

    def policy(self) -> str:
        before = len(self.faults)
        policies.read_policy(self.table, self.faults.append)
        return policies.policy_file(self.table) if len(self.faults) == before else ""

    def paper(self) -> str:
        paper = self.table.get("paper", "a4")
        if paper not in ("a4", "letter"):
            self.faults.append(f'paper: {paper!r} is unknown; expected "a4" or "letter"')
            return "a4"
        return str(paper)

    def date(self) -> str:
        value = self.table.get("date", "")
        if isinstance(value, dt.date):
            return f"{value.day} {value:%B %Y}"
        if not isinstance(value, str):
            self.faults.append("date: expected a date such as 2026-11-26, or text in quotation marks")
            return ""
        return value

    def text(self, table: dict[str, Any], key: str, default: str) -> str:
        value = table.get(key, default)
        if not isinstance(value, str):
            self.faults.append(f"{key}: expected text in quotation marks")
            return default
        return value

    def unknown(self, table: dict[str, Any], known: Sequence[str], where: str) -> None:
        self.faults += [
            f"{where}{key} is unknown; {nearest(key, known)}" for key in table if key not in known
        ]

    def exercises(self) -> Iterator[Exercise]:
        tables = self.table.get("exercise", [])
        if not isinstance(tables, list) or not all(isinstance(t, dict) for t in tables):
            self.faults.append("exercise: expected tables that begin with [[exercise]]")
            return
        if not tables:
            self.faults.append("exercise is missing; expected at least one table [[exercise]]")
        number, there = 0, dict[str, int]()
        seeds: dict[str, int] = {}
        drawn: dict[str, dict[str, Any]] = {}  # the tables of those whose numbers others may have
        for place, table in enumerate(tables, 1):
            where = f"exercise {place}: "
            points, count = (
                self.points(table, where),
                self.whole(table, "count", 1, (1, MAX_EXERCISES), where),
            )
            if "question" in table:
                number += 1
                yield Exercise(str(number), points, "", {}, words=self.words(table, where))
                continue
            if "seed" in table and (first := seeds.setdefault(str(table["seed"]), place)) != place:
                self.notes.append(
                    f"{where}the seed of exercise {first} draws other numbers here; for the same ones write "
                    f"same_numbers_as = {first}"
                )
            if "problem" in table:
                number += 1
                problem = self.given(table, where)
                if problem is not None and (first := there.setdefault(problem.code, number)) != number:
                    self.faults.append(
                        f"{where}problem: the same problem as in exercise {first}; a set holds it once"
                    )
                yield Exercise(str(number), points, "", {}, problem)
                continue
            same, table = self.shared(table, drawn, where)  # noqa: PLW2901 - with what it shares
            options = self.options({k: v for k, v in table.items() if k not in OWN}, where)
            for copy in range(1, count + 1):
                number += 1
                own = str(table.get("seed", place))
                drawn[str(number)] = table
                yield Exercise(
                    str(number), points, own if count == 1 else f"{own}/{copy}", options, same=same
                )
        if number > MAX_EXERCISES:
            self.faults.append(f"{number} exercises; at most {MAX_EXERCISES} fit into a booklet")

    def given(self, table: dict[str, Any], where: str) -> Problem | None:
        """The problem that an exercise names: a file beside the set, or a shipped one."""
        self.faults += [
            f"{where}{key}: nothing is drawn where a problem is given; beside it stand points and title only"
            for key in table
            if key not in BESIDE_PROBLEM
        ]
        named, title = table["problem"], self.text(table, "title", "")
        if not isinstance(named, str):
            self.faults.append(f'{where}problem: expected a file or a shipped name, such as "xor.toml"')
            return None
        beside = self.folder / named[:MAX_PATH]
        try:
            problem = load(str(beside) if beside.exists() else named)
        except ByhandError as error:
            self.faults += [f"{where}problem: {fault}" for fault in error.faults]
            return None
        return replace(problem, title=title) if title else problem

    def points(self, table: dict[str, Any], where: str) -> Decimal:
        value = table.get("points", 10)
        number = isinstance(value, (int, Decimal)) and not isinstance(value, bool)
        if number and Decimal(value).is_finite() and 0 <= value <= MAX_POINTS:
            return Decimal(value)
        self.faults.append(f"{where}points: expected a number from 0 to {MAX_POINTS}")
        return Decimal(0)

    def whole(self, table: dict[str, Any], key: str, usual: int, within: tuple[int, int], where: str) -> int:
        value, (least, most) = table.get(key, usual), within
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        self.faults.append(f"{where}{key}: expected a whole number from {least} to {most}")
        return usual

    def words(self, table: dict[str, Any], where: str) -> FreeText:
        """A question that is answered in words."""
        self.faults += [
            f"{where}{key}: nothing is drawn for a question; beside it stand points, title and lines only"
            for key in table
            if key not in BESIDE_QUESTION
        ]
        text, title = self.text(table, "question", ""), self.text(table, "title", "In your own words")
        paragraphs = tuple(" ".join(p.split()) for p in text.split("\n\n") if p.strip())
        if not paragraphs:
            self.faults.append(f"{where}question: expected what is to be answered, as text")
        return FreeText(title, paragraphs, self.whole(table, "lines", 10, (1, MOST_LINES), where))

    def shared(
        self, table: dict[str, Any], drawn: dict[str, dict[str, Any]], where: str
    ) -> tuple[str, dict[str, Any]]:
        """The exercise whose numbers this one has, and its table with all that belongs to those numbers."""
        if "same_numbers_as" not in table:
            return "", table
        same = str(table["same_numbers_as"])
        if same not in drawn:
            before = ", ".join(drawn) or "none"
            self.faults.append(
                f"{where}same_numbers_as: no numbers are drawn for exercise {same} before it (there are: {before})"
            )
            return "", table
        return same, {k: v for k, v in drawn[same].items() if k not in _NOT_SHARED} | table

    def options(self, table: dict[str, Any], where: str) -> dict[str, Any]:
        """The options of `byhand generate` that a table's keys amount to."""
        known = [
            option.lstrip("-")
            for p in exercise.params
            for option in p.opts
            if option.startswith("--") and p.name not in _NOT_OF_EXERCISES and option != "--fixed-bias"
        ]
        self.unknown(table, [name.replace("-", "_") for name in known] + list(OWN), where)
        arguments: list[str] = []
        for key, value in table.items():
            if key.replace("_", "-") in known:
                added = _arguments(key, value)
                fault = _refused(exercise, added)
                if fault:
                    self.faults.append(f"{where}{key}: {fault}")
                else:
                    arguments += added
        fault = _refused(exercise, arguments)
        return {} if fault else exercise.make_context("exercise", arguments).params


def _arguments(key: str, value: Any) -> list[str]:
    """What one would type on the command line for `key = value`."""
    option = "--" + key.replace("_", "-")
    if key == "bias" and value == "fixed":
        return ["--fixed-bias"]
    if isinstance(value, bool):
        return [option if value else f"--no-{option[2:]}"]
    if isinstance(value, list):
        if key == "shape":
            return [option, "-".join(str(part) for part in value)]
        return [word for part in value for word in (option, str(part))]
    return [option, str(value)]


def _refused(command: click.Command, arguments: list[str]) -> str:
    """Why the command line refuses these arguments; empty if it takes them."""
    try:
        command.make_context("exercise", list(arguments))
    except click.ClickException as error:
        text = error.format_message()
        return text.partition(": ")[2] or text if text.startswith("Invalid value") else text
    return ""
