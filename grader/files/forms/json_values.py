"""The values of a JSON file, with every digit that was typed: objects, records, and all that stands in them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from grader.answers.lexicon import ROLES
from grader.answers.numbers import clean
from grader.files.extraction.decode import decode
from grader.files.labels.groups import dropped
from grader.files.labels.headings import PersonPart, who

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from grader.answers.names import Names
    from grader.files.extraction.source import Source

MAX_VALUES = 1_000_000
DEEPEST = 12  # groups within groups in which names are looked for
NAME_KEYS = frozenset({"q", "question", "prompt", "field", "id", "key", "label", "title"})
VALUE_KEYS = frozenset({"response", "ans", "val"})
_HEADS = frozenset({"columns", "header", "headers", "head", "fields"})
_ROWS = frozenset({"rows", "data", "values", "body", "table"})
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


def listed(entry: object, source: Source) -> tuple[str, object] | None:
    """The name and the answer of an entry such as `{"quantity": "a3", "work": "…", "value": "0.1"}`."""
    if not isinstance(entry, JsonPairs):
        return None
    cells = {key.strip().lower(): value for key, value in entry.pairs}
    written = [cells[key] for key in cells if _is(key, "name", NAME_KEYS) and isinstance(cells[key], str)]
    name = _name(written, source.names)
    values = [key for key in cells if _is(key, "answer", VALUE_KEYS)]
    if name is None or not values or isinstance(cells[values[0]], (JsonPairs, list)):
        return None
    known = (
        source.names.anything(name) is not None
        or "quantity" in cells
        or source.names.vocabulary.find(name) is not None
    )
    return (name, cells[values[0]]) if known else None


def _name(written: Sequence[str], names: Names) -> str | None:
    """The name that fields such as “name” and “symbol” give together: that of one line, or parts of one."""
    lines = {q: name for name in reversed(written) if (q := names.find(name)) is not None}
    if len(lines) == 1:
        return next(iter(lines.values()))
    whole = " ".join(written)
    together = len(written) > 1 and (lines or names.vocabulary.find(whole) is not None)
    return whole if together else next(iter(written), None)


def _is(key: str, role: str, also: frozenset[str]) -> bool:
    return ROLES.get(key) == role or key in also


def as_records(value: Any) -> Any:
    """A table, `{"columns": ["unit", "a"], "rows": [[3, 0.1], …]}`, or pairs, `[["a3", 0.1], …]`, as records."""
    if isinstance(value, JsonPairs):
        parts: dict[str, Any] = {
            "head" if key.lower() in _HEADS else "rows": one
            for key, one in value.pairs
            if key.lower() in _HEADS | _ROWS
        }
        head, rows = parts.get("head"), parts.get("rows")
        if (
            head
            and rows
            and _is_row(head)
            and isinstance(rows, list)
            and all(isinstance(row, list) for row in rows)
        ):
            return [JsonPairs(list(zip(head, row, strict=False))) for row in rows]
    elif isinstance(value, list) and len(value) > 1 and all(_is_pair(one) for one in value):
        return [JsonPairs([(name, number)]) for name, number in value]
    return value


def _is_row(head: Any) -> bool:
    return isinstance(head, list) and len(head) > 1 and all(isinstance(name, str) for name in head)


def _is_pair(one: Any) -> bool:
    pair = isinstance(one, list) and len(one) == 2  # noqa: PLR2004 - a name and a number
    return pair and isinstance(one[0], str) and not isinstance(one[0], _Number)


def names_in(entry: object, depth: int = 0) -> Iterator[str]:
    """The names in an entry, and the remarks, as lines in which it is seen how names are written."""
    if isinstance(entry, list):
        for inner in entry[:500]:
            yield from names_in(inner, depth + 1) if depth < DEEPEST else ()
    elif isinstance(entry, JsonPairs):
        for name, value in entry.pairs[:500]:
            yield name[:200]
            if _holds_list(value):
                yield f"{name[:200]}: ["
            elif isinstance(value, str) and " " in value:
                yield value[:200]
            yield from names_in(value, depth + 1) if depth < DEEPEST else ()


def _holds_list(value: object) -> bool:
    """Whether a value is a list of numbers, or a record of such lists."""
    inner = [one for _, one in value.pairs] if isinstance(value, JsonPairs) else [value]
    return any(isinstance(one, list) and not any(isinstance(e, JsonPairs) for e in one) for one in inner)


def of_student(name: str, value: object = "") -> bool:
    """Whether a name announces the student or the problem; a mere number does not here, and no “section” of answers."""
    kind = None if name.strip().isdecimal() else who(name)
    return kind is not None and not (kind is PersonPart.META and isinstance(value, (JsonPairs, list)))


def leaves(entry: JsonPairs) -> Iterator[tuple[str, str, bool]]:
    """Everything that stands in an entry: its place, its text, and whether it is working or a remark."""
    waiting: list[tuple[object, str, bool]] = [(entry, "key ", False)]
    while waiting:
        value, path, aside = waiting.pop()
        if isinstance(value, JsonPairs):
            beside = [key for key, _ in value.pairs]
            for name, inner in reversed(value.pairs):
                if not (of_student(name, inner) or (isinstance(inner, JsonPairs) and dropped(name, beside))):
                    known = aside or ROLES.get(name.strip().lower()) in _ASIDE
                    waiting.append((inner, f"{path[:200]}{'.' * (path != 'key ')}{clean(name, 40)}", known))
        elif isinstance(value, list):
            waiting += [(inner, path, aside) for inner in reversed(value)]
        else:
            yield path, text_of(value), aside


def text_of(value: object) -> str:
    """A value as it is written; an object or a list is no number."""
    if value is None:
        return ""
    return value if isinstance(value, str) else "[not a number]"
