"""What only the whole sheet tells: bare weights, quantities that stand there again, answers that are but numbered."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from exercises.formulas.quantity import gradient
from exercises.pages.sheet_sections import sections
from grader.answers.worded import ASIDE, of_quantity
from grader.files.extraction.elimination import resolve
from grader.files.extraction.keeper import FORWARD
from grader.files.extraction.named_answer import NUMBER, NamedAnswer
from grader.files.extraction.standing import standing

if TYPE_CHECKING:
    from exercises.formulas.quantity import Quantity
    from grader.answers.worded import Wording
    from grader.files.extraction.keeper import Keeper
    from grader.files.extraction.open_answers import Open

_ANOTHERS = re.compile(
    r"\b(?:friend|key|neighbour|neighbor|expected|example|previous|earlier|freund|nachbar)", re.IGNORECASE
)
_SAID_NEW = re.compile(
    r"[(\[]\s*(?:new|neu|updated|nuevo|nouveau|nuovo|novo|yeni|新)[^()\d]{0,20}[)\]]\s*$", re.IGNORECASE
)
_ALONE = re.compile(
    r"(?:\(?(?P<at>\d{1,3})\s*[).:]\)?\s+)?(?P<number>[-−–+~≈]*\s?\d{0,20}[.,]?\d{1,40}(?:[eE][-+]?\d{1,3})?)\s*[.;]?"
)


def bare_weight(piece: NamedAnswer, place: str, keeper: Keeper) -> None:
    """Keep a weight by itself; say of anything else that it is no line."""
    said = keeper.names.vocabulary.find(piece.name)
    q = said.parameter if said is not None and not (said.meant or said.roles & ASIDE) else None
    if q is not None and not keeper.answers_given(q, piece.text):
        keeper.waiting.bare.append((q, piece, place))
    elif said is not None and said.roles & ASIDE == {"old"} and (first := _first(said, keeper)) is not None:
        keeper.waiting.old.append((first, piece, place))
    elif said is not None and said.roles & ASIDE:
        keeper.unread(piece, place)
    else:
        keeper.wait(piece, place)


def _first(said: Wording, keeper: Keeper) -> Quantity | None:
    """The line of the first run that is called old: “loss before”."""
    return keeper.names.vocabulary.meant(replace(said, roles=said.roles - {"old"}))


def alone(line: str, place: str, keeper: Keeper) -> bool:
    """A number by itself: the answer that a heading asks for, or the next of those that are numbered."""
    found = _ALONE.fullmatch(line)
    if found is None:
        return False
    if found["at"]:
        keeper.waiting.numbered.append((int(found["at"]), found["number"], place))
        return True
    quantity = keeper.names.vocabulary.meant(keeper.context)
    if quantity is None or quantity in keeper.found.texts or keeper.below:
        return False
    keeper.found.put(quantity, found["number"], keeper.sheet.at(place))
    return True


def settle(keeper: Keeper) -> None:
    """Settle all of it."""
    _weights(keeper)
    _olds(keeper)
    _rerun(keeper)
    _in_order(keeper)
    resolve(keeper)
    for one in keeper.waiting.open:
        _doubt(one, keeper)
        keeper.unread(NamedAnswer(one.name, one.text, None), one.place)
    keeper.waiting.open.clear()


def _doubt(one: Open, keeper: Keeper) -> None:
    """Leave to a person, too, what a line holds that is named with another number behind words that are not read."""
    words = one.name.split()
    names = keeper.names
    said = names.vocabulary.heading(one.name)
    if len(words) < 2 or said.roles & ASIDE or _ANOTHERS.search(one.name):  # noqa: PLR2004
        return
    ends = (" ".join(words[-count:]).strip("(,;:.") for count in (2, 1))
    q = next((q for end in ends if (q := names.find(end)) is not None), None)
    if q is None or said.meant - of_quantity(q).roles:
        return  # “derivata dell'errore rispetto a y5” is not y5
    held = keeper.found.texts.get(q, "")
    behind = q in keeper.sequence[: one.at]
    if not held or not behind or not set(standing(one.text)) - set(standing(held)):
        return
    place = keeper.found.places.get(q, "")
    del keeper.found.texts[q]
    keeper.found.leave(f"{q.name} = {held}", place)
    what = f"{q.name} stands further down with another number, behind words that are not read; neither counts"
    keeper.sheet.source.complain(keeper.sheet.reading, place, what)


def _weights(keeper: Keeper) -> None:
    """Bare weights are new where an arrow, a word or the working from the old one tells, or the sheet as a whole.

    It does where all their gradients stand there by name, and where “(new weights)” stands below them.
    """
    held = keeper.found.texts
    below = keeper.context.new and not keeper.below and not any(q.updated for q in held)
    named = all(gradient(q) in held or not keeper.line(gradient(q)) for q, _, _ in keeper.waiting.bare)
    told = (below or named) and len({q for q, _, _ in keeper.waiting.bare}) == len(keeper.waiting.bare)
    for q, piece, place in keeper.waiting.bare:
        new = q.after_update()
        made = told or piece.arrow or _SAID_NEW.search(piece.text) or _from_given(q, piece.text, keeper)
        if made and keeper.line(new) and new not in held:
            keeper.say(
                f"{q.name} was taken for {new.name}, as its gradient or its old value stands beside it."
            )
            keeper.found.put(new, piece.text, keeper.sheet.at(place))
        else:
            keeper.unread(piece, place)


def _olds(keeper: Keeper) -> None:
    """What is called old is the first value where the new one stands there by name, and nothing else is the first."""
    for q, piece, place in keeper.waiting.old:
        if q not in keeper.found.texts and keeper.found.texts.get(q.after_update()):
            keeper.found.put(q, piece.text, keeper.sheet.at(place))
        else:
            keeper.unread(piece, place)


def _rerun(keeper: Keeper) -> None:
    """What stands there again behind new weights is the check run, if it is nearly a whole one."""
    news = {q.after_update() for q, _, _ in keeper.waiting.again}
    lines = sum(q.updated and q.kind in FORWARD for q in keeper.found.source.problem.graph.by_quantity)
    whole = len(news) == len(keeper.waiting.again) and 2 * len(news) > lines and keeper.renewed_weights()
    for q, piece, place in keeper.waiting.again:
        new = q.after_update()
        if whole and new not in keeper.found.texts:
            keeper.say("What stands behind the new weights again was taken for the check run.")
            keeper.found.put(new, piece.text, keeper.sheet.at(place))
            continue
        what = f"{q.name} stands here again, behind new weights; write {new.name} if that is meant; not read"
        keeper.leave(f"{piece.name} = {piece.text}", place)
        keeper.sheet.complain(place, what)


def _in_order(keeper: Keeper) -> None:
    """Numbered answers are the lines of the sheet in order, if there are as many and nothing else is answered."""
    if not keeper.waiting.numbered:
        return
    lines = [step.quantity for section in sections(keeper.found.source.problem) for step in section.steps]
    if not keeper.found.texts and [number for number, _, _ in keeper.waiting.numbered] == list(
        range(1, len(lines) + 1)
    ):
        for q, (_, text, place) in zip(lines, keeper.waiting.numbered, strict=True):
            keeper.found.put(q, text, keeper.sheet.at(place))
        keeper.say("The answers were numbered only; they were read in the order of the sheet.")
        return
    for number, text, place in keeper.waiting.numbered:
        keeper.leave(f"{number}) {text}", place)
    what = "numbers without names, not as many as the sheet has lines; not read"
    keeper.sheet.complain(keeper.waiting.numbered[0][2], what)


def _from_given(q: Quantity, text: str, keeper: Keeper) -> bool:
    """Whether the working begins with the given value of a weight, as its update does: `0.1 − 1·(…) = 0.4`."""
    first = re.match(rf"\s*({NUMBER})\s*[-−–+]", text)
    return first is not None and "=" in text and keeper.is_given(q, first[1])
