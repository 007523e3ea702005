"""`{"a3": "0.3775", …}` or a list of such, each with `"student"`. Numbers keep the digits that were typed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from exercises.formulas.quantity import QuantityKind
from grader.answers.lexicon import ROLES
from grader.answers.numbers import Typed, clean, read_number
from grader.files.extraction.accounted import account, account_unread
from grader.files.extraction.decode import decode
from grader.files.extraction.keeper import Keeper
from grader.files.extraction.labelled import is_weak
from grader.files.extraction.named_answer import NamedAnswer
from grader.files.extraction.source import MAX_ANSWER, MAX_STUDENTS, Answers, SourceTable
from grader.files.extraction.submission import Reading
from grader.files.extraction.vectors import keep_list
from grader.files.labels.groups import dropped, member
from grader.files.labels.headings import who
from grader.files.labels.identity import code_in
from grader.files.labels.nested import LABELS, label_of, line_in, of_record, role_of, together, told

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from grader.answers.names import Names
    from grader.answers.worded import Wording
    from grader.files.extraction.source import Source

MAX_VALUES = 1_000_000
DEEPEST = 6  # groups within groups
NAME_KEYS = frozenset({"q", "id", "key", "label", "title"})
VALUE_KEYS = frozenset({"response", "ans", "val"})
_ASIDE = frozenset({"working", "remark"})


class _Number(str):
    """A number as it stands in the file, with every digit that was typed."""

    __slots__ = ()


class JsonPairs:
    """An object's pairs in order, repeated names included."""

    __slots__ = ("pairs",)

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        self.pairs = pairs

    def get(self, name: str) -> Any:
        """The last value of a name, or None."""
        return next((value for key, value in reversed(self.pairs) if key == name), None)


def load(data: bytes, complain: Callable[[str], None] | None = None) -> Any:
    """What a JSON file holds, its objects as `JsonPairs`; None, and a complaint, if it is not valid."""
    text = decode(data)
    fault = f"more than {MAX_VALUES:,} values; not read"
    if text.count(",") + text.count("[") + text.count("{") <= MAX_VALUES:
        try:
            return json.loads(
                text,
                parse_float=_Number,
                parse_int=_Number,
                parse_constant=_Number,
                object_pairs_hook=JsonPairs,
            )
        except (ValueError, RecursionError) as error:
            fault = f"not valid JSON ({clean(str(error), 100)})"
    if complain is not None:
        complain(fault)
    return None


def read(data: bytes, source: Source) -> Reading:
    """Every object in the file."""
    reading = Reading()
    content = load(data, lambda fault: source.complain(reading, "", fault))
    if reading.complaints:
        return reading
    if isinstance(content, list) and len(content) > 1 and all(_listed(e, source) for e in content):
        content = JsonPairs([("answers", content)])
    several = isinstance(content, list)
    entries = content if several else [content]
    if not entries:
        source.complain(reading, "", "no answers in it")
    read_entries(
        [(number if several else 0, entry) for number, entry in enumerate(entries, 1)], source, reading
    )
    return reading


def read_entries(entries: Sequence[tuple[int, object]], source: Source, reading: Reading) -> None:
    """Some entries of a list, each with its number; 0 where a file is one entry."""
    for number, entry in entries[:MAX_STUDENTS]:
        place = f"entry {number}" if number else ""
        if isinstance(entry, JsonPairs):
            _entry(entry, place, source, reading)
        else:
            source.complain(reading, place, "expected an object of names and answers")
    if len(entries) > MAX_STUDENTS:
        source.complain(reading, "", f"only the first {MAX_STUDENTS:,} entries are read")


def _entry(entry: JsonPairs, place: str, source: Source, reading: Reading) -> None:
    found = Answers(source)
    source.names.observe("\n".join(_keys(entry)))
    _group(entry, "", found, _Place(place, reading))
    sheet = SourceTable(source, reading, place)
    written = list(_leaves(entry))
    answers, remarks = (
        [(at, text) for at, text, aside in written if aside == kind] for kind in (False, True)
    )
    if not found.texts:
        source.complain(reading, place, "no answer to a line of this problem found")
        account_unread(answers, sheet)
        return
    account(answers, found, sheet, remarks)
    count = len(reading.submissions)
    fallback = source.path.stem + (f"-{count + 1}" if count else "")
    reading.submissions.append(found.submission(place, student=fallback))


class _Place(NamedTuple):
    """Where complaints go, and how deep in the file."""

    name: str
    reading: Reading
    depth: int = 0
    labels: tuple[Wording, ...] = ()  # what the keys above say, and the record that it stands in
    path: str = ""  # of keys

    @property
    def around(self) -> Wording:
        """What all the keys above say together."""
        return together(self.labels)

    def at(self, key: str) -> str:
        """The place of a key."""
        return f"{self.name}, key {self.path}{clean(key, 40)}".lstrip(", ")

    def below(self, heading: str, entry: object, names: Names) -> _Place:
        """The place below a heading, or in an entry that says which unit or weight it is about."""
        labels = (*self.labels, label_of(heading, names)) if heading else self.labels
        if isinstance(entry, JsonPairs) and (fields := told(entry.pairs)):
            labels = (*labels, of_record(fields, names, together(labels)))
        path = f"{self.path}{clean(heading, 40)}." if heading else self.path
        return self._replace(depth=self.depth + 1, labels=labels, path=path)


def _group(entry: JsonPairs, heading: str, found: Answers, place: _Place) -> None:
    """Keep the answers under one heading, and what else stands there."""
    for name, value in sorted(entry.pairs, key=lambda pair: pair[0] == "answers"):
        found.here = place.at(name)
        if who(name) is not None and isinstance(value, JsonPairs) and not heading:
            for key, text in value.pairs:
                if isinstance(text, str) and who(key) is not None:
                    found.named(key, text)
            continue
        if who(name) is not None and not isinstance(value, str):
            continue  # a name or a code that is no text says nothing
        if _opens(name, value, found, place):
            continue
        if who(name) is not None and not heading:
            found.named(name, _text(value))
            continue
        _leaf(heading, name, value, found, place)


def _leaf(heading: str, name: str, value: object, found: Answers, place: _Place) -> None:
    """Keep what stands beside a name: a number, or a list of them."""
    labels = (*place.labels, label_of(name, found.source.names))
    keeper = Keeper(found, SourceTable(found.source, place.reading), context=place.around)
    quantity = line_in(labels, found.source.names)
    if quantity is None:
        quantity = member(heading, name, found.source.names)
    if quantity is None or is_weak(name, keeper):
        quantity = keeper.line_of(name, place.around) or quantity
    if quantity is not None and keeper.after:
        quantity = keeper.renewed_line(quantity)
    if isinstance(value, list) and keep_list(
        NamedAnswer(name, _listing(value), None), found.here, keeper, together(labels)
    ):
        return
    if quantity is None:
        if role_of(name) not in LABELS:
            _unknown(name, value, found, place)
    else:
        found.put(quantity, _text(value))


def _opens(name: str, value: object, found: Answers, place: _Place) -> bool:
    """Whether a value is a group or a list of answers, which is then read."""
    if place.depth >= DEEPEST:
        return False
    source = found.source
    line = source.names.find(name)
    if isinstance(value, JsonPairs):
        listed = _listed(JsonPairs([("quantity", name), *value.pairs]), source) if line is not None else None
        if line is not None and listed:
            found.put(line, _text(listed[1]))
            return True
        if line is not None and not any(member(name, key, source.names) for key, _ in value.pairs):
            return False
        if dropped(name):
            source.complain(place.reading, place.name, f"what stands under “{clean(name, 40)}” is not read")
        else:
            _group(value, name, found, place.below(name, value, source.names))
        return True
    if isinstance(value, list) and line is None and value and all(isinstance(e, JsonPairs) for e in value):
        deeper = place.below(name, None, source.names)
        for entry in value:
            listed = _listed(entry, source)
            if listed is None:
                _group(entry, name, found, deeper.below("", entry, source.names))
            elif (quantity := member(name, listed[0], source.names)) is not None:
                found.put(quantity, _text(listed[1]))
            else:
                _unknown(listed[0], listed[1], found, place)
        return True
    return False


def _listed(entry: object, source: Source) -> tuple[str, object] | None:
    """The name and the answer of an entry such as `{"quantity": "a3", "work": "…", "value": "0.1"}`."""
    if not isinstance(entry, JsonPairs):
        return None
    cells = {key.strip().lower(): value for key, value in entry.pairs}
    name = next(
        (cells[key] for key in cells if _is(key, "name", NAME_KEYS) and isinstance(cells[key], str)), None
    )
    values = [key for key in cells if _is(key, "answer", VALUE_KEYS)]
    if name is None or not values or isinstance(cells[values[0]], (JsonPairs, list)):
        return None
    known = (
        source.names.anything(name) is not None
        or "quantity" in cells
        or source.names.vocabulary.find(name) is not None
    )
    return (name, cells[values[0]]) if known else None


def _is(key: str, role: str, also: frozenset[str]) -> bool:
    return ROLES.get(key) == role or key in also


def _listing(value: list[Any]) -> str:
    """A list, or a list of lists, as it is written."""
    return f"[{', '.join(_listing(one) if isinstance(one, list) else _text(one) for one in value)}]"[
        :MAX_ANSWER
    ]


def _unknown(name: str, value: object, found: Answers, place: _Place) -> None:
    """Say that a name is no line, unless it is a given value or a remark in words."""
    source = found.source
    given = source.names.anything(name)
    if (
        given is not None
        and given in source.problem.values
        and given.kind in (QuantityKind.RATE, QuantityKind.INPUT, QuantityKind.TARGET)
    ):
        number = read_number(_text(value))
        if isinstance(number, Typed) and number.value == source.problem.values[given]:
            return
    if isinstance(value, str) and not any(c.isdecimal() for c in name + value):
        return
    if isinstance(value, str) and code_in(value) == source.problem.code:
        return
    shown = _listing(value) if isinstance(value, list) else _text(value)
    found.leave(f"{name}: {shown}", found.here)
    source.unknown(place.reading, place.name, name)


def _keys(entry: JsonPairs, depth: int = 0) -> Iterator[str]:
    for name, value in entry.pairs[:500]:
        yield name[:200] + (": [" if isinstance(value, list) else "")
        if isinstance(value, JsonPairs) and depth < DEEPEST:
            yield from _keys(value, depth + 1)


def _leaves(entry: JsonPairs) -> Iterator[tuple[str, str, bool]]:
    """Everything that stands in an entry: its place, its text, and whether it is working or a remark."""
    waiting: list[tuple[object, str, bool]] = [(entry, "key ", False)]
    while waiting:
        value, path, aside = waiting.pop()
        if isinstance(value, JsonPairs):
            for name, inner in reversed(value.pairs):
                if who(name) is None and not (isinstance(inner, JsonPairs) and dropped(name)):
                    known = aside or ROLES.get(name.strip().lower()) in _ASIDE
                    waiting.append((inner, f"{path[:200]}{'.' * (path != 'key ')}{clean(name, 40)}", known))
        elif isinstance(value, list):
            waiting += [(inner, path, aside) for inner in reversed(value)]
        else:
            yield path, _text(value), aside


def _text(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else "[not a number]"
