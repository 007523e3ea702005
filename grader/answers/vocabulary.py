"""What a label says, in words and symbols alike: “gradient of W13”, `h1 net`, “neues Gewicht W13”, and what it means.

A label may be complete only with what stands around it: the heading above, the head of a column, the unit before it.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from exercises.formulas.quantity import Quantity, QuantityKind
from grader.answers.completed import Completed
from grader.answers.joints import joints
from grader.answers.label_words import MAX_LABEL, WORD, spaced, words_of
from grader.answers.lexicon import LONGEST, OTHER, ROLES
from grader.answers.symbols import ONE
from grader.answers.worded import MEANT, NOTHING, Wording

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from exercises.problems.problem import Problem
    from grader.answers.letters import Letters

MAX_WORDS = 14
MAX_STRANGE = 20_000  # texts in one file that say nothing
MAX_KEPT = 4_000  # labels; a class writes the same few again and again
_Kind = QuantityKind
_PLACED = re.compile(r"(?P<stem>[a-z]{1,6}?)_?(?P<n>\d)?", re.IGNORECASE)
_AT = frozenset({"at", "of", "for", "in", "von", "de", "an", "to", "di", "into"})
_LETTERS = frozenset("azyhsv")
_VIA = re.compile(r"(?:via|through)$")
_FEW = 4  # words of a path
_WORD = 3  # letters of what may be a word
_EXPLAINED = re.compile(r"(?P<outer>(?=\S*[._\d])[^\s()]{2,20})\s\((?P<inner>[^()]{2,60})\)")
_FILLING = {"", "new", "source", "target"}


class Vocabulary(Completed):
    """The labels of one problem.

    symbol: finds what a spelling of the sheet or of a textbook stands for, given quantities included.
    """

    def __init__(self, problem: Problem, symbol: Callable[[str], Quantity | None]) -> None:
        super().__init__(problem, symbol)
        self._by_unit = problem.notation == "unit"
        self._kept: dict[str, Wording | None] = {}
        self._strange = 0  # texts in this file that say nothing

    def see(self, letters: Letters) -> bool:
        """What a file as a whole tells of its letters; whether that is another thing than before."""
        self._strange = 0
        changed = letters != self.symbols.letters
        if changed:
            self.symbols.letters = letters
            self._kept.clear()
        return changed

    def find(self, written: str) -> Wording | None:
        """What a text says as a label; None if it holds a word that is none."""
        if written not in self._kept:
            if len(self._kept) > MAX_KEPT:
                self._kept.clear()
            tried = len(written) <= MAX_LABEL and self._strange < MAX_STRANGE
            found = self._kept[written] = self._find(written) if tried else None
            self._strange += found is None
        return self._kept[written]

    def _find(self, written: str) -> Wording | None:
        flat, words = words_of(written, self.symbols.pairs.in_label, layered=not self._by_unit)
        found = self._folded(self._with_path(words)) if 0 < len(words) <= MAX_WORDS else None
        if found is not None and "respect" in flat.lower() and not found.roles & {"slope", "gradient"}:
            return None  # “with respect to y4” is not y4
        if found is None and (explained := _EXPLAINED.fullmatch(written)) is not None:
            outer, inner = self.find(explained["outer"]), self.find(explained["inner"])
            strange = outer is None and not OTHER & set(explained["outer"].lower().split())
            return inner if strange and inner is not None and inner.meant else None  # y_hat.grad (dL/dy_hat)
        if (
            found is not None and "becomes" in found.roles
        ):  # a weight then is the new one, but “these become y3”
            return replace(found, roles=found.roles - {"becomes"}, new=found.new or found.whole is None)
        if found is not None and "before" in found.roles:  # a weight then is the old one, but a loss is not
            old = {"old"} if found.parameter or not found.meant else set()
            return replace(found, roles=found.roles - {"before"} | old)
        return found

    def _with_path(self, words: list[str]) -> list[str]:
        """The words with “via” before the unit that ∂E/∂y₃ goes over, whatever stands there: “dE/dy3 lewat 5”."""
        path = words[-1]
        if not (path.isdecimal() and 1 < len(words) <= _FEW and len(self._net.outputs) > 1):
            return words
        first, strange = self.symbols.one(words[0]), words[1:-1]
        if first is None or first.meant != {"slope", "loss"} or not first.unit:
            return words
        known = any(word.lower() in ROLES or word.lower() in OTHER or not word.isalpha() for word in strange)
        if known or int(path) not in self._net.downstream(first.unit):
            return words
        return [words[0], "via", path]

    def heading(self, written: str) -> Wording:
        """What a heading says; its other words are passed over."""
        found = NOTHING
        words = [w.strip("().*`#=-–—&").lower() for w in WORD.findall(spaced(written))][:MAX_WORDS]
        words = [word for word in words if len(word) > 1 or not word.isascii() or word.isdecimal()]
        for part, _ in self._parts(words):
            both = found & part if part is not None else None
            found = both or found
        return found

    def loosely(self, written: str) -> Wording | None:
        """What a label says that holds words which nobody knows: “activatie y”; None where they may say anything else."""
        found = NOTHING
        _, words = words_of(written, self.symbols.pairs.in_label, layered=not self._by_unit)
        for part, run in self._parts(words[:MAX_WORDS], placing=True):
            if part is None and (len(run) < _WORD or not run.isalpha() or run.lower() in OTHER):
                return None
            both = found & part if part is not None else found
            if both is None:
                return None
            found = both
        return found if found.meant or found.new else None

    def _folded(self, words: list[str]) -> Wording | None:
        """All words together; in “delta h1” the h1 is a place, by itself it is an output."""
        alone = ROLES.get(words[0].lower()) if len(words) == 1 else None
        if alone in ("source", "target"):
            return Wording(frozenset({alone}))
        if alone == "" and (symbol := self.symbols.one(words[0])) is not None:
            return symbol  # “in” and “o” by themselves
        placed = self._all(words, placing=True) if len(words) > 1 else None
        return (
            placed
            if placed is not None and (placed.meant or placed.whole)
            else self._all(words, placing=False)
        )

    def _all(self, words: list[str], *, placing: bool) -> Wording | None:
        found = NOTHING
        if len(words) == 2 and words[1] in _LETTERS and ROLES.get(words[0].lower()) in ("sum", "out"):  # noqa: PLR2004
            words = words[:1]  # “output a”: the word tells what the letter is
        for part, _ in self._parts(words, placing=placing):
            both = found & part if part is not None else None
            if both is None:
                return None
            found = both
        return found

    def _parts(self, words: list[str], *, placing: bool = False) -> Iterator[tuple[Wording | None, str]]:
        """The words by runs, and what each says, or None."""
        at = 0
        while at < len(words):
            for count in range(min(LONGEST, len(words) - at), 0, -1):
                run = " ".join(words[at : at + count])
                said = self.symbols.place(run) if placing and count == 1 else None
                said = said or self._said(run, words, at, count)
                if said is not None:
                    break
            else:
                count, said, run = 1, None, words[at]
            yield said, run
            at += count

    def _said(self, run: str, words: list[str], at: int, count: int) -> Wording | None:
        word = run.lower().replace("_", " ").replace("-", " ").strip("().*`’")
        before = words[at - 1].lower() if at else ""
        if count == 1 and word.isdecimal():
            return self._numbered(int(word), before, words)
        if count == 1 and (_VIA.fullmatch(word) or (len(words) > 1 and run in "ijk")):
            return NOTHING  # i, j, k: the index of any unit
        if word == "o" and count == 1 and len(self._net.outputs) == 1:
            return Wording(unit=self._net.outputs[0])  # “input to o”, “delta o”
        if len(words) > count and count == 1 and len(word) == 1 and word in ONE and len(words) > 2:  # noqa: PLR2004
            found = self.symbols.one(run)
            last = at == len(words) - 1 and not any(ROLES.get(w.lower()) in MEANT for w in words[:-1])
            if found is not None and run == "E" and not last:
                return Wording(found.roles)  # “derivative of E with respect to y5”
            return found if found is not None and (last or word not in "aeoiy") else NOTHING
        role = "new" if word in self.symbols.letters.news else ROLES.get(word)
        if role is not None and not (count == 1 and word in OTHER and role != "old"):
            return Wording(frozenset(role.split()) - _FILLING, new=role in ("new", "rerun"))
        if count > 1:
            return None
        return self.symbols.one(run) or (self._folded(parts) if (parts := joints(run)) else None)

    def _numbered(self, number: int, before: str, words: list[str]) -> Wording | None:
        """A bare number behind “unit”, “layer” or a role: “delta 5”, “output neuron 5”, “hidden 1”."""
        role = ROLES.get(before, "")
        layered = {ROLES.get(word.lower()) for word in words}
        if role == "layer":
            return Wording(layer=number) if 1 <= number < len(self._net.layers) else None
        if _VIA.fullmatch(before):
            return Wording(via=number) if number in self._net.computing else None
        if role == "input":
            role = "sum" if number in self._net.computing else ""
        if role == "" and before in _AT and any(ROLES.get(word.lower()) in MEANT for word in words):
            role = "unit"  # “sum at 3”
        if role in ("unit", "hidden", "outer", "sum", "out", "delta", "slope", "loss", "bias"):
            where = "h" if "hidden" in layered else "o" if "outer" in layered else ""
            unit = self.symbols.unit(where, number)
            return Wording(unit=unit) if unit else None
        return None

    def in_layer(self, written: str, layer: int) -> Wording | None:
        """A symbol below a heading “layer 1”: its number is the place there, and it needs none where there is one unit."""
        if (
            not self._by_unit
            and (said := self.find(f"{written.strip()}({layer})")) is not None
            and said.parameter
        ):
            return said  # w11 of layer 1
        found = _PLACED.fullmatch(written.strip(" $*`_").replace("δ", "delta"))
        if found is None or not 1 <= layer < len(self._net.layers):
            return None
        units, place = self._net.layers[layer], int(found["n"] or 1)
        said = self.symbols.one(found["stem"])
        if said is None or said.whole is not None or not said.meant or not 1 <= place <= len(units):
            return None
        return replace(said, unit=units[place - 1]) if bool(found["n"]) == (len(units) > 1) else None
