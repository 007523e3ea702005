"""A name at the end of a sentence: “my sums are a₃ = …”, “with a rate of 1 the new weights are W13 = …”."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.answers.corrections import PUTS_RIGHT
from grader.answers.lexicon import OTHER, ROLES
from grader.answers.worded import ASIDE, NOTHING, PARAMETERS, Wording, of_quantity
from grader.files.labels.cells import bare

if TYPE_CHECKING:
    from collections.abc import Callable

    from exercises.formulas.quantity import Quantity
    from grader.files.extraction.keeper import Keeper

_BELONGS = frozenset(
    [
        "of", "at", "for", "in", "to", "von", "de", "di", "da", "do", "bei", "am", "im", "du", "des", "dell",
        "della", "del", "van", "av", "på", "respect", "zu", "an", "by", "into", "through", "and", "or",
        "und",
    ]
)  # fmt: skip
_LONGEST, _WORDS = 200, 25  # of a sentence: characters, words
_FEW = 3  # words of a name; more of them are a sentence


def last_name(
    written: str, find: Callable[[str], Quantity | None], keeper: Keeper
) -> tuple[str, Quantity | None] | None:
    """The name that ends a sentence of which nothing else speaks of a number: “my sums are a₃ = …”.

    find: the line that a name means where it stands.
    """
    words = written.split() if len(written) <= _LONGEST else []
    for at in range(1, len(words) if 1 < len(words) <= _WORDS else 0):
        before = [word.strip(",:.;()").lower() for word in words[:at]]
        if any(_speaks(word, last) for word, last in zip(before, ["", *before], strict=False)):
            return None
        spoken = keeper.names.vocabulary.heading(" ".join(words[:at]))
        name = bare(" ".join(words[at:]))
        quantity = find(name)
        said = keeper.names.vocabulary.find(name) or NOTHING
        if said.roles == {"place"} or (quantity is None and said != NOTHING and before[-1] in _BELONGS):
            return None
        if quantity is not None:
            if before[-1] in _BELONGS or not _suits(spoken, quantity):
                return None  # the strange word is what is said of it: “blame of y5”
            again = quantity in keeper.found.texts and not keeper.context.new
            again = again and PUTS_RIGHT.search(written) is None
            return None if again else (name, quantity)
    return None


def new_weight(written: str, keeper: Keeper) -> tuple[str, Quantity | None] | None:
    """The weight that ends a sentence which speaks of new ones: “with a rate of 1 the new weights are W13 = …”."""
    words, said = written.split(), keeper.names.vocabulary.heading(written)
    if not said.new or said.meant or len(words) <= _FEW:
        return None
    found = keeper.line_of(bare(words[-1]), Wording(new=True))
    return (bare(words[-1]), found) if found is not None and found.kind in PARAMETERS else None


def _suits(said: Wording, q: Quantity) -> bool:
    """Whether what is said before a name may be said of its line: “the output neuron then gets a5”."""
    line = of_quantity(q)
    aside = said.roles & (ASIDE | {"weight", "bias", "source", "target", "rerun", "check"})
    return said.meant <= line.meant and said.unit in (0, q.unit) and said.new <= q.updated and not aside


def _speaks(word: str, last: str) -> bool:
    """Whether a word before a name is more than words: a role, another number, a sign."""
    if word.isdecimal():
        return ROLES.get(last) not in ("unit", "layer", "remark")
    return word in OTHER or not (word.replace("-", "").replace("'", "").replace("’", "").isalpha())
