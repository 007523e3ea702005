"""What has been done already, in one database in the folder of results, so that a stopped run goes on.

A row is one result: its kind, its name, a note (JSON), a text (compressed), and a seal over all of these. A row that
is not as it was written counts as not there; what is no database of ours any more is set aside, and a new one begun.
One run at a time has the database, and with it the folder.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import zlib
from contextlib import closing, contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from exercises.common.errors import FileError
from exercises.common.files import make_folder, make_secret_folder
from grader.course.work import older
from grader.course.work.sealed import DAMAGE, digest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    Kept = tuple[str, Any, bytes]  # the name of a result, a note, its text as `squeezed` gives it

HIDDEN = ".byhand"
PRINTED = f"{HIDDEN}/{older.PAGES}"  # pages that are printed, and not yet in their place
DATABASE = f"{HIDDEN}/done.sqlite3"
# Kinds of results; `WHOLE` are files that are bound from pages.
READ, STACK, JUDGED, READY, PAGE, UNFINISHED = "read", "stack", "judged", "ready", "page", "unfinished"
WHOLE = "whole"
_PACKAGES = ("exercises", "grader", "answer_keys", "templates")
_TABLE = "CREATE TABLE kept (kind TEXT, name TEXT, note TEXT, body BLOB, seal TEXT, UNIQUE (kind, name))"
_PATIENCE = 0.5  # seconds; whoever only looks in is gone by then
_NOT_OURS = {sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT}


@lru_cache
def version() -> str:
    """A digest of the program itself: with another one everything is done again."""
    root = Path(__file__).parents[3]
    found = hashlib.sha256()
    for package in _PACKAGES:
        for path in sorted((root / package).rglob("*")):
            if path.suffix in {".py", ".html", ".css", ".svg", ".json"}:
                found.update(path.read_bytes())
    return found.hexdigest()[:16]


def key(*parts: Any) -> str:
    """The name of a result: a digest of everything that it follows from, the program included."""
    text = json.dumps([version(), *parts], ensure_ascii=False, sort_keys=True)
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def squeezed(text: str) -> bytes:
    """A text as it is kept."""
    return zlib.compress(text.encode(), 1)


class Store:
    """The results of one folder, by kind and name.

    where: for messages.
    said:  what a person should know of what was found there, one sentence each.
    """

    def __init__(self, database: sqlite3.Connection, where: str, said: tuple[str, ...] = ()) -> None:
        self.where = where
        self.said = said
        self._database = database
        self._used: set[tuple[str, str]] = set()

    def get(self, kind: str, name: str) -> tuple[Any, str] | None:
        """A result's note and text; None if it is not there, or not as it was written."""
        self._used.add((kind, name))
        for row in self._rows(
            "SELECT name, note, body, seal FROM kept WHERE kind = ? AND name = ?", kind, name
        ):
            note = _note(kind, row)
            return None if note is None else (note[0], zlib.decompress(row[2]).decode())
        return None

    def notes(self, kind: str) -> dict[str, Any]:
        """The notes of all results of a kind that are as they were written, by name."""
        rows = self._rows("SELECT name, note, body, seal FROM kept WHERE kind = ?", kind)
        return {row[0]: note[0] for row in rows if (note := _note(kind, row)) is not None}

    def has(self, kind: str) -> bool:
        """Whether there is any result of a kind, whole or not."""
        return bool(self._rows("SELECT 1 FROM kept WHERE kind = ? LIMIT 1", kind))

    def put(self, kind: str, results: Iterable[Kept]) -> None:
        """Keep results, all of them or none. Raises FileError if they cannot be written."""
        statement, rows = _insertion(kind, results)
        self._used.update(row[:2] for row in rows)
        self._change([(statement, rows)])

    def set(self, kind: str, results: Iterable[Kept] = ()) -> None:
        """The same, in place of all results of this kind."""
        self._change([("DELETE FROM kept WHERE kind = ?", [(kind,)]), _insertion(kind, results)])

    def prune(self, kind: str) -> None:
        """Delete the results of a kind that nobody has put here or asked for since the store was opened."""
        there = self._rows("SELECT name FROM kept WHERE kind = ?", kind)
        gone = [(kind, name) for (name,) in there if (kind, name) not in self._used]
        self._change([("DELETE FROM kept WHERE kind = ? AND name = ?", gone)])

    def _rows(self, question: str, *values: str) -> list[Any]:
        try:
            return self._database.execute(question, values).fetchall()
        except sqlite3.Error as error:
            raise _told(self.where, error) from None

    def _change(self, steps: Iterable[tuple[str, list[tuple[Any, ...]]]]) -> None:
        """One transaction: all of it or nothing, however it ends."""
        try:
            with self._database:
                self._database.execute("BEGIN")
                for statement, rows in steps:
                    self._database.executemany(statement, rows)
        except sqlite3.Error as error:
            raise _told(self.where, error) from None


def _insertion(kind: str, results: Iterable[Kept]) -> tuple[str, list[tuple[Any, ...]]]:
    rows = []
    for name, note, body in results:
        text = json.dumps(note, ensure_ascii=False)
        rows.append((kind, name, text, body, _seal(kind, name, text, body)))
    return "INSERT OR REPLACE INTO kept VALUES (?, ?, ?, ?, ?)", rows


def _seal(kind: str, name: str, note: str, body: bytes) -> str:
    return digest(json.dumps([kind, name, note]).encode() + body)


def _note(kind: str, row: tuple[str, str, bytes, str]) -> tuple[Any] | None:
    """The note of a row; None if a byte of the row is not as it was."""
    name, note, body, seal = row
    try:
        return (json.loads(note),) if seal == _seal(kind, name, note, body) else None
    except DAMAGE:
        return None


@contextmanager
def opened(out: Path | None) -> Iterator[Store]:
    """What has been done in a folder of results, for one run alone; without a folder it is kept in memory.

    Raises FileError if another run has it, or the folder cannot be had.
    """
    if out is None:
        with closing(_begin(":memory:")) as database:
            yield Store(database, "in memory")
        return
    make_secret_folder(out)
    make_folder(out / HIDDEN)
    try:
        database, said = _ours(out)
    except sqlite3.Error as error:
        raise _told(str(out / DATABASE), error) from None
    with closing(database):
        store = Store(database, str(out / DATABASE), said)
        _tidy(out)
        _take_over(out / HIDDEN, store)
        yield store


def is_kept(out: Path, kind: str) -> bool:
    """Whether a folder that nobody is working on holds a result of a kind; nothing is written for it."""
    path = (out / DATABASE).absolute()
    if not path.is_file():
        return kind == UNFINISHED and (out / HIDDEN / older.NOTE).is_file()
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", timeout=0, uri=True)) as database:
            return bool(database.execute("SELECT 1 FROM kept WHERE kind = ?", (kind,)).fetchall())
    except sqlite3.Error:
        return False


def _ours(out: Path) -> tuple[sqlite3.Connection, tuple[str, ...]]:
    """The database of a folder, and what is to be said of it: a new one if that which stood there is none of ours."""
    path = out / DATABASE
    try:
        return _begin(str(path)), ()
    except sqlite3.Error as error:
        if _code(error) not in _NOT_OURS:
            raise
    aside = path.with_name(f"damaged-{path.name}")
    try:
        for part in ("-journal", "-wal", "-shm"):  # else they would be taken for parts of the new one
            path.with_name(path.name + part).unlink(missing_ok=True)
        path.replace(aside)
    except OSError as error:
        raise FileError(f"{path}: is damaged, and cannot be set aside ({error.strerror})") from None
    said = (
        f"{path}: was damaged and is now {aside.name}; everything is done again. Had the last run been stopped "
        "while it wrote, give its --overrides again"
    )
    return _begin(str(path)), (said,)


def _begin(where: str) -> sqlite3.Connection:
    """A database of ours, and nobody else's until it is closed. Raises sqlite3.Error if it cannot be had."""
    database = sqlite3.connect(where, timeout=_PATIENCE, isolation_level=None)
    database.text_factory = lambda data: data.decode(errors="replace")  # such a text breaks its seal
    try:
        database.execute("PRAGMA locking_mode = EXCLUSIVE")  # also: no memory shared with other processes
        try:
            database.execute("PRAGMA journal_mode = WAL").fetchall()
        except sqlite3.OperationalError as error:
            if _code(error) == sqlite3.SQLITE_BUSY:
                raise
            database.execute("PRAGMA journal_mode = TRUNCATE").fetchall()  # not every disk can do the other
        database.execute("PRAGMA synchronous = NORMAL")
        with database:
            database.execute("BEGIN EXCLUSIVE")
            _check(database)
    except BaseException:
        database.close()
        raise
    return database


def _check(database: sqlite3.Connection) -> None:
    """Make the table where there is none. Raises sqlite3.DatabaseError for other tables, and for damage."""
    tables = database.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    if not tables:
        database.execute(_TABLE)
    elif tables != [(_TABLE,)] or database.execute("PRAGMA integrity_check(1)").fetchall() != [("ok",)]:
        raise _Damaged


class _Damaged(sqlite3.DatabaseError):
    """It is a database, but not as ours are."""

    sqlite_errorcode = sqlite3.SQLITE_CORRUPT


def _code(error: sqlite3.Error) -> int:
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF  # the rest says where it happened


def _told(where: str, error: sqlite3.Error) -> FileError:
    match _code(error):
        case sqlite3.SQLITE_BUSY:
            folder = Path(where).parents[1]
            return FileError(f"{folder}: another byhand is at work in this folder; wait until it has ended")
        case sqlite3.SQLITE_FULL:
            return FileError(f"{where}: cannot be written (No space left on device)")
        case code if code in _NOT_OURS:
            return FileError(f"{where}: was damaged a moment ago; run it again")
    return FileError(f"{where}: cannot be read or written ({error})")


def _take_over(folder: Path, store: Store) -> None:
    """What a folder from before there was a database remembers. Raises FileError if that cannot be done."""
    try:
        if (note := older.unfinished(folder)) is not None:
            store.set(UNFINISHED, [("", *note)])
        if known := older.pages(folder):
            store.set(PAGE, ((name, made, b"") for name, made in known.items()))
        older.clear(folder)
    except OSError as error:
        raise FileError(f"{folder}: cannot be taken over ({error.strerror})") from None


def _tidy(out: Path) -> None:
    """Delete the halves of files that a killed run has left."""
    for folder in (out, out / HIDDEN, out / "feedback", out / PRINTED):
        for left in folder.glob(f"{HIDDEN}-*"):
            left.unlink(missing_ok=True)
