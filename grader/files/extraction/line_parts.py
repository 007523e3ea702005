"""One line of text taken apart: `a3 = 0.1, y3 = 0.2`, two columns side by side, “y3 = 0.2 and so y4 = 0.3”.

A new answer begins where a known name stands before a relation, outside brackets, and behind a sign that parts two
answers: a comma, a semicolon, a wide space, a word such as “and”. A name behind an operator is part of the working.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from exercises.formulas.formula import leaves
from exercises.formulas.quantity import QuantityKind
from grader.answers.corrections import PUTS_RIGHT, TAKES_BACK
from grader.answers.numbers import Typed, read_number
from grader.answers.worded import ASIDE, NOTHING, Wording
from grader.files.extraction import sentences
from grader.files.extraction.keeper import FORWARD
from grader.files.extraction.labelled import are_several, listed
from grader.files.extraction.named_answer import NamedAnswer
from grader.files.extraction.relations import (
    AND,
    ARROWS,
    DOUBTFUL,
    FILLERS,
    LABEL,
    NUMBERED_NEXT,
    RUN_ON,
    inside,
    relations,
)
from grader.files.extraction.spaced import spaced
from grader.files.labels.cells import EMPHASIS, bare
from grader.files.labels.headings import who

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exercises.formulas.quantity import Quantity
    from grader.files.extraction.keeper import Keeper

_SET = re.compile(r"←|<-|:=|^\s*\S{1,20}\s*(?:→|⇒|=>)")  # sets a weight anew
_STEPS = ("-", "−", "–", "+")
_PAIRED = re.compile(r"(?P<all>\s\((?P<name>[^()=]{1,30})=(?P<value>[^()=]{1,60})\))\s*$")
_PARTED = re.compile(
    rf"\t|;|,(?=\s|[A-Za-zδ∂Δ\\])|\s\|\s|\s{{2,}}|\s(?:{AND}|so|also|then|donc|hence|thus|therefore|∴)\s|\s/\s(?=[^\W\d]|[∂\\$])|(?<=[\w)$])\.\s"
)
_ENDED = re.compile(r"""(?:[\d.)\]}%?✓…$*]|\.\.\.)\s*$""")
_NAME_LIKE = re.compile(r"(?=[^\s]*\d)[A-Za-zδ∂∇Δ\\][\w/∂{}^'′\\]{0,30}")
_SAID_BEHIND = re.compile(r"\s\(([^()\d]{1,80})\)$")
_DERIVED = re.compile(r"[d∂][A-Za-zŷ]\w{0,9}/[d∂]\w{1,9}|(?:delta|δ|grad|net|out)_?\w{0,4}", re.IGNORECASE)
_FEW = 3  # words of a name; more of them are a sentence
_VIA = re.compile(r"(?:and )?via\s*(?:unit |node )?(?P<path>\d{1,3})", re.IGNORECASE)


def cut(line: str, keeper: Keeper) -> Iterator[NamedAnswer]:
    """The answers of a line, in order; those whose names are not known have no quantity."""
    return _Cutter(line, keeper).pieces()


class _Cutter:
    """The cutting of one line."""

    def __init__(self, line: str, keeper: Keeper) -> None:
        self.line = line
        self.keeper = keeper
        self.found = keeper.found
        self.names = keeper.names
        self.local = keeper.carried or keeper.context  # what stands around an answer here
        self.headed = True  # whether what begins the line is no line's name
        self.first: Quantity | None = None  # the last loss slope of this line, for a bare “via 6”

    def pieces(self) -> Iterator[NamedAnswer]:
        aside = _PAIRED.search(self.line)
        last = self.find(bare(aside["name"])) if aside is not None else None
        if aside is not None and self.keeper.is_a_given(aside["value"]):
            last = None  # new value (l = 1)
        if aside is not None and last is not None:
            self.line = self.line[: aside.start()]
        yield from self.main()
        if aside is not None and last is not None:
            yield self.piece(bare(aside["name"]), last, aside["value"])
        goes_on = self.line.rstrip().endswith(",") and self.local is not self.keeper.context
        carried = self.local if self.headed else Wording(new=True) if self.local.new else None
        self.keeper.carried = carried if goes_on else None

    def main(self) -> Iterator[NamedAnswer]:
        found = list(relations(self.line))
        if not found:
            yield from self.apart(self.line)
            return
        paired = listed(self.line[: found[0][0]], self.line[found[0][1] :], self.keeper)
        if not paired and len(found) == 2 and self.line[found[0][0]] == ":":  # noqa: PLR2004 - “hidden layer: deltas (3, 4): …”
            values = self.line[found[1][1] :]
            paired = listed(self.line[: found[1][0]], values, self.keeper)
            paired = paired or listed(self.line[found[0][1] : found[1][0]], values, self.keeper)
        if paired:
            yield from paired
            return
        if are_several(self.line[: found[0][0]], self.keeper):
            yield self.piece(bare(self.line[: found[0][0]]), None, self.line[found[0][1] :])
            return
        name, quantity = self.head(self.line[: found[0][0]])
        self.headed = quantity is None
        behind = self.line[found[0][1] :].lstrip()[:1]
        if (quantity is None or behind.isalpha()) and self.line[found[0][0]] in ":→":
            self.local = self.around(name)
        self.note(quantity)
        start = found[0][1]
        for before, here in pairwise(found):
            between = self.line[before[1] : here[0]]
            cut = self.cut(between, before, (start, name, quantity))
            if cut is None:
                continue
            ends, new, meant = cut
            if ends is not None:
                yield from self.ended(name, quantity, self.line[start : before[1] + ends])
            name, quantity, start = new, meant, here[1]
            self.note(quantity)
        yield from self.ended(name, quantity, self.line[start:])

    def around(self, name: str) -> Wording:
        """What a label before a colon says of what stands behind it."""
        label = self.names.vocabulary.find(name)
        outputs = self.found.source.problem.network.outputs
        if label is not None and label.meant == {"out"} and len(outputs) == 1 and not label.unit:
            label = Wording(unit=outputs[0])  # “output: net 0.8 out 0.7”
        if label is not None:
            label = label.of_neuron()
        places = label.roles & {"hidden", "outer"} if label is not None else None
        if label is None or not (
            label.meant or label.unit or label.parameter or label.new or label.layer or places
        ):
            return self.local
        return label.within(self.local)

    def ended(self, name: str, quantity: Quantity | None, text: str) -> Iterator[NamedAnswer]:
        """An answer; or several, where labels and numbers stand by turns behind a colon."""
        words = text.strip(EMPHASIS)
        if words[:1].isalpha() and (apart := list(self.apart(words))):
            yield from apart
        else:
            yield self.piece(name, quantity, text)

    def apart(self, text: str) -> Iterator[NamedAnswer]:
        remark = _SAID_BEHIND.search(text)
        if remark is not None and self.names.vocabulary.heading(remark[1]).new:
            self.local = replace(self.local, new=True)  # “w13 0.5, w23 0.6 (all updated)”
        for name, number, quantity in spaced(text.strip(EMPHASIS), self.names, self.find):
            yield self.piece(name, quantity, number)

    def piece(self, name: str, quantity: Quantity | None, text: str) -> NamedAnswer:
        again = self.line.count(name) > 1 and TAKES_BACK.search(self.line) is not None
        own = text.strip().removeprefix(name).lstrip()
        arrow = _SET.search(self.line) is not None or (
            own != text.strip() and own[:1] in _STEPS
        )  # W1 = W1 - …
        corrects = again or PUTS_RIGHT.search(self.line) is not None
        return NamedAnswer(name, text.strip(EMPHASIS + ",;"), quantity, corrects, arrow)

    def note(self, quantity: Quantity | None) -> None:
        if quantity is not None and quantity.kind is QuantityKind.LOSS_SLOPE:
            self.first = quantity

    # --- names ---

    def head(self, written: str) -> tuple[str, Quantity | None]:
        """The name before the first relation, without what stands before it on the line."""
        name = bare(written)
        unit = (
            self.names.vocabulary.find(_PARTED.split(name, maxsplit=1)[0]) if _PARTED.search(name) else None
        )
        if unit is not None and unit.unit and not unit.meant:
            self.local = Wording(unit=unit.unit)  # Node 3 | a = 0.7 | y = 0.6
        for candidate in self.candidates(name):
            intro = self.names.vocabulary.heading(name.removesuffix(candidate))
            if "rerun" in intro.roles and self.find(candidate) is not None:
                self.local = intro  # “when I run it again with these, y5 becomes 0.68”
            quantity = self.find(candidate)
            if quantity is not None or self.speaks_of_the_student(candidate):
                said = self.names.vocabulary.find(candidate) or NOTHING
                if "unit" in said.roles and said.unit:
                    self.local = Wording(unit=said.unit)  # “for unit 3, a = 0.7 and y = 0.6”
                several = "weight" in said.roles or len(candidate.split()) > _FEW
                plural = said.new and said.parameter is not None and several  # “the new weights are W13 = …”
                self.local = said if "rerun" in said.roles else Wording(new=True) if plural else self.local
                return candidate, quantity
        sentence = sentences.last_name(name, self.find, self.keeper)
        if sentence is None and (new := sentences.new_weight(name, self.keeper)) is not None:
            self.local, sentence = Wording(new=True), new
        return sentence or (name, None)

    def find(self, name: str) -> Quantity | None:
        """The line that a name means here."""
        return self.keeper.line_of(name, self.local, self.first)

    def candidates(self, name: str) -> Iterator[str]:
        yield name
        numbered = LABEL.sub("", name, count=1)
        for short in dict.fromkeys((numbered, FILLERS.sub("", numbered, count=1))):
            if short != name:
                yield bare(short)
        parted = [sign for sign in _PARTED.finditer(name) if not inside(name, sign.start())]
        if parted and self.known(name[: parted[-1].start()]) is None:
            tail = bare(name[parted[-1].end() :])
            yield tail
            yield bare(FILLERS.sub("", tail, count=1))

    def speaks_of_the_student(self, name: str) -> bool:
        return bool(name) and who(name) is not None

    def known(self, written: str) -> tuple[str, Quantity | None] | None:
        """A name that may begin an answer: of a line, of the student, or one that looks like a symbol."""
        name = bare(written)
        if not name or isinstance(read_number(name), Typed):
            return None
        if (via := _VIA.fullmatch(name)) and self.first is not None:
            return name, self.names.find(f"dE_dy{self.first.unit}_via{via['path']}")
        for candidate in dict.fromkeys((name, bare(FILLERS.sub("", name, count=1)))):
            quantity = self.find(candidate)
            if quantity is not None or self.speaks_of_the_student(candidate):
                return candidate, quantity
            label = self.names.vocabulary.find(candidate) or NOTHING
            if (
                _NAME_LIKE.fullmatch(candidate)
                or self.names.anything(candidate) is not None
                or label.roles & ASIDE
                or (label.layer and (label.meant or "weight" in label.roles))
            ):
                return candidate, None
        return sentences.last_name(name, self.find, self.keeper)

    # --- cuts ---

    def cut(
        self,
        between: str,
        before: tuple[int, int],
        current: tuple[int, str, Quantity | None],
    ) -> tuple[int | None, str, Quantity | None] | None:
        """Where the answer ends whose name is `current`, and the name of the next; None if it goes on.

        The end is None where what stood before was a mere label, as in “Forward: a3 = 0.1”.
        """
        start, name, quantity = current
        sign = self.line[before[0] : before[1]]
        whole = self.line_name(between)
        if sign == ":" and start == before[1] and whole is not None and not self.speaks_of_the_student(name):
            return None if whole[1] == quantity else (None, *whole)
        if sign == ":" and whole is not None and whole[1] == quantity and TAKES_BACK.search(self.line):
            return before[0] - before[1], *whole  # = 0,75  ERRATO, rifatto: a5 = 0,76
        if sign in ARROWS and start != before[1] and whole is not None and whole[1] != quantity:
            held = self.line[start : before[0]]
            return (before[0] - before[1], *whole) if _ENDED.search(held) else None
        parted = self.parted(between, quantity)
        if parted is not None:
            return parted
        found = self.run_on(between, quantity, mere=start == before[1])
        if found is None:
            self.part_doubtful(between, before[1], quantity)
        return found

    def part_doubtful(self, between: str, at: int, quantity: Quantity | None) -> None:
        """Part a number from another line's name behind it that is no factor of the answer; neither counts then."""
        match = DOUBTFUL.fullmatch(between)
        meant = self.names.find(bare(match["name"])) if match is not None else None
        if (
            match is None
            or meant is None
            or meant == quantity
            or quantity is None
            or meant.kind not in FORWARD
        ):
            return
        step = self.found.source.problem.graph.by_quantity.get(quantity)
        if step is None or meant not in set(leaves(step.formula)):
            gap = at + match.end("value")
            self.line = f"{self.line[:gap]};{self.line[gap + 1 :]}"

    def line_name(self, between: str) -> tuple[str, Quantity] | None:
        found = self.known(between)
        return (found[0], found[1]) if found is not None and found[1] is not None else None

    def parted(self, between: str, quantity: Quantity | None) -> tuple[int, str, Quantity | None] | None:
        """A name behind a sign that parts answers; the longest such name, for it may hold a comma itself."""
        for sign in _PARTED.finditer(between):
            if inside(between, sign.start()):
                continue
            found = self.known(between[sign.end() :])
            if found is None:
                continue
            value = between[: sign.start()]
            wide = sign[0].isspace() and "\t" not in sign[0]
            complete = _ENDED.search(value) or (found[1] is None and self.speaks_of_the_student(found[0]))
            if wide and (not complete or self.factor(found[1], quantity)):
                continue
            return sign.start(), *found
        return None

    def run_on(
        self, between: str, quantity: Quantity | None, *, mere: bool
    ) -> tuple[int, str, Quantity | None] | None:
        """A number, one space, and the name of another line: `a3 = 0.1 y3 = 0.2`."""
        match = NUMBERED_NEXT.fullmatch(between) or RUN_ON.fullmatch(between)
        if match is None or not isinstance(read_number(match["value"].strip(EMPHASIS)), Typed):
            return None
        name = bare(match["name"])
        meant = self.find(name)
        if meant is None and _DERIVED.fullmatch(name) and self.names.anything(name) is None:
            return match.end("value"), name, None  # no factor
        if meant is None or self.factor(meant, quantity):
            return None
        alike = quantity is not None and quantity.kind is meant.kind
        return (match.end("value"), name, meant) if mere or alike else None

    def factor(self, meant: Quantity | None, quantity: Quantity | None) -> bool:
        """Whether a name may be a factor of the working: the line is made from it, and it stands higher up."""
        step = self.found.source.problem.graph.by_quantity.get(quantity) if quantity is not None else None
        if step is None or meant is None:
            return False
        return meant in set(leaves(step.formula)) and meant in self.found.texts
