"""What becomes of each answer found in a text: which line it is, and what is said where it is none.

A heading such as “Check run” tells that the quantities below it are those after the update. What is plainly a heading,
a given value or a line of a letter's head is no unknown name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from exercises.formulas.formula import leaves
from exercises.formulas.quantity import QuantityKind, activation_slope, loss_slope
from grader.answers.answer import Working, read_answer
from grader.answers.numbers import Typed, clean, read_number
from grader.answers.worded import NOTHING, PARAMETERS, Wording
from grader.files.extraction.open_answers import Open, Waiting
from grader.files.extraction.standing import standing
from grader.files.labels.headings import in_words, who

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    from exercises.formulas.quantity import Quantity
    from grader.answers.names import Names
    from grader.files.extraction.named_answer import NamedAnswer
    from grader.files.extraction.source import Answers, SourceTable

LONGEST_HEADING = 80
_FEW = 5  # words of a heading that is but the name of a unit
_PRIMED = re.compile(r"['′’]|\\prime")
_WHOLE_NUMBER = re.compile(r"\d*[.,]\d+")
NUMBER_IN = re.compile(r"\d[.,]\d|(?<![\w.,])[.,]\d")
_ANSWER = re.compile(
    r"\b(?:delta|gradient|loss|weighted sum|slope|activation|new (?:weight|bias)|unit \d)", re.IGNORECASE
)
_NOT_DONE = re.compile(r"\b(?:skip|skipped|not|nicht|missing|fehlt)\b", re.IGNORECASE)
_PASS = 3  # lines of a forward pass
_PARTS = frozenset({"forward", "backward", "check", "given"})
_WHOLE = re.compile(
    r"\b(?:whole|entire|overall|total|network|net|gesamt\w*|netz\w*|réseau|red|rete|rede|netwerk|nätverk\w*)\b",
    re.IGNORECASE,
)  # no unit's
_OF_NETWORK = re.compile(
    r"\b(?:loss|cost|verlust|kosten|perte|coût|pérdida|coste|E)\b", re.IGNORECASE
)  # a unit has errors
_RERUN = frozenset({"rerun", "forward", "check"})
FORWARD = (QuantityKind.PRE_ACTIVATION, QuantityKind.ACTIVATION, QuantityKind.LOSS)


@dataclass(slots=True)
class Keeper:
    """Keeps the answers of one text.

    heading: the last heading.
    context: what it says, so that it holds for the lines below; carried: what a line says that ends with a comma.
    turned:  whether a row of a given matrix holds the weights into one unit.
    told:    texts of the line that is being read of which it is known what they are; below: answers below the heading.
    waiting: what only the whole sheet tells.
    sequence: the lines that were answered, in this order; None for an open one.
    errors:   what the deltas of hidden units are called, where that is “error”.
    strange:  lines whose names stand beside the working of others, so that they mean something else on this sheet.
    labels:   of each line, the label, its place, and whether it was completed by what stands around it.
    """

    found: Answers
    sheet: SourceTable
    heading: str = ""
    context: Wording = NOTHING
    carried: Wording | None = None
    turned: bool | None = None
    waiting: Waiting = field(default_factory=Waiting)
    below: int = 0
    told: list[str] = field(default_factory=list)
    sequence: list[Quantity | None] = field(default_factory=list)
    errors: set[str] = field(default_factory=set)
    strange: set[Quantity] = field(default_factory=set)
    labels: dict[Quantity, tuple[str, str, bool]] = field(default_factory=dict)

    @property
    def after(self) -> bool:
        """Whether the lines stand under a heading such as “Check run”."""
        renewed = bool(self.waiting.bare) or self.renewed_weights()
        return self.context.new or ("check" in self.context.roles and renewed)

    def renewed_weights(self) -> bool:
        """Whether a new weight has been answered."""
        return any(q.updated and q.kind in PARAMETERS for q in self.found.texts)

    @property
    def names(self) -> Names:
        """The names of the problem."""
        return self.found.source.names

    def line_of(self, name: str, around: Wording, last: Quantity | None = None) -> Quantity | None:
        """The line that a name means below a heading and behind a label.

        last: the loss slope that stands before it on its line.
        """
        found = self._line_of(name, around, last)
        again = around is not self.context and around.new and bool(around.roles & _RERUN)
        return self.renewed_line(found) if again and found is not None else found

    def _line_of(self, name: str, around: Wording, last: Quantity | None) -> Quantity | None:
        labels = self.names.vocabulary
        label = labels.find(name)
        if label is not None and label.roles == {"out"} and not label.unit and around.meant - {"out", "loss"}:
            outputs = self.found.source.problem.network.outputs
            only = outputs[0] if len(outputs) == 1 else 0
            return labels.complete(Wording(unit=only), around)  # “output” below “Deltas” is a place
        about_loss = label is not None and label.meant == {"loss"} and not (label.whole or label.unit)
        if about_loss and around.unit and not _OF_NETWORK.search(name):
            hidden = around.unit not in self.found.source.problem.network.outputs
            self.errors |= {name.lower()} if hidden else set()
            if hidden or name.lower() in self.errors:
                return labels.complete(
                    Wording(frozenset({"delta"}), around.unit), NOTHING
                )  # the error of a unit
        if label is not None and around.unit and not (label.unit or label.parameter):
            completed = labels.complete(label, around)
            if completed is not None or label.whole is None:
                return completed
        if label is not None and label.meant == {"slope"} and label.unit:
            of_loss = loss_slope(label.unit)
            slope = activation_slope(label.unit)
            return slope if (of_loss in self.found.texts or of_loss == last) and self.line(slope) else None
        found = self.names.find(name)
        if found is None and around.layer and not (label is not None and (label.unit or label.parameter)):
            label = labels.in_layer(name, around.layer) or label
        if found is None:
            return labels.complete(label, around) if label is not None else None
        return found

    def head(self, line: str) -> None:
        """See a line that holds no answer; it may be a heading."""
        text = line.strip("#*-_=:. \t")
        if not text or len(text) > LONGEST_HEADING:
            return
        said = self.names.vocabulary.heading(text) if not _NOT_DONE.search(text) else NOTHING
        if said.unit and len(text.split()) > _FEW:
            said = replace(said, unit=0)  # it is spoken of several
        if "forward" in said.roles and "old" in said.roles:
            said = replace(said, roles=said.roles - {"old", "weight"})  # “forward pass (old weights)”
        elif "forward" in said.roles and not said.new and self.renewed_weights():
            said = replace(said, new=True, roles=said.roles | {"rerun"})
        if self.context.unit and not said.unit and _WHOLE.search(text):
            self.context = replace(self.context, unit=0)  # “whole network”, below the units one by one
        if (under := self.under(said)) is not self.context:
            self.context, self.heading, self.below = under, clean(text, 40), 0

    def under(self, said: Wording) -> Wording:
        """What holds below a heading: a unit or a layer goes on with what was spoken of, anything else begins anew."""
        if said.roles & {"unit", "hidden", "outer"}:
            said = said.of_neuron()
        if said.meant or said.new or said.roles & _PARTS:
            return said
        if said.roles & {"weight", "bias"}:
            return NOTHING  # of the weights something is said, and it is not known what
        if said.unit or said.layer:
            return replace(self.context, unit=said.unit, layer=said.layer)
        return self.context

    def title(self, row: Sequence[str]) -> None:
        """What stands above a table: “Name” beside a name, “Name: …” in one cell, or a heading."""
        filled = [cell.strip() for cell in row if cell.strip()]
        if len(filled) == 2 and who(filled[0]) is not None:  # noqa: PLR2004 - a name and a value
            self.found.named(filled[0], filled[1])
            return
        for cell in filled:
            name, colon, value = cell.partition(":")
            if colon and who(name) is not None:
                self.found.named(name, value.strip())
        if len(filled) == 1:
            self.head(filled[0])

    def prose(self, line: str, place: str) -> None:
        """A line without a relation that speaks of an answer is told, lest it be lost."""
        if not NUMBER_IN.search(line):
            return
        self.leave(line, place)
        if len(line) > 2 * LONGEST_HEADING:
            return
        if (
            len(NUMBER_IN.findall(line)) > 1
            or _ANSWER.search(line)
            or in_words(line, self.found.source.names)
        ):
            what = f"“{clean(line, 60)}” holds a number, but no “name = value”; not read"
            self.sheet.complain(place, what)

    def unread(self, piece: NamedAnswer, place: str) -> None:
        """Say that an answer was not read, as its name is none of a line; a given value that is copied is no answer."""
        if not self.is_a_given(piece.text):
            self.leave(f"{piece.name} = {piece.text}", place)
        self.sheet.unknown(place, piece.name)

    def wait(self, piece: NamedAnswer, place: str, weak: Quantity | None = None) -> None:
        """Leave an answer open until the whole sheet is known."""
        self.told.append(piece.text)
        self.waiting.open.append(Open(piece.name, piece.text, place, len(self.sequence), weak))
        self.sequence.append(None)

    def rest(self, line: str, place: str) -> None:
        """Note a line that holds a number of which nothing was made, lest it be lost without a word."""
        if NUMBER_IN.search(line):
            known = " ".join(self.told)
            left = [found[0] for found in _WHOLE_NUMBER.finditer(line) if found[0] not in known]
            if left and not all(self.is_a_given(number) for number in left):
                self.leave(line, place)
        self.told.clear()

    def is_a_given(self, number: str) -> bool:
        """Whether a number is one of the values that the sheet gives."""
        found = read_number(number)
        values = self.found.source.problem.values.values()
        return isinstance(found, Typed) and (found.value in values or -found.value in values)

    def lost(self, name: str, cells: str, place: str) -> None:
        """Say of a row in a table that its name is none of a line; `cells` stand beside it."""
        self.leave(f"{name} {cells}", place)
        self.sheet.unknown(place, name)

    def leave(self, text: str, place: str) -> None:
        """Note a piece that looks like an answer and was not read."""
        self.told.append(text)
        self.found.leave(text, self.sheet.at(place))

    # --- which line is meant ---

    def meant(self, quantity: Quantity, piece: NamedAnswer) -> Quantity:
        """The line: below “Check run” a repeated a₃ is the new one; a y₃′ made from y₃ is the slope."""
        if quantity.updated and quantity.kind is QuantityKind.ACTIVATION and _PRIMED.search(piece.name):
            return self.slope(quantity, piece.text)
        new = quantity.after_update()
        if quantity.updated:
            if quantity.kind in PARAMETERS and self.names.find(piece.name) is None and self.context.new:
                self.say(
                    f"{quantity.before_update().name} below “{self.heading}” was taken for {quantity.name}."
                )
            return quantity
        rerun = self.after and bool(self.context.roles & _RERUN)
        if not rerun and self.is_said_already(quantity, piece):
            return quantity
        if not self.after or not (rerun or self.found.texts.get(quantity)) or not self.line(new):
            return quantity
        self.say(f"{quantity.name} below “{self.heading}” was taken for {new.name}.")
        return new

    def renewed_line(self, quantity: Quantity) -> Quantity:
        """The line after the update, where a quantity stands below “check run”."""
        new = quantity.after_update()
        return new if quantity.kind in FORWARD and self.line(new) else quantity

    def doubled(self, quantity: Quantity, piece: NamedAnswer) -> bool:
        """Whether a line is repeated where that of the check run is expected, and no heading tells which is meant."""
        held, new = self.found.texts.get(quantity), quantity.after_update()
        free = self.line(new) and new not in self.found.texts
        if self.after or piece.corrects or quantity.updated or held == piece.text or not free:
            return False
        if self.is_said_already(quantity, piece):
            return False
        return bool(self.waiting.bare) or self.renewed_weights() if held else self._is_late(quantity)

    def is_said_already(self, quantity: Quantity, piece: NamedAnswer) -> bool:
        """Whether a line has this very answer: its working comes behind a list of all answers."""
        told = set(standing(piece.text))
        return bool(told) and told <= set(standing(self.found.texts.get(quantity) or ""))

    def _is_late(self, quantity: Quantity) -> bool:
        """Whether a line stands behind new weights whose forward pass stands above them, without it."""
        weights = [i for i, q in enumerate(self.sequence) if q and q.updated and q.kind in PARAMETERS]
        before = self.sequence[: weights[0]] if weights else []
        above = sum(q is not None and q.kind in FORWARD and not q.updated for q in before)
        alone = quantity.kind is QuantityKind.LOSS and not self.waiting.again  # the loss may come last
        return quantity.kind in FORWARD and above >= _PASS and not alone

    def slope(self, quantity: Quantity, text: str) -> Quantity:
        """What y₃′ is: the slope where its working is made from y₃ alone or nothing is new so far, else the new y₃."""
        slope = activation_slope(quantity.unit)
        back = "backward" in self.context.roles or self.context.meant & {"delta", "slope"}
        if back or not (self.after or any(q.updated for q in self.found.texts) or self.waiting.bare):
            return slope if self.line(slope) and slope not in self.found.texts else quantity
        if self.names.find(text.partition("=")[0].strip()) == slope:
            return slope  # y5′ = dy5/da5 = …
        read = read_answer(text, self.found.source.names)
        used = {q for link in read.links for q in leaves(link)} if isinstance(read, Working) else set()
        return slope if used == {quantity.before_update()} and self.line(slope) else quantity

    def renewed(self, piece: NamedAnswer) -> Quantity | None:
        """A weight below “Update” with another value than the given one: the new weight."""
        given = self.found.source.names.anything(piece.name)
        if not self.after or given is None or given.kind not in PARAMETERS or given.updated:
            return None
        new = given.after_update()
        if not self.line(new) or self.answers_given(given, piece.text):
            return None
        self.say(f"{given.name} below “{self.heading}” was taken for {new.name}.")
        return new

    def line(self, quantity: Quantity) -> bool:
        """Whether a quantity is a line of the problem."""
        return quantity in self.found.source.problem.graph.by_quantity

    def say(self, remark: str) -> None:
        """Remark something, once."""
        if remark not in self.found.remarks:
            self.found.remarks.append(remark)

    # --- what is no answer ---

    def answers_given(self, quantity: Quantity, text: str) -> bool:
        """Whether the answer in a text is the given value, or none at all."""
        read = read_answer(text, self.found.source.names)
        number = read.answer if isinstance(read, Working) else read
        return not isinstance(number, Typed) or self.found.source.problem.values.get(quantity) == number.value

    def is_given(self, quantity: Quantity, text: str) -> bool:
        """Whether a text is the given value of a quantity."""
        values: Mapping[Quantity, Decimal] = self.found.source.problem.values
        number = read_number(re.split(r"[;\s]", text.strip(), maxsplit=1)[0].rstrip(",."))
        return isinstance(number, Typed) and values.get(quantity) == number.value


def has_digit(text: str) -> bool:
    """Whether there is a digit, so that it may be an answer."""
    return any(c.isdecimal() for c in text)
