"""What becomes of each answer found in a text: kept on its line, left till the end, or told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.files.extraction.keeper import NUMBER_IN, has_digit
from grader.files.extraction.vectors import keep_list
from grader.files.extraction.waiting import bare_weight
from grader.files.labels.headings import who

if TYPE_CHECKING:
    from grader.files.extraction.keeper import Keeper
    from grader.files.extraction.named_answer import NamedAnswer


def keep(piece: NamedAnswer, place: str, keeper: Keeper) -> None:
    """Keep one answer, or say that its name is not known."""
    names = keeper.found.source.names
    quantity = piece.quantity
    keeper.below += 1
    keeper.told.append(piece.text)
    if keep_list(piece, place, keeper):
        return
    if who(piece.name) is not None or quantity is None:
        quantity = keeper.renewed(piece)
        if quantity is None:
            if not keeper.found.named(piece.name, piece.text):
                keeper.head(piece.name if NUMBER_IN.search(piece.text) else f"{piece.name}: {piece.text}")
                if not keeper.plain(piece):
                    bare_weight(piece, place, keeper)
            return
    elif not has_digit(piece.name + piece.text) and names.find(piece.name, strict=True) is None:
        keeper.head(f"{piece.name}: {piece.text}")
        return
    if keeper.doubled(quantity, piece):
        keeper.waiting.again.append((quantity, piece, place))
        return
    quantity = keeper.meant(quantity, piece)
    if has_digit(piece.text) or not keeper.found.texts.get(quantity):
        keeper.found.put(quantity, keeper.terms(quantity, piece.text), keeper.sheet.at(place))
