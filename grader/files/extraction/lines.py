"""One line, read in two ways: cut at its relations, and as labels and values by turns. The fuller reading counts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from grader.files.extraction.keeper import NUMBER_IN
from grader.files.extraction.labelled import are_read, count, labelled
from grader.files.extraction.line_parts import cut
from grader.files.extraction.relations import plainly

if TYPE_CHECKING:
    from grader.files.extraction.keeper import Keeper
    from grader.files.extraction.named_answer import NamedAnswer


_MORE = re.compile(
    r"[,;|\t→>]|[^\W\d_]{3,}|\s[^\W\d_]|\([^\W\d_]|~~"
)  # than a number, or working that ends in one


def pieces(line: str, keeper: Keeper) -> list[NamedAnswer]:
    """The answers of a line, in order; those whose names are not known have no quantity.

    Where all of it can be read as labels and values by turns, and more lines are answered so, it is read so.
    """
    plain = plainly(
        keeper.names.vocabulary.symbols.pairs.in_line(line),
        keeper.names,
        lambda name: keeper.line_of(name, keeper.context),
    )
    found = list(cut(plain, keeper))
    numbers = len(NUMBER_IN.findall(plain))
    if not numbers or (len(found) == 1 and _is_all(found[0], numbers)):
        return found
    other = labelled(plain, keeper)
    here, there = count(found, keeper), count(other, keeper)
    return other if there > here or (there == here > 0 and not are_read(found, keeper)) else found


def _is_all(piece: NamedAnswer, numbers: int) -> bool:
    """Whether an answer is all that stands on its line."""
    whole = piece.quantity is not None and _MORE.search(piece.text) is None
    return whole and len(NUMBER_IN.findall(piece.text)) == numbers
