"""A student's own table, whatever it came in: every number in it has a label to its left and one above, and means both.

Rows may be lines, units or weights and columns what is said of them, or the other way round. Several blocks may stand
side by side or below each other, each with a head of its own, titles above them and headings of sections between.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from exercises.formulas.quantity import Quantity, QuantityKind
from grader.answers.numbers import Typed, read_number
from grader.answers.worded import ASIDE, NOTHING, Wording
from grader.files.extraction.keeper import has_digit
from grader.files.extraction.keeping import keep
from grader.files.extraction.labelled import is_weak, listed_at_head
from grader.files.extraction.named_answer import NamedAnswer
from grader.files.labels.cells import EMPHASIS, answer, bare
from grader.files.labels.headings import NOBODY, who
from grader.files.labels.nested import between, in_layer, layer_of
from grader.files.labels.units import unit_of
from grader.files.tables import heads
from grader.files.tables.heads import TITLES, Block, Column, Heads, without_index

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.files.extraction.keeper import Keeper

_PRIME = re.compile(r"['′’]")
_DECIMAL = re.compile(r"\d[.,]\d|^[.,]\d|\de[-+]?\d", re.IGNORECASE)
_FORMULA = re.compile(r"[=*·×+/^(]")


class LabelGrid:
    """A table that is read row by row; its head is the last row that was one."""

    def __init__(self, keeper: Keeper) -> None:
        self.keeper = keeper
        self.vocabulary = keeper.names.vocabulary
        self.heads = Heads(self.vocabulary, keeper.found.source.problem)
        self.columns: list[Column] = []
        self.blocks: list[Block] = []
        self.known = self.seen = 0  # numbers of which it is known what they are, and all
        self.dry = False  # whether it is only asked how many are known
        self.title: Wording | None = None  # of a table from units to units
        self.found: dict[Quantity, str] = {}
        self.twice = 0  # lines that have another answer further down

    # --- heads ---

    def head(self, row: Sequence[str], below: str = "") -> bool:
        """Take a row as the head of what stands below it; False if it is none.

        below: the first cell of the next row.
        """
        if not any(cell.strip() for cell in row[1:]) or any(map(_is_decimal, row[1:])):
            return False
        columns = self.heads.of(row, below)
        kinds = [column.kind for column in columns]
        values = kinds.count("value") + kinds.count("answer")
        if not values or kinds[0] not in ("label", "blank", "aside") or kinds.count("strange") > values:
            return False
        if kinds[0] == "aside" and "label" not in kinds:
            return False
        if any(c.kind == "strange" and isinstance(read_number(c.name), Typed) for c in columns):
            return False
        told = [c for c in columns if c.kind in ("value", "answer")]
        blank = not row[0].strip()
        units = values > 1 and all(c.said.unit and (blank or not c.name.isdecimal()) for c in told)
        named = self.keeper.names.anything(bare(below).rstrip("=: ")) or self.vocabulary.find(below)
        cells = row[1:] if named else row  # “name” above a3 is no student's
        students = (who(cell) not in NOBODY for cell in cells if cell.strip())
        plain = values > 1 and "strange" not in kinds and not has_digit(row[0])  # dE/dy by path | via 5
        plain = plain and not any(c.name.isdecimal() for c in told)
        if (self._is_line(row) and not (units or plain)) or any(students):
            return False
        self.columns, self.blocks = columns, heads.blocks_of(columns)
        self.title = self._title(row)
        if self.blocks and row[0].strip() and self.vocabulary.heading(row[0]).roles & TITLES:
            self.keeper.head(row[0])
        return bool(self.blocks)

    def _title(self, row: Sequence[str]) -> Wording | None:
        """What a table from units to units holds of their weights, by its corner or the heading above; None of others."""
        said = self.heads.said(bare(row[0]).strip(" :.$*")) if row[0].strip() else None
        of_weights = said is not None and ("gradient" in said.roles or ("weight" in said.roles and said.new))
        if said is not None and of_weights and not (said.unit or said.parameter):
            return replace(said, roles=said.roles - {"weight"})
        context = self.keeper.context
        return Wording(context.meant & {"gradient"}, new=context.new) if heads.between_units(row) else None

    def _is_line(self, row: Sequence[str]) -> bool:
        """Whether a row is the name of a line, and what stands beside it no number, such as nothing at all."""
        found = self.keeper.names.find(bare(row[0]).rstrip("=: ")) if row[0].strip() else None
        said = self._labels(row, self.blocks[0])[1] if self.blocks else None
        return found is not None or (said is not None and bool(said.meant or said.unit or said.parameter))

    # --- rows ---

    def row(self, row: Sequence[str], place: str) -> None:
        """Keep what a row holds."""
        filled = [cell for cell in row if cell.strip()]
        if len(filled) == 1 and not (row[-1].strip() and _is_decimal(row[-1]) and len(row) > 1):
            self.keeper.head(filled[0])
            return
        if len(filled) == 2 and self._is_pair(row):  # noqa: PLR2004 - a name and a number, whatever the head says
            keep(
                NamedAnswer(row[0], answer(filled[1].strip(EMPHASIS)), self.line(row[0])), place, self.keeper
            )
            return
        if self._is_listed(row, place):
            return
        for block in self.blocks:
            name, said = self._labels(row, block)
            cells = [(self.columns[i], answer(row[i].strip(EMPHASIS))) for i in block.values if i < len(row)]
            cells = [(column, text) for column, text in cells if text or column.kind == "answer"]
            if name and cells:
                self._cells(name, said, cells, place)
            elif cells:  # names at the head, numbers below
                for column, text in cells:
                    if text and self.line(column.name) is not None:
                        self._cells(column.name, NOTHING, [(replace(column, kind="answer"), text)], place)

    def _is_listed(self, row: Sequence[str], place: str) -> bool:
        """Whether a row begins with as many names as it has numbers: `into 5 (∂E/∂W35, ∂E/∂W45) | 0.08 | 0.07`."""
        found = listed_at_head(row, self.keeper)
        self.seen += len(found)
        self.known += len(found)
        for piece in found if not self.dry else ():
            keep(piece, place, self.keeper)
        return bool(found)

    def line(self, cell: str) -> Quantity | None:
        """The line whose whole name stands in a cell."""
        return self.keeper.line_of(bare(cell).rstrip("=: "), self.keeper.context)

    def _is_pair(self, row: Sequence[str]) -> bool:
        """Whether a row is a whole name of a line and a number that no column completes."""
        second = next(i for i, cell in enumerate(row) if i and cell.strip())
        said = self.vocabulary.find(bare(row[0]).rstrip("=: "))  # “loss E before”
        named = self.line(row[0]) is not None or (
            said is not None and bool(said.meant) and "old" in said.roles
        )
        return (
            named
            and _is_decimal(row[second])
            and (
                second >= len(self.columns)
                or self.columns[second].kind in ("label", "blank")
                or self.columns[second].said.roles == {"old"}
            )
        )

    def ends(self, row: Sequence[str]) -> bool:
        """Whether a row is the head of a table of which nothing is known, so that what is below it does not go on."""
        cells = [cell.strip() for cell in row if cell.strip()]
        words = len(cells) > 2 and not any(  # noqa: PLR2004
            c[0].isdigit() or _is_decimal(c) or (_FORMULA.search(c) and has_digit(c)) for c in cells
        )
        return words and not self._is_line(row)

    def _labels(self, row: Sequence[str], block: Block) -> tuple[str, Wording | None]:
        """What stands at the head of a row: its text, and what it says."""
        cells = [
            (self.columns[i], bare(row[i]).rstrip("=: "))
            for i in block.labels
            if i < len(row) and row[i].strip()
        ]
        name = " ".join(text for _, text in cells)
        ends = {
            role: text for column, text in cells for role in ("source", "target") if role in column.said.roles
        }
        if len(ends) == 2:  # noqa: PLR2004 - from and to
            weight = between(ends["source"], ends["target"], self.keeper.names)
            return name, Wording(parameter=weight) if weight is not None else None
        found: Wording | None = NOTHING
        told = any(self.columns[i].said.meant for i in block.values)  # `unit, z, h` above `h1, 0.75, 0.68`
        for column, text in cells:
            said = (
                self.heads.said(without_index(text)) or self.heads.path(text) or self.vocabulary.loosely(text)
            )
            of_unit = "unit" in column.said.roles and (told or not (said and said.meant))
            if "layer" in column.said.roles and text.isdigit():
                said = Wording(layer=int(text))
            elif (said is None and text.isdigit()) or of_unit:
                said = self._of_unit(text, found or NOTHING) or said
            elif said is None and found:
                at = layer_of(found, len(self.heads.problem.network.layers))
                said = self.vocabulary.in_layer(text, at)
            if found is not None and said is not None:
                found = heads.folded(found, said)
            elif len(cells) == 1:
                found = None
        return name, found if found != NOTHING else None

    def _of_unit(self, text: str, layer: Wording) -> Wording | None:
        """The unit that a row is about: by its number, or by its place in a layer that is told."""
        problem, context = self.keeper.found.source.problem, self.keeper.context
        unit = unit_of(text, problem)
        if not unit and text.isdigit():
            by_layer = problem.notation == "layer" and len(problem.network.layers) == 3  # noqa: PLR2004 - h is of the one inside
            told_at = (1 if by_layer and column.name == "h" else column.said.layer for column in self.columns)
            told = layer.layer or next((at for at in told_at if at), 0) or context.layer
            roles = (layer.roles or context.roles) & {"hidden", "outer"}
            unit = in_layer(int(text), Wording(roles, layer=told), self.keeper.names)
        return Wording(unit=unit) if unit else None

    def _cells(self, name: str, said: Wording | None, cells: list[tuple[Column, str]], place: str) -> None:
        alone = [text for _, text in cells if text]
        missed = []
        here: dict[Quantity, str] = {}
        for column, text in cells:
            q = self.meant(name, said, column)
            if q is not None and isinstance(read_number(text), Typed) and here.setdefault(q, text) != text:
                q = None  # two numbers in a row are not one answer
            if q is None and len(alone) == 1 and self.keeper.names.find(name) is not None:
                q = self.keeper.line_of(name, self.keeper.context)  # `loss E, 0.03` below a table of units
            self.seen += has_digit(text)
            if q is not None and not self._is_doubtful(q, f"{name} {column.name}"):
                self.known += has_digit(text)
                if not self.dry:
                    self._keep(NamedAnswer(f"{name} {column.name}", text, q), column, place)
                elif text and self.found.setdefault(q, text) != text:
                    self.twice += 1
            elif self._is_given(name, said) or column.said.roles == {"old"}:
                self.known += has_digit(text)
            elif has_digit(text) or (q is None and column.kind == "answer"):
                missed.append((column, text))
        if missed and not self.dry:
            self._lost(name, missed, place)

    def _keep(self, piece: NamedAnswer, column: Column, place: str) -> None:
        name = piece.name.removesuffix(column.name).strip() if column.kind == "answer" else piece.name
        if column.kind != "answer" and piece.quantity is not None and is_weak(name, self.keeper):
            name = piece.quantity.name
        keep(replace(piece, name=name), place, self.keeper)

    def _lost(self, name: str, missed: list[tuple[Column, str]], place: str) -> None:
        if len(missed) == 1 and missed[0][0].kind == "answer":
            keep(NamedAnswer(name, missed[0][1], None), place, self.keeper)
        elif has_digit("".join(text for _, text in missed)):
            self.keeper.lost(name, " ".join(text for _, text in missed), place)

    def meant(self, name: str, said: Wording | None, column: Column) -> Quantity | None:
        """The line that a row and a column mean together."""
        if column.kind == "answer":
            return self.keeper.line_of(name, self.keeper.context) or self.line_by(said or NOTHING)
        if column.said.roles == {"old"}:
            found = self.keeper.names.find(name)
            return found if found is not None and not found.updated else None
        if self.title is not None and column.said.unit:
            return self._between_units(name, column.said.unit)
        if said is None:
            return None
        if "old" in said.roles <= {"old", "weight"}:  # “before” below E, “old weights”
            return q if (q := self.vocabulary.meant(column.said)) is not None and not q.updated else None
        both = heads.joined(said, column, self.heads.problem.network.outputs)
        if both is None:
            return None
        q = self.vocabulary.meant(
            replace(both, roles=both.roles - {"place", "weight", "hidden", "outer"} | (both.roles & ASIDE))
        )
        return q if q is not None and self.keeper.line(q) else self.line_by(both)

    def line_by(self, said: Wording) -> Quantity | None:
        """The line that labels mean together, below the headings above them."""
        q = self.vocabulary.meant(said) or self.vocabulary.complete(said, self.keeper.context)
        return q if q is not None and self.keeper.line(q) else None

    def _between_units(self, name: str, unit: int) -> Quantity | None:
        """What a table “from, to” holds of the weight between two units."""
        q = between(name.strip(), str(unit), self.keeper.names)
        return self.vocabulary.meant(replace(self.title or NOTHING, parameter=q)) if q is not None else None

    def _is_given(self, name: str, said: Wording | None) -> bool:
        """Whether a row is of something that needs no answer."""
        if said is not None and said.roles & ASIDE:
            return True
        names = self.keeper.names
        return names.anything(name) is not None and names.find(name) is None and not self.keeper.context.meant

    def _is_doubtful(self, q: Quantity, name: str) -> bool:
        """Whether a y′ may be the slope as well as the new y: where no new a stands before it and no heading says it."""
        if not (q.updated and q.kind is QuantityKind.ACTIVATION and _PRIME.search(name)):
            return False
        before = Quantity(QuantityKind.PRE_ACTIVATION, q.unit, updated=True)
        return not self.keeper.after and before not in self.keeper.found.texts


def _is_decimal(cell: str) -> bool:
    return _DECIMAL.search(cell) is not None and _FORMULA.search(cell.lstrip("=")) is None
