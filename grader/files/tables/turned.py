"""Tables turned on their side: a unit a row, and in each column another quantity of it, `| unit | a | y |`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from grader.answers.lexicon import ROLES
from grader.files.labels.cells import answer, bare
from grader.files.labels.units import unit_of
from grader.files.tables.columns import ColumnRole, column_of, in_column, of_column

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.files.extraction.keeper import Keeper

_UNIT = re.compile(
    r"(?:hidden |output )?(?:units?|nodes?|neurons?|einheit|knoten|unidad)(?: ?(?:j|no\.?|nr\.?|number|#))?|j|unit/layer",
    re.IGNORECASE,
)
_ASIDE = frozenset({"remark", "working", "old"})


@dataclass(frozen=True, slots=True)
class Turned:
    """Some columns that belong together: the one of the units, and the quantity in each of the others."""

    names: int
    stems: tuple[tuple[int, str], ...]

    def unit(self, row: Sequence[str], keeper: Keeper) -> int:
        """The unit of a row; 0 if it has none."""
        return unit_of(bare(row[self.names]), keeper.found.source.problem) if self.names < len(row) else 0

    def row(self, row: Sequence[str], keeper: Keeper, place: str) -> bool:
        """Keep the answers of a row; False if it is no unit's."""
        unit = self.unit(row, keeper)
        if not unit:
            return False
        for i, stem in self.stems:
            cell = row[i] if i < len(row) else ""
            known = in_column(stem, ColumnRole("unit", unit), cell, keeper, place)
            if not known and keeper.found.source.names.anything(f"{stem}{unit}") is None:
                keeper.lost(f"{stem} of unit {unit}", cell, place)
        return True


def turned(row: Sequence[str], keeper: Keeper) -> list[Turned]:
    """What the head of such a table announces; nothing if it is none."""
    cells = [bare(cell).strip(" :.") for cell in row]
    starts = [i for i, cell in enumerate(cells) if is_unit_word(cell)]
    named = bool(starts)
    if not named and len(cells) > 2 and not cells[0]:  # noqa: PLR2004 - two quantities
        starts = [0]
    found = []
    for start, end in pairwise([*starts, len(cells)]):
        stems = tuple((i, cells[i]) for i in range(start + 1, end) if cells[i] and not _aside(cells[i]))
        known = sum(_is_quantity(stem, keeper) for _, stem in stems)
        if not known or (not named and (known < len(stems) or known == 1 or _are_lines(stems, keeper))):
            return []
        found.append(Turned(start, stems))
    return found


def is_unit_word(cell: str) -> bool:
    """Whether a heading says that units stand in its row or column."""
    text = bare(cell).strip(" :.")
    return _UNIT.fullmatch(text) is not None or (ROLES.get(text.lower()) == "unit" and text.isalpha())


def _aside(cell: str) -> bool:
    return column_of(cell).kind in _ASIDE


def _is_quantity(stem: str, keeper: Keeper) -> bool:
    """Whether a heading is that of a quantity which some unit has."""
    if answer(stem)[:1].isdigit():
        return False
    units = keeper.found.source.problem.network.computing
    return any(of_column(stem, ColumnRole("unit", unit), keeper) is not None for unit in units)


def _are_lines(stems: Sequence[tuple[int, str]], keeper: Keeper) -> bool:
    """Whether the headings are names of lines by themselves, so that a row may be a student."""
    return any(keeper.found.source.names.find(stem, strict=True) is not None for _, stem in stems)
