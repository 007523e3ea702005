"""Files that hold answers to several problems: parted by the codes in them, each part for one kind of problem.

A row of a table, or an entry of a list, belongs to the problem whose code it bears. Problems of one kind, such as
each student's own draw of one exercise, have the same names, and stay together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from grader.files.extraction.decode import decode
from grader.files.extraction.source import SourceTable
from grader.files.extraction.submission import Reading
from grader.files.forms import json_form, json_values, moodle_responses, workbook
from grader.files.forms.table import read_rows
from grader.files.labels.headings import PersonPart, who
from grader.files.labels.identity import CODE, code_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from grader.files.extraction.source import Source
    from grader.files.registry import FileForm

    Row = tuple[int, Sequence[str]]
    Read = Callable[[Source], Reading]

_HEAD_WITHIN = 10  # rows in which the headings may stand
_SEVERAL = 2


class FileParts(NamedTuple):
    """Each kind of problem of which a file holds answers, and what reads them; nothing unless there are several.

    strangers: the first place of each code that no problem here has, by the code.
    """

    kinds: list[tuple[str, Read]]
    strangers: dict[str, str]


NONE = FileParts([], {})


def parts(form: FileForm, data: bytes, kinds: Mapping[str, str]) -> FileParts:
    """The parts of a file.

    kinds: a stand-in's code for the code of each problem.
    """
    quiz = form.holds == "rows" and b"esponse 1" in data if form.plain else form.holds == "rows"
    if form.plain and not quiz and not _names_several(decode(data), kinds):
        return NONE
    match form.holds:
        case "rows":
            tables = form.tables(data)
            found = _of_quiz(tables, kinds) if quiz else NONE
            return found if found.kinds else _of_tables(tables, kinds)
        case "entries":
            return _of_entries(form.load(data), kinds)
    return NONE


def _names_several(text: str, kinds: Mapping[str, str]) -> bool:
    return len({kinds.get(code) for code in set(CODE.findall(text.upper()))} - {None}) >= _SEVERAL


def _of_tables(tables: Sequence[tuple[str, Sequence[Row]]], kinds: Mapping[str, str]) -> FileParts:
    found: dict[str, list[tuple[str, list[Row]]]] = {}
    strangers: dict[str, str] = {}
    for name, rows in tables:
        where = _code_column(rows, kinds)
        for code, part in _parted(rows, where, kinds) if where else ():
            if code in kinds:
                found.setdefault(code, []).append((name, part))
            else:
                place = f"row {part[-1][0]}"
                strangers.setdefault(code, f"{workbook.called(name)}, {place}" if name else place)
    return FileParts([(kind, _table_reader(of)) for kind, of in found.items()], strangers) if found else NONE


def _of_quiz(tables: Sequence[tuple[str, Sequence[Row]]], kinds: Mapping[str, str]) -> FileParts:
    """The exercises of a Moodle quiz that holds several: each student's row, once for each of their codes."""
    found: dict[tuple[str, int], list[tuple[str, list[Row]]]] = {}
    for name, rows in tables:
        top = next(
            (n for n, (_, row) in enumerate(rows[:_HEAD_WITHIN]) if moodle_responses.columns(row)), None
        )
        if top is None:
            continue
        columns = moodle_responses.columns(rows[top][1])
        own: dict[tuple[str, int], list[Row]] = {}
        for number, row in rows[top + 1 :]:
            codes = {n: columns.code(n, row) for n in columns.responses}
            met: dict[str, int] = {}
            for code in dict.fromkeys(code for code in codes.values() if code in kinds):
                others = {n for n, one in codes.items() if one != code}
                gone = {
                    i
                    for which in (columns.responses, columns.questions)
                    for n, i in which.items()
                    if n in others
                }
                kind = kinds[code]
                met[kind] = met.get(kind, -1) + 1
                left = ["" if i in gone else cell for i, cell in enumerate(row)]
                own.setdefault((kind, met[kind]), []).append((number, left))
        for key, part in own.items():
            found.setdefault(key, []).append((name, [rows[top], *part]))
    if len(found) < _SEVERAL:
        return NONE
    return FileParts([(kind, _table_reader(of)) for (kind, _), of in found.items()], {})


def _code_column(rows: Sequence[Row], kinds: Mapping[str, str]) -> tuple[int, int] | None:
    """The row of the headings and the column of the codes, if codes of several kinds stand in one."""
    for top, (_, row) in enumerate(rows[:_HEAD_WITHIN]):
        for column in (i for i, cell in enumerate(row) if who(cell) is PersonPart.CODE):
            codes = {code_in(below[column]) for _, below in rows[top + 1 :] if column < len(below)}
            if len({kinds.get(code) for code in codes} - {None}) >= _SEVERAL:
                return top, column
    return None


def _parted(
    rows: Sequence[Row], where: tuple[int, int], kinds: Mapping[str, str]
) -> Iterator[tuple[str, list[Row]]]:
    """The rows of each kind, or of a code that is none, below the headings; a blank code is the one above."""
    top, column = where
    own: dict[str, list[Row]] = {}
    kind = ""
    for number, row in rows[top + 1 :]:
        code = code_in(row[column]) if column < len(row) else ""
        kind = kinds.get(code, code) if code else kind
        own.setdefault(kind, []).append((number, row))
    for of, part in own.items():
        used = {i for _, row in part for i, cell in enumerate(row) if cell.strip()}
        head = [cell if i in used else "" for i, cell in enumerate(rows[top][1])]
        yield of, [*rows[:top], (rows[top][0], head), *part]


def _table_reader(of: Sequence[tuple[str, Sequence[Row]]]) -> Read:
    def read(source: Source) -> Reading:
        reading = Reading()
        for name, rows in of:
            read_rows(rows, SourceTable(source, reading, workbook.called(name), name))
        return reading

    return read


def _of_entries(content: object, kinds: Mapping[str, str]) -> FileParts:
    """The entries of a list, each with its code; or an object's groups, each under its code."""
    if isinstance(content, json_values.JsonPairs):
        entries = _groups(content)
    else:
        listed = content if isinstance(content, list) else []
        entries = [(_code_of(entry), n, entry) for n, entry in enumerate(listed, 1)]
    own: dict[str, list[tuple[int, object]]] = {}
    for code, n, entry in entries:
        own.setdefault(kinds.get(code, code), []).append((n, entry))
    known = [(kind, _entries_reader(of)) for kind, of in own.items() if kind in kinds]
    strangers = {code: f"entry {of[0][0]}" for code, of in own.items() if code not in kinds}
    return FileParts(known, strangers) if len(known) >= _SEVERAL else NONE


def _code_of(entry: object) -> str:
    pairs = entry.pairs if isinstance(entry, json_values.JsonPairs) else []
    return next(
        (code_in(value) for key, value in pairs if who(key) is PersonPart.CODE and isinstance(value, str)), ""
    )


def _groups(content: json_values.JsonPairs) -> list[tuple[str, int, Any]]:
    """The groups of an object, each with what the object says of the student."""
    told = [(key, value) for key, value in content.pairs if who(key) is not None]
    found = []
    for n, (key, value) in enumerate(content.pairs, 1):
        code = code_in(key)
        if code and isinstance(value, json_values.JsonPairs):
            found.append((code, n, json_values.JsonPairs([*told, ("code", code), *value.pairs])))
    return found


def _entries_reader(of: Sequence[tuple[int, object]]) -> Read:
    def read(source: Source) -> Reading:
        reading = Reading()
        json_form.read_entries(of, source, reading)
        return reading

    return read
