"""The answers in one entry of a JSON file, however it is nested: every number by all labels on the way to it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from grader.answers.numbers import Typed, clean, read_number
from grader.answers.worded import NOTHING, Wording
from grader.files.extraction.keeper import FORWARD, Keeper
from grader.files.extraction.labelled import is_weak
from grader.files.extraction.named_answer import NamedAnswer
from grader.files.extraction.source import MAX_ANSWER, Answers
from grader.files.extraction.standing import standing
from grader.files.extraction.vectors import keep_list
from grader.files.forms.json_values import JsonPairs, as_records, listed, of_student, text_of
from grader.files.forms.text import lines
from grader.files.labels.groups import dropped, is_the_whole, second_of
from grader.files.labels.headings import who
from grader.files.labels.identity import code_in
from grader.files.labels.nested import (
    LABELS,
    between,
    is_label,
    label_of,
    layer_of,
    line_in,
    of_record,
    role_of,
    together,
    told,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exercises.formulas.quantity import Quantity
    from grader.answers.names import Names
    from grader.files.extraction.source import SourceTable

DEEPEST = 6  # groups within groups
_RELATED = re.compile(r"[^\W\d]\S*\s*[=≈:].*\d", re.DOTALL)
_END = re.compile(r"(?:(?:from|to|x|h|o|unit|input) ?)?\d{1,2}", re.IGNORECASE)
_LETTERS = {"h": 1, "o": 2}
_TERMS = re.compile(r"(?:(?:via|by|per)[ _]?)?(?:paths?|terms?|via|contributions?)", re.IGNORECASE)


class Nest(NamedTuple):
    """A group of names within others.

    labels:  what the keys above say, and the record that it stands in.
    path:    the keys.
    heading: the last key.
    terms:   whether its keys are the paths of a sum.
    """

    labels: tuple[Wording, ...] = ()
    path: str = ""
    depth: int = 0
    heading: str = ""
    terms: bool = False

    def at(self, key: str) -> str:
        """The place of a key."""
        return f"key {self.path}{clean(key, 40)}"

    def after_update(self) -> Nest:
        """The same of the values after the update."""
        return self._replace(labels=(*self.labels, Wording(new=True)))

    def below(self, heading: str, entry: object, names: Names) -> Nest:
        """The group below a heading, or an entry that says which unit or weight it is about."""
        labels = (*self.labels, label_of(heading, names, together(self.labels))) if heading else self.labels
        keys: list[Wording] = []
        if isinstance(entry, JsonPairs):
            if fields := told(entry.pairs):
                labels = (*labels, of_record(fields, names, together(labels)))
            keys = [label_of(key, names, NOTHING) for key, _ in entry.pairs]
        terms = _TERMS.fullmatch(heading) is not None or any(key.via and not key.meant for key in keys)
        path = f"{self.path}{clean(heading, 40)}." if heading else self.path
        return Nest(labels, path, self.depth + 1, heading, terms)


class NestedAnswers:
    """Gathers the answers of one entry."""

    def __init__(self, found: Answers, sheet: SourceTable) -> None:
        self.found, self.sheet = found, sheet
        self.names = found.source.names
        self.paths: dict[Quantity, str] = {}
        self.unclear: set[Quantity] = set()

    def group(self, entry: JsonPairs, nest: Nest) -> None:
        """Keep the answers under one heading, and what else stands there."""
        fields = told(entry.pairs) if nest.depth else {}
        second = second_of([key for key, _ in entry.pairs])
        for name, written in sorted(entry.pairs, key=lambda pair: pair[0] == "answers"):
            self.found.here = self.sheet.at(nest.at(name))
            if self._of_student(name, written, nest) or is_label(name, written, fields):
                continue
            value = as_records(written)
            if (name == second or self._is_rerun(name, value)) and isinstance(value, JsonPairs):
                self.group(value, nest.below(name, value, self.names).after_update())
            elif isinstance(value, JsonPairs) and nest.depth < DEEPEST:
                self._object(name, value, nest, [key for key, _ in entry.pairs])
            elif isinstance(value, list) and value and all(isinstance(e, JsonPairs) for e in value):
                self._records(name, value, nest)
            else:
                self._leaf(name, value, nest)

    def _is_rerun(self, name: str, value: object) -> bool:
        """Whether a group under a strange name holds again most of a forward pass, behind new weights: the check run."""
        if not isinstance(value, JsonPairs) or label_of(name, self.names, NOTHING) != NOTHING:
            return False
        lines = [self.names.find(key) for key, _ in value.pairs]
        again = {q for q in lines if q is not None and q.kind in FORWARD and not q.updated}
        keeper = self._keeper(Nest())
        second = [q for q in self.names.problem.graph.by_quantity if q.updated and q.kind in FORWARD]
        return len(again) == len(lines) and 2 * len(again) > len(second) > 0 and keeper.renewed_weights()

    def _of_student(self, name: str, value: object, nest: Nest) -> bool:
        """Whether a name tells of the student or the problem; that is kept."""
        if not of_student(name, value) or (nest.depth and isinstance(value, (JsonPairs, list))):
            return False
        if isinstance(value, JsonPairs):
            for key, text in value.pairs:
                if isinstance(text, str) and who(key) is not None:
                    self.found.named(key, text)
        elif isinstance(value, str) and not nest.depth:
            self.found.named(name, text_of(value))
        elif isinstance(value, str):
            return role_of(name) == "" and self.names.find(name) is None
        return True

    def _object(self, name: str, value: JsonPairs, nest: Nest, beside: Sequence[str]) -> None:
        """A group; or an answer with its working, `{"a3": {"work": …, "result": …}}`."""
        single = listed(JsonPairs([("quantity", name), *value.pairs]), self.found.source)
        if single is not None and (q := self._line(name, nest)) is not None:
            self._put(q, text_of(single[1]), nest)
        elif dropped(name, beside):
            self.sheet.complain("", f"what stands under “{clean(name, 40)}” is not read")
        elif (q := self.names.find(name)) is not None and not self._tells(value):
            self._put(q, text_of(value), nest)  # no number
        else:
            self.group(value, nest.below(name, value, self.names))

    def _tells(self, entry: JsonPairs) -> bool:
        """Whether any name in a group is known, or may be that of a group."""
        keys = [key for key, value in entry.pairs if not isinstance(value, (JsonPairs, list))]
        known = (
            is_the_whole(key) or label_of(key, self.names, NOTHING, whole=True) != NOTHING for key in keys
        )
        return len(keys) < len(entry.pairs) or any(known)

    def _records(self, name: str, entries: Sequence[JsonPairs], nest: Nest) -> None:
        """A list of records, each about a unit, a weight or a line."""
        outer = nest.below(name, None, self.names)
        units = self._units(name, together(outer.labels), entries)
        for number, entry in enumerate(entries, 1):
            inner = outer.below("", entry, self.names)
            if units:
                inner = inner._replace(labels=(*inner.labels, Wording(unit=units[number - 1])))
            inner = inner._replace(path=f"{nest.path}{clean(name, 40)}[{number}].", depth=nest.depth + 1)
            self.found.here = self.sheet.at(inner.at("").rstrip("."))
            single = listed(entry, self.found.source)
            if single is None:
                self.group(entry, inner)
            else:
                self._leaf(single[0], single[1], inner)

    def _list(self, name: str, value: list[Any], nest: Nest, said: Wording) -> bool:
        """Keep the numbers of a list, each on its line; whether it is certain how it lies."""
        apart = Answers(self.found.source)
        keeper = Keeper(apart, self.sheet, context=together(nest.labels))
        if not keep_list(NamedAnswer(name, _listing(value), None), "", keeper, said):
            return False
        for quantity, text in apart.texts.items():
            self._put(quantity, text, nest)
        return True

    def _units(self, name: str, around: Wording, entries: Sequence[JsonPairs]) -> Sequence[int]:
        """The units of a layer that is spoken of, where its records do not say which they are about but are as many."""
        layers = self.names.problem.network.layers
        at = layer_of(around, len(layers))
        at = _LETTERS.get(name.lower(), at) if len(layers) == 3 else at  # noqa: PLR2004 - h and o of one hidden layer
        silent = not any(told(entry.pairs) for entry in entries)
        return layers[at] if at and silent and len(layers[at]) == len(entries) else ()

    def _leaf(self, name: str, value: object, nest: Nest) -> None:
        """Keep what stands beside a name: a number, or a list of them."""
        label = self._label(name, nest)
        listed = isinstance(value, list) or (label.layer and "bias" in label.roles)  # b2 beside a list b1
        written = value if isinstance(value, list) else [value]
        if listed and self._list(name, written, nest, together((*nest.labels, label))):
            return
        quantity = self._line(name, nest)
        if quantity is None and self._as_text(name, value):
            return
        if quantity is not None:
            self._put(quantity, text_of(value), nest)
        elif role_of(name) not in LABELS:
            self._unknown(name, value)

    def _as_text(self, name: str, value: object) -> bool:
        """Read lines of text, `["a3 = 0.755", …]`, below the name that they have; whether there was any."""
        written = value if isinstance(value, list) else [value]
        if not written or not all(isinstance(one, str) and _RELATED.search(one) for one in written):
            return False
        before = len(self.found.texts)
        plain = name.replace("_", " ")
        lines("\n".join([plain, *written]), self.found, replace(self.sheet, name=self.found.here))
        return len(self.found.texts) > before

    def _label(self, name: str, nest: Nest) -> Wording:
        """What the innermost key says; nothing where it is but “value”, or unknown."""
        if (q := self._between(nest.heading, name)) is not None:
            return Wording(parameter=q)
        if nest.terms and name.strip().isdecimal():
            return Wording(frozenset({"slope", "loss"}), via=int(name))
        said = label_of(name, self.names, together(nest.labels), whole=True)
        if said.via and nest.terms and not said.meant:
            return replace(said, roles=said.roles | {"slope", "loss"})
        if is_the_whole(name) and together(nest.labels).meant == {"loss"}:
            return Wording(frozenset({"total"}))
        if nest.terms and is_the_whole(name):
            return Wording(frozenset({"slope", "loss"}))
        return replace(said, roles=said.roles - {"old"}) if said.roles == {"old"} and nest.labels else said

    def _between(self, outer: str, inner: str) -> Quantity | None:
        """The weight that two keys in each other tell by its ends: `{"1": {"3": …}}`, `{"from 1": {"to 3": …}}`."""
        ends = [_END.fullmatch(key.strip().replace("_", " ")) for key in (outer, inner)]
        return between(outer.replace("_", " "), inner.replace("_", " "), self.names) if all(ends) else None

    def _line(self, name: str, nest: Nest) -> Quantity | None:
        """The line that a name means in its groups."""
        label, keeper = self._label(name, nest), self._keeper(nest)
        tells = label != NOTHING or is_the_whole(name) or role_of(name) in ("answer", "old")
        quantity = line_in((*nest.labels, label), self.names) if tells else None
        if quantity is None or is_weak(name, keeper):
            quantity = keeper.line_of(name, keeper.context) or quantity
        return keeper.renewed_line(quantity) if quantity is not None and keeper.after else quantity

    def _keeper(self, nest: Nest) -> Keeper:
        return Keeper(self.found, self.sheet, context=together(nest.labels))

    def _put(self, quantity: Quantity, text: str, nest: Nest) -> None:
        """Keep an answer; where another group has another number for it, nothing tells which counts."""
        held, path = self.found.texts.get(quantity, ""), self.paths.get(quantity, nest.path)
        other = set(standing(held)) - set(standing(text))
        if held and other and path != nest.path and not nest.path.startswith("answers"):
            place = self.found.places.get(quantity, "")
            self.found.leave(f"{quantity.name} = {held}", place)
            self.found.leave(f"{quantity.name} = {text}", self.found.here)
            what = f"{quantity.name} stands in another group with another number; neither counts"
            self.sheet.complain(self.found.here, what)
            del self.found.texts[quantity]
            self.unclear.add(quantity)
        elif quantity in self.unclear:
            self.found.leave(f"{quantity.name} = {text}", self.found.here)
        else:
            self.found.put(quantity, text)
            self.paths[quantity] = nest.path

    def _unknown(self, name: str, value: object) -> None:
        """Say that a name is no line, unless it is a given value or a remark in words."""
        source = self.found.source
        given, text = source.names.anything(name), text_of(value)
        number = read_number(text)
        if (
            given is not None
            and isinstance(number, Typed)
            and number.value == source.problem.values.get(given)
        ):
            return
        if isinstance(value, str) and not any(c.isdecimal() for c in name + value):
            return
        if isinstance(value, str) and code_in(value) == source.problem.code:
            return
        shown = _listing(value) if isinstance(value, list) else text
        self.found.leave(f"{name}: {shown}", self.found.here)
        self.sheet.unknown("", name)


def _listing(value: list[Any]) -> str:
    """A list, or a list of lists, as it is written."""
    written = ", ".join(_listing(one) if isinstance(one, list) else text_of(one) for one in value)
    return f"[{written}]"[:MAX_ANSWER]
