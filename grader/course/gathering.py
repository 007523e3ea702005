"""Everything that was handed in, read: file by file, in any order of work, and never the same file twice."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from exercises.common.errors import FileError
from grader.course.placing import reading
from grader.course.placing.answer_sheet import HandedIn, is_hidden
from grader.course.work.done_before import READ, key, squeezed
from grader.course.work.sealed import read_sheets
from grader.files import links
from grader.files.extraction.submission import MAX_BYTES
from grader.files.folders import below

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from grader.course.placing.answer_sheet import AnswerSheet
    from grader.course.placing.placed import Course
    from grader.course.work.done_before import Store
    from grader.course.work.engine import Engine

_FILES, _BYTES = 24, 4_000_000  # of a task that reads files


def walk(paths: Sequence[Path], out: Path | None) -> tuple[list[Path], list[HandedIn]]:
    """Every file handed in, in order, folders looked into all the way down; and what cannot be a submission.

    Our own results are no submissions, even if they lie in the same folder.
    """
    files: dict[Path, None] = {}
    refused: list[HandedIn] = []
    ours = out.resolve() if out is not None else None
    for path in paths:
        if wrong := links.named(path, len(paths)):
            refused.append(_refused(path, wrong))
        elif path.is_dir():
            for found, passed_over in below(path, left_out=ours):
                if wrong := passed_over or links.refused(found, path):
                    refused.append(_refused(found, wrong))
                else:
                    files[found] = None
        elif str(path) == "-":
            refused.append(_refused(path, "standard input is read for one problem only; save it as a file"))
        elif path.exists():
            files[path] = None
        else:
            refused.append(_refused(path, "no such file or folder"))
    return list(files), refused


def _refused(path: Path, why: str) -> HandedIn:
    return HandedIn(_name(path), 0.0, "", complaints=(f"{_name(path)}: {why}",))


def _name(path: Path) -> str:
    """A path as it is told; what is no text in it becomes a sign for that."""
    return path.as_posix().encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def read(engine: Engine, course: Course, paths: Sequence[Path]) -> list[HandedIn]:
    """Read every file, in order; those read before with the same bytes, name and problems are not read again."""
    files, found = walk(paths, engine.out)
    known_problems = course.known_problems
    packed = reading.pack(known_problems.texts, known_problems.kinds())
    about = hashlib.sha256(packed).hexdigest()
    done = engine.stages.add("reading", len(files))
    heads: list[tuple[Path, float, str]] = []
    kept = _Kept(engine.store)

    def news() -> Iterator[list[tuple[str, str, bytes]]]:
        batch: list[tuple[str, str, bytes]] = []
        for path in files:
            opened = _opened(path)
            if isinstance(opened, str):
                found.append(_refused(path, opened))
                done(1)
                continue
            data, modified = opened
            name = _name(path)
            own = key(about, name, hashlib.sha256(data).hexdigest())
            heads.append((path, modified, own))
            if is_hidden(name) or kept(own) is not None:
                done(1)
                continue
            batch.append((own, name, data))
            if len(batch) >= _FILES or sum(len(d) for _, _, d in batch) > _BYTES:
                yield batch
                batch = []
        if batch:
            yield batch

    waiting: dict[int, list[str]] = {}

    def calls() -> Iterator[tuple[Any, ...]]:
        for number, batch in enumerate(news()):
            waiting[number] = [own for own, _, _ in batch]
            yield packed, [(name, data) for _, name, data in batch]

    for number, lines in engine.run(reading.read_files, calls()):
        keys = waiting.pop(number)
        found_in = zip(keys, lines, strict=True)
        engine.store.put(READ, ((own, None, squeezed(line)) for own, line in found_in))
        done(len(keys))
    engine.store.prune(READ)
    return [*(_handed(kept, *head) for head in heads), *found]


def _opened(path: Path) -> tuple[bytes, float] | str:
    """A file's bytes, and when it was changed; or why it cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1), path.stat().st_mtime
    except (OSError, ValueError) as error:
        return f"cannot be read ({getattr(error, 'strerror', None) or error})"


class _Kept:
    """What was read of each file, by its key, as far as it is there and whole."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.known: dict[str, tuple[tuple[AnswerSheet, ...], tuple[str, ...]]] = {}

    def __call__(self, own: str) -> tuple[tuple[AnswerSheet, ...], tuple[str, ...]] | None:
        if own not in self.known:
            kept = self.store.get(READ, own)
            found = read_sheets(kept[1]) if kept is not None else None
            if found is None:
                return None
            self.known[own] = found
        return self.known[own]


def _handed(kept: _Kept, path: Path, modified: float, own: str) -> HandedIn:
    if is_hidden(_name(path)):
        return HandedIn(_name(path), modified, own, complaints=("a hidden file; passed over",))
    found = kept(own)
    if found is None:
        raise FileError(f"{kept.store.where}: what was read a moment ago is gone or damaged; run it again")
    return HandedIn(_name(path), modified, own, *found)
