"""One line, read in two ways: cut at its relations, and as labels and values by turns. The fuller reading counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.files.extraction.keeper import NUMBER_IN
from grader.files.extraction.labelled import are_read, count, labelled
from grader.files.extraction.line_parts import cut
from grader.files.extraction.relations import plainly

if TYPE_CHECKING:
    from grader.files.extraction.keeper import Keeper
    from grader.files.extraction.named_answer import NamedAnswer


def pieces(line: str, keeper: Keeper) -> list[NamedAnswer]:
    """The answers of a line, in order; those whose names are not known have no quantity.

    Where all of it can be read as labels and values by turns, and more lines are answered so, it is read so.
    """
    plain = keeper.names.vocabulary.symbols.pairs.in_line(plainly(line, keeper.names))
    found = list(cut(plain, keeper))
    if NUMBER_IN.search(plain) is None:
        return found
    other = labelled(plain, keeper)
    here, there = count(found, keeper), count(other, keeper)
    return other if there > here or (there == here > 0 and not are_read(found, keeper)) else found
