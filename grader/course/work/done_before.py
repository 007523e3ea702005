"""What has been done already: results of reading and judging, kept in batches so that a stopped run goes on.

A batch is one file that is written whole or not at all: its seal, a line of JSON with the keys and a note for each,
then the results themselves, compressed, a line each. A batch that is not as it was written counts as not there.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections import OrderedDict
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from exercises.common.files import make_folder, write
from grader.course.work.sealed import DAMAGE, seal, unseal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

HIDDEN = ".byhand"
PRINTED = f"{HIDDEN}/pages"  # pages that are printed, and not yet in their place
_OPEN = 8  # batches whose contents are kept in memory
_PACKAGES = ("exercises", "grader", "answer_keys", "templates")


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


def tidy(out: Path) -> None:
    """Delete the halves of files that a killed run has left. Raises FileError if the folder cannot be had."""
    make_folder(out)
    for folder in (out, out / HIDDEN, out / "feedback", out / PRINTED):
        for left in folder.glob(f"{HIDDEN}-*"):
            left.unlink(missing_ok=True)


class Store:
    """Results of one kind by key. Without a folder they are kept in memory only."""

    def __init__(self, folder: Path | None, kind: str) -> None:
        self.folder = folder / HIDDEN if folder is not None else None
        self.kind = kind
        self._where: dict[str, tuple[str, int]] = {}
        self._notes: dict[str, Any] = {}
        self._bodies: dict[str, bytes] = {}
        self._open: OrderedDict[str, list[str]] = OrderedDict()
        if self.folder is not None:
            make_folder(self.folder)
            self._load(self.folder)

    def _load(self, folder: Path) -> None:
        for path in sorted(folder.glob(f"{self.kind}-*.z")):
            try:
                content = unseal(path.read_bytes())
                head = json.loads(content.partition(b"\n")[0]) if content is not None else []
                self._know(path.name, [(str(name), note) for name, note in head])
            except (OSError, *DAMAGE):
                continue

    def _know(self, batch: str, head: Iterable[Sequence[Any]]) -> None:
        for number, (name, note) in enumerate(head):
            self._where[name] = (batch, number)
            self._notes[name] = note

    def __contains__(self, name: str) -> bool:
        return name in self._where

    def note(self, name: str) -> Any:
        """What was noted with a result."""
        return self._notes[name]

    def put(self, names: Sequence[str], notes: Sequence[Any], body: bytes) -> None:
        """Keep a batch: compressed lines, one for each name. Raises FileError if it cannot be written."""
        head = list(zip(names, notes, strict=True))
        batch = f"{self.kind}-{hashlib.blake2b(''.join(names).encode(), digest_size=8).hexdigest()}.z"
        if self.folder is None:
            self._bodies[batch] = body
        else:
            write(self.folder / batch, seal(json.dumps(head, ensure_ascii=False).encode() + b"\n" + body))
        self._open.pop(batch, None)
        self._know(batch, head)

    def line(self, name: str) -> str | None:
        """A result; None if it is not there, or its batch is not as it was written."""
        if name not in self._where:
            return None
        batch, number = self._where[name]
        if batch not in self._open:
            try:
                self._open[batch] = zlib.decompress(self._body(batch)).decode().split("\n")
            except (OSError, ValueError, zlib.error):
                return None
            if len(self._open) > _OPEN:
                self._open.popitem(last=False)
        lines = self._open[batch]
        return lines[number] if number < len(lines) else None

    def _body(self, batch: str) -> bytes:
        if self.folder is None:
            return self._bodies[batch]
        return (unseal((self.folder / batch).read_bytes()) or b"").partition(b"\n")[2]

    def prune(self, used: Iterable[str]) -> None:
        """Delete the batches that hold nothing of what is used now."""
        if self.folder is None:
            return
        kept = {self._where[name][0] for name in used if name in self._where}
        for path in self.folder.glob(f"{self.kind}-*.z"):
            if path.name not in kept and not path.is_dir():
                path.unlink(missing_ok=True)
