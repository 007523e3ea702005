"""What becomes of each answer found in a text: kept on its line, left till the end, or told."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from exercises.formulas.quantity import QuantityKind
from grader.answers.answer import read_answer
from grader.answers.numbers import Unreadable, clean
from grader.answers.worded import ASIDE, NOTHING, PARAMETERS
from grader.files.extraction.keeper import NUMBER_IN, has_digit
from grader.files.extraction.labelled import is_weak
from grader.files.extraction.standing import standing
from grader.files.extraction.vectors import keep_list, rows_of
from grader.files.extraction.waiting import bare_weight
from grader.files.extraction.worked_line import contradicted, worked_line
from grader.files.labels.headings import who

if TYPE_CHECKING:
    from exercises.formulas.quantity import Quantity
    from grader.files.extraction.keeper import Keeper
    from grader.files.extraction.named_answer import NamedAnswer

_SYMBOL = re.compile(r"(?=\S*\d)[A-Za-zδΔ∂∇\\]\S*")
_GIVENS = re.compile(r"(?:given|gegeben|data|inputs?|known|settings?|parameters?)\b", re.IGNORECASE)
_STARTS_WITH_NUMBER = re.compile(r"[~≈=\s]*[-+−–]?\s?[.,]?\d+(?:[.,]\d+)?(?![\w-])")
_NEGATIVE = re.compile(r"(?:^|[=≈→]|->)\s*[-−–]\s?\d*[.,]\d+\s*$")
_SET = frozenset({QuantityKind.RATE, QuantityKind.INPUT, QuantityKind.TARGET})
GRADIENTS = (QuantityKind.WEIGHT_GRADIENT, QuantityKind.BIAS_GRADIENT)


def keep(piece: NamedAnswer, place: str, keeper: Keeper) -> None:
    """Keep one answer, or say that its name is not known."""
    quantity = piece.quantity
    keeper.below += 1
    keeper.told.append(piece.text)
    if keep_list(piece, place, keeper):
        return
    rows = rows_of(piece.text) if quantity is not None and "[" in piece.text else None
    if rows and len(rows) == len(rows[0]) == 1:
        piece = replace(piece, text=rows[0][0])  # a list of one
    known = quantity is not None and who(piece.name) is None
    if quantity is None or not known:
        quantity = keeper.renewed(piece) or _by_working(piece, keeper)
    elif quantity.before_update() in keeper.strange or contradicted(quantity, piece.text, keeper):
        quantity = _renamed(quantity, piece, keeper)
    elif not has_digit(piece.name + piece.text) and keeper.names.find(piece.name, strict=True) is None:
        keeper.head(f"{piece.name}: {piece.text}")
        return
    if quantity is None:
        keeper.unread(piece, place) if known else _unknown(piece, place, keeper)
        return
    if _is_open(quantity, piece, place, keeper):
        return
    quantity = keeper.meant(quantity, piece)
    if _contradicts(quantity, piece, place, keeper) or _is_said_again(quantity, piece, keeper):
        return
    if has_digit(piece.text) or not keeper.found.texts.get(quantity):
        _put(quantity, piece, place, keeper)


def _put(quantity: Quantity, piece: NamedAnswer, place: str, keeper: Keeper) -> None:
    """Keep an answer; where its line speaks of new weights below gradients, what comes is hardly a gradient again."""
    if (
        quantity.updated
        and keeper.context.meant
        and not keeper.context.new
        and _inherits(quantity, piece, keeper)
    ):
        keeper.context = NOTHING
    keeper.sequence.append(quantity)
    keeper.found.put(quantity, piece.text, keeper.sheet.at(place))


def _by_working(piece: NamedAnswer, keeper: Keeper) -> Quantity | None:
    """The line whose formula stands beside a name that is none of a line's; not where one is answered already."""
    if who(piece.name) is not None or not NUMBER_IN.search(piece.text):
        return None
    q = worked_line(piece.name, piece.text, keeper)
    said = keeper.names.vocabulary.find(piece.name)
    if q is None or q in keeper.found.texts or (said is not None and said.roles & ASIDE):
        return None
    keeper.say(f"“{clean(piece.name, 40)}” was taken for {q.name}, by its working.")
    return q


def _renamed(quantity: Quantity, piece: NamedAnswer, keeper: Keeper) -> Quantity | None:
    """What a name beside the working of another line means, where its own was read under another name: a3 after a1, a2."""
    keeper.strange.add(quantity.before_update())
    own = quantity in keeper.found.texts and keeper.labels[quantity][2]
    return _by_working(piece, keeper) if own else None


def _is_open(quantity: Quantity, piece: NamedAnswer, place: str, keeper: Keeper) -> bool:
    """Whether only the whole sheet tells which line it is; then it waits, or it is told that nothing tells it."""
    if quantity in keeper.found.texts and _inherits(quantity, piece, keeper):
        if quantity.updated and keeper.found.texts[quantity] != piece.text:
            keeper.unread(
                piece, place
            )  # below “new weights” it has been answered, and nothing tells what is meant now
        else:
            bare_weight(piece, place, keeper)
        return True
    if keeper.context.unit == 0 and is_weak(piece.name, keeper):
        keeper.wait(piece, place, keeper.meant(quantity, piece))
        return True
    if keeper.doubled(quantity, piece):
        keeper.waiting.again.append((quantity, piece, place))
        return True
    return False


def _contradicts(quantity: Quantity, piece: NamedAnswer, place: str, keeper: Keeper) -> bool:
    """Whether a label that was completed by what stands around it gives a line another answer than it has.

    Then the completed label is not to be trusted, nor that of the answer before, if it was completed too. Neither counts
    where two names in other letters, such as z and a, would be one line with two numbers.
    """
    if _is_difference(quantity, piece, keeper):
        keeper.unread(piece, place)
        return True
    completed = keeper.names.find(piece.name) not in (quantity, quantity.before_update())
    held = keeper.found.texts.get(quantity)
    told = set(standing(piece.text))
    again = bool(told) and told <= set(standing(held or ""))  # “see above (0.0097)”
    other = bool(held) and held != piece.text and has_digit(piece.text) and not (piece.corrects or again)
    other = other and not isinstance(
        read_answer(held or "", keeper.names), Unreadable
    )  # “0.1 times 0.35 plus …”
    name, where, guessed = keeper.labels.get(quantity, (piece.name, "", False))
    two = other and _letters(name) != _letters(piece.name) and not _rounds(held or "", piece.text)
    if other and (guessed or two):
        del keeper.labels[quantity]
        keeper.leave(f"{name} = {keeper.found.texts.pop(quantity)}", where)
        keeper.sheet.complain(where, f"“{name}” may mean {quantity.name}, which stands there again; not read")
    if other and (completed or two):
        keeper.unread(piece, place)
        return True
    keeper.labels[quantity] = (piece.name, place, completed)
    return False


def _is_difference(quantity: Quantity, piece: NamedAnswer, keeper: Keeper) -> bool:
    """Whether an “error” that the sheet does not call so is negative, as a difference may be and a loss never is."""
    other = quantity.kind is QuantityKind.LOSS and keeper.names.find(piece.name, strict=True) is None
    return other and _NEGATIVE.search(piece.text) is not None


def _letters(name: str) -> str:
    return "".join(c for c in name.lower().split()[-1] if c.isalpha()) if name.strip() else ""


def _rounds(one: str, other: str) -> bool:
    """Whether of two answers one may be the other rounded."""
    numbers = [list(standing(text)) for text in (one, other)]
    if not all(numbers):
        return True
    exponents = (number[-1].as_tuple().exponent for number in numbers)
    places = max(e for e in exponents if isinstance(e, int))
    return abs(numbers[0][-1] - numbers[1][-1]) <= Decimal(1).scaleb(places)


def _is_said_again(quantity: Quantity, piece: NamedAnswer, keeper: Keeper) -> bool:
    """Whether a line has been read, and the same number stands there again in words that are not read."""
    held, told = keeper.found.texts.get(quantity, ""), set(standing(piece.text))
    if not told or not told <= set(standing(held)):
        return False
    before, now = (isinstance(read_answer(text, keeper.names), Unreadable) for text in (held, piece.text))
    return now and not before


def _inherits(quantity: Quantity, piece: NamedAnswer, keeper: Keeper) -> bool:
    """Whether only a heading tells that a weight's gradient, or its new value, is meant."""
    of_weight = quantity.kind in GRADIENTS or (quantity.updated and quantity.kind in PARAMETERS)
    return of_weight and keeper.names.find(piece.name) is None


def _unknown(piece: NamedAnswer, place: str, keeper: Keeper) -> None:
    """What stands behind a name that is no line's: who the student is, a heading, a given value, or something not read."""
    if keeper.found.named(piece.name, piece.text):
        return
    if not NUMBER_IN.search(piece.text):
        keeper.head(f"{piece.name}: {piece.text}")
    elif not has_digit(piece.name):  # an unknown symbol with a number is no heading
        keeper.head(piece.name)
    if _is_plain(piece, keeper):
        keeper.told.remove(piece.text)
    else:
        bare_weight(piece, place, keeper)


def _is_plain(piece: NamedAnswer, keeper: Keeper) -> bool:
    """Whether this is plainly a heading, a given value, or a line such as “Subject: …”."""
    name, text = piece.name.strip(), piece.text
    if not has_digit(text):
        return _SYMBOL.fullmatch(name) is None
    last = re.split(r"[\s(,;%:]+", name)[-1].strip("$")
    given = keeper.found.source.names.anything(last) if last else None
    if given is not None and keeper.is_given(given, text.partition(")")[0]):
        return given.kind in _SET or last != name
    if "=" in text or "≈" in text:
        return _GIVENS.match(name) is not None
    words = all(c.isalpha() or c in " .-'&/" for c in name)
    return words and not _STARTS_WITH_NUMBER.match(text)
