"""What the cells at the head of a student's own table say: labels, numbers that they complete, what is no answer."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from grader.answers.lexicon import ROLES
from grader.answers.numbers import Typed, read_number
from grader.answers.worded import ASIDE, NOTHING, Wording
from grader.files.labels.cells import answer, bare
from grader.files.labels.units import unit_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exercises.problems.problem import Problem
    from grader.answers.names import Names
    from grader.answers.vocabulary import Vocabulary

TITLES = frozenset({"forward", "backward", "check", "rerun"})
TOWARDS = re.compile(r"(?:from|into|to|towards?|vers|verso|hacia|naar|nach)\s", re.IGNORECASE)
_PLACES = frozenset({"unit", "source", "target", "layer"})
_ANY = frozenset("ijk")  # the index of any unit, at the head of its column
_ENDS = {"i": Wording(frozenset({"source"})), "j": Wording(frozenset({"target"}))}
_AFTER = ("na", "po")  # elsewhere these are words of any meaning
_INDEX = re.compile(
    r"(?<=[A-Za-zδ])(?:_?(?:j|ⱼ|\{j\})|_\{?(?:i|ij|ji|jk)\}?)(?=$|[\s/)}])"
)  # a_j at the head of a column of units
_PATH = re.compile(
    r"(?:from|over|path|along)\s+(?:the\s+)?(?:path\s+)?(?:unit\s+|output\s+|node\s+|neuron\s+)?(\d{1,3})",
    re.IGNORECASE,
)
_TERM = re.compile(
    r"(?:unit )?(?P<unit>\d{1,2})\s*(?:via|through|←|<-)\s*(?:unit )?(?P<via>\d{1,2})", re.IGNORECASE
)
_ERROR = re.compile(r"(?:err|error|fehler|erreur|errore?|erro)(?:[ _]?(?:term|signal))?", re.IGNORECASE)
_SUM = re.compile(r"(?:sum|total|both|together|summe|somme|suma|Σ)", re.IGNORECASE)
_BRACKETS = re.compile(r"\([^()\d+−–*/=]*\)|\[[^\[\]\d]*\]")


@dataclass(frozen=True, slots=True)
class Column:
    """What the head of a table says of a column.

    label: its cells are labels of their rows; value: the head completes those labels; answer: it need not; aside: its
    cells are no answers, such as working, old values and remarks; strange: nobody knows.
    """

    kind: Literal["label", "value", "answer", "aside", "blank", "strange"]
    said: Wording = NOTHING
    name: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """Columns that belong together: those of the labels, and those of the numbers."""

    labels: tuple[int, ...]
    values: tuple[int, ...]


class Heads:
    """Reads the heads of tables of one problem."""

    def __init__(self, vocabulary: Vocabulary, problem: Problem) -> None:
        self.vocabulary, self.problem = vocabulary, problem

    def of(self, row: Sequence[str], below: str = "") -> list[Column]:
        """What each cell of a row says, were it the head of a table.

        below: the first cell of the row below it.
        """
        found = [self._column(cell) for cell in row]
        found = [self._loosely(c, found) if c.kind == "strange" else c for c in found]
        if any(c.said.via for c in found):  # beside its paths a sum is that of ∂E/∂y
            found = [_of_paths(c) for c in found]
            if found[0].kind == "value":
                found[0] = Column("label", name=found[0].name)  # dE/dy by path | via 5 | via 6
        first = found[0]
        if first.kind == "aside" and all(self._unit(cell).said.unit for cell in row[1:] if cell.strip()):
            first = found[0] = Column("label", name=first.name)  # step | unit 3 | unit 4
        if first.kind == "value" and first.said.meant == {"out"} and unit_of(bare(below), self.problem):
            first = found[0] = Column("label", Wording(frozenset({"unit"})), first.name)  # output | y | error
        index = row[0].strip() in _ANY and not {"i", "j"} <= {cell.strip() for cell in row}
        if index or (first.kind == "value" and _are_runs(found[1:])):
            first = found[0] = Column("label", name=row[0].strip())  # j | a_j | y_j, loss | before | after
        named = next((c.kind == "label" for c in found[1:] if c.kind in ("label", "value", "answer")), False)
        if first.kind == "strange" and named:
            found[0] = Column("aside", name=first.name)  # step, quantity, result
        elif first.kind == "strange" or (first.said.roles & TITLES and not first.said.meant):
            found[0] = Column("label", name=first.name)
        if first.kind == "value" and all(self._unit(cell).said.unit for cell in row[1:] if cell.strip()):
            found[0] = Column("label", name=first.name)  # of a table from units to units
        if found[0].kind in ("label", "blank"):
            found[1:] = [
                self._unit(cell) if column.kind == "strange" else column
                for cell, column in zip(row[1:], found[1:], strict=True)
            ]
        return found

    def _loosely(self, column: Column, beside: Sequence[Column]) -> Column:
        """What a head says whose other words nobody knows, if no other head says the same: `Netzsumme a`."""
        said = self.vocabulary.loosely(column.name)
        if said is None or any(
            said.roles == other.said.roles and said.new == other.said.new for other in beside
        ):
            return column
        return Column("value", said, column.name)

    def path(self, cell: str) -> Wording | None:
        """What “3 via 5” says at the head of a row: one term of ∂E/∂y₃."""
        found = _TERM.fullmatch(cell)
        if found is None or int(found["via"]) not in self.problem.network.downstream(int(found["unit"])):
            return None
        return Wording(frozenset({"slope", "loss"}), int(found["unit"]), via=int(found["via"]))

    def _unit(self, cell: str) -> Column:
        unit = unit_of(bare(cell), self.problem)
        return Column("value", Wording(unit=unit), cell) if unit else Column("strange", name=cell)

    def _column(self, cell: str) -> Column:
        name = without_index(bare(cell).strip(" :.$*"))
        if "=" in name and self.said(name) is None:
            name = name.partition("=")[0].strip()  # a = σ(z)
        if not name or name in _ENDS:
            return Column("label", _ENDS[name], name) if name else Column("blank")
        said = Wording(new=True) if name.lower() in _AFTER else self.said(name)
        if (path := _PATH.fullmatch(name)) is not None and int(path[1]) in self.problem.network.computing:
            said = Wording(via=int(path[1]))
        if said is None:
            return Column("strange", name=name)
        roles, whole = said.roles, said.unit or said.parameter or said.whole
        if "answer" in roles and not (said.meant or said.new or whole):
            return Column("answer", said, name)
        if roles == {"old"}:
            return Column("value", said, name)  # of what has no new value it is the answer
        if roles & {"working", "remark"} or (roles & ASIDE and not whole):
            return Column("aside", said, name)
        if not (said.meant or said.new or whole) and roles & (
            _PLACES | {"name", "weight", "bias", "hidden", "outer"}
        ):
            return Column("label", said, name)
        if roles & {"forward"} and not (said.meant or said.new):
            return Column("answer", said, name)
        told = said.meant or said.new or whole or said.via or roles & TITLES
        return (
            Column("value", replace(said, new=said.new or "check" in roles), name)
            if told
            else Column("strange", name=name)
        )

    def said(self, name: str) -> Wording | None:
        """What a cell says as a label, remarks in brackets aside."""
        found = self.vocabulary.find(name)
        letter, _, rest = name.partition(" ")
        if len(letter) == 1 and rest and found is not None and found.new and not found.meant:
            symbol = self.vocabulary.symbols.one(letter)  # “a after update”: no article
            found = symbol & found if symbol is not None else found
        if found is not None and found.whole is not None and TOWARDS.match(name):
            return Wording(unit=found.unit)  # “from y3” is no y3
        plain = self.vocabulary.find(_BRACKETS.sub(" ", name).strip())
        if found is not None and plain is not None and plain.meant and not found.meant:
            return plain & found  # a (check run)
        return found if found is not None else plain


def _are_runs(columns: Sequence[Column]) -> bool:
    """Whether columns say no more than that they are of the first and of the second run."""
    said = [c.said for c in columns if c.kind != "blank"]
    plain = [s.roles == {"old"} or (s.new and not (s.meant or s.unit or s.parameter)) for s in said]
    return len(said) > 1 and all(plain)


def _of_paths(column: Column) -> Column:
    """A column beside those of the paths: their sum is ∂E/∂y of its row."""
    if column.kind in ("value", "strange") and _SUM.fullmatch(column.name):
        return Column("value", Wording(frozenset({"slope", "loss"})), column.name)
    return column


def without_index(text: str) -> str:
    """A symbol without the index that stands for any unit: `a_j`."""
    return _INDEX.sub("", text)


def folded(found: Wording, said: Wording) -> Wording | None:
    """What two labels of one row say together: “output | yhat | z” is the sum of that unit."""
    if found.meant == {"out"} and said.meant and said.meant != {"out"}:
        outer = frozenset() if found.unit else frozenset({"outer"})
        found = Wording(found.roles & {"hidden"} | outer, found.unit, found.layer, new=found.new)
    both = found & said
    return found if both is None and said.whole == found.whole and said.whole is not None else both


def joined(said: Wording, column: Column, outputs: Sequence[int]) -> Wording | None:
    """What the labels of a row and the head of a column say together; None where they contradict each other."""
    if column.said.via and not (said.meant or column.said.meant):
        said = replace(said, roles=said.roles | {"slope", "loss"})  # “via 5” of unit 3
    row, head = (said, column.said)
    if row.meant and row.meant != head.meant and head.meant == {"out"} and head.unit:
        head = Wording(unit=head.unit, new=head.new)  # h₁ or ŷ above z and δ: the unit
    elif head.meant and row.meant != head.meant and row.meant == {"out"} and row.unit:
        row = Wording(unit=row.unit, new=row.new)
    both = row & head if row.whole is None or head.whole is None else None
    if both is None or (both.parameter and head.meant >= {"slope", "loss"}):
        return None  # ∂E/∂y is said of no weight
    if _ERROR.fullmatch(column.name) and both.unit and len(outputs) == 1:
        if both.unit in outputs:
            return None  # E, or y - t, or a delta
        return replace(both, roles=frozenset({"delta"}))  # the error of a hidden unit
    return replace(both, roles=both.roles | {"out"}) if both.meant == {"slope"} and both.unit else both


def blocks_of(columns: Sequence[Column]) -> list[Block]:
    """The blocks of a head: each begins with the columns of its labels."""
    starts = [
        i for i, c in enumerate(columns) if c.kind == "label" and (not i or columns[i - 1].kind != "label")
    ]
    if not starts or any(c.kind in ("value", "answer") for c in columns[: starts[0]]):
        starts = [0, *starts]
    out = []
    for start, end in pairwise([*starts, len(columns)]):
        labels = [i for i in range(start, end) if columns[i].kind == "label"] or [start]
        values = [i for i in range(start, end) if columns[i].kind in ("value", "answer") and i not in labels]
        answers = [i for i in values if columns[i].kind == "answer"]
        if values and len(answers) < 2:  # noqa: PLR2004 - of two it is not known which counts
            out.append(Block(tuple(labels), tuple(values)))
    return out


def between_units(row: Sequence[str]) -> bool:
    """Whether a head is that of a table from units to units: `from / to | h1 | h2`, `from | to o`."""
    words = re.findall(r"[^\W\d_]+", " ".join(row[:2]).lower())
    return {ROLES.get(word) for word in words} >= {"source", "target"}


def side_by_side(
    rows: Sequence[tuple[int, Sequence[str]]], names: Names, most: float
) -> tuple[list[Column], list[Block]]:
    """Several columns of names in a table without a head, each with its answers to the right.

    most: the share of a column's cells that must be names.
    """
    width = max(len(row) for _, row in rows)
    cells = [
        [row[i] for _, row in rows if i < len(row) and row[i].strip() and sum(map(bool, row)) > 1]
        for i in range(width)
    ]
    known = [sum(names.anything(bare(cell).rstrip("=: ")) is not None for cell in column) for column in cells]
    starts = [
        i for i, (n, column) in enumerate(zip(known, cells, strict=True)) if n > 1 and n >= most * len(column)
    ]
    if len(starts) < 2:  # noqa: PLR2004 - side by side
        return [], []
    blocks = []
    for start, end in pairwise([*starts, width]):
        numbers = [
            (sum(isinstance(read_number(answer(c)), Typed) for c in cells[i]), i)
            for i in range(start + 1, end)
        ]
        if not numbers or not max(numbers)[0]:
            return [], []
        blocks.append(Block((start,), (max(numbers)[1],)))
    values = {block.values[0] for block in blocks}
    return [Column("answer" if i in values else "label") for i in range(width)], blocks
