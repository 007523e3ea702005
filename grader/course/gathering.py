"""Everything that was handed in, read: file by file, in any order of work, and never the same file twice."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from exercises.common.errors import FileError
from grader.course.placing import from_paper, reading
from grader.course.placing.answer_sheet import HandedIn, is_hidden
from grader.course.work.done_before import READ, STACK, key, squeezed
from grader.course.work.sealed import read_sheets
from grader.files import links
from grader.files.folders import below
from grader.files.read import most

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from grader.course.placing.answer_sheet import AnswerSheet
    from grader.course.placing.placed import Course
    from grader.course.work.done_before import Store
    from grader.course.work.engine import Engine

_FILES, _BYTES = 24, 4_000_000  # of a task that reads files
_SHEETS = 4  # of one that reads handwriting


def walk(paths: Sequence[Path], out: Path | None) -> tuple[list[Path], list[HandedIn]]:
    """Every file handed in, in order, folders looked into all the way down; and what cannot be a submission.

    Our own results are no submissions, even if they lie in the same folder. Raises FileError where nothing of what is
    named is there: a slip of the pen must not leave results in which everybody is missing.
    """
    if not any(str(path) == "-" or path.exists() or path.is_symlink() for path in paths):
        raise FileError(*(f"{_name(path)}: no such file or folder" for path in paths))
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
    packed = reading.pack(known_problems.texts, known_problems.kinds(), known_problems.papers)
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


def put_together(
    engine: Engine, course: Course, handed: Sequence[HandedIn]
) -> tuple[list[HandedIn], dict[tuple[str, str], Any]]:
    """Pages of sheets on paper put together and read, those read before not again.

    Also the lines of each such sheet by its file and place, with their pictures; see `SheetLines.as_json`.
    """
    sheets = from_paper.sheets_in(course, handed)
    if not sheets:
        return list(handed), {}
    tasks = [from_paper.task(course, sheet) for sheet in sheets]
    names = [key(*task) for task in tasks]
    known = {name: kept[1] for name in names if (kept := engine.store.get(STACK, name)) is not None}
    done = engine.stages.add("reading handwriting", len(sheets))
    done(len(known))
    todo = [n for n, name in enumerate(names) if name not in known]
    chunks = [todo[start : start + _SHEETS] for start in range(0, len(todo), _SHEETS)]
    calls = (([tasks[n] for n in chunk],) for chunk in chunks)
    for number, lines in engine.run(from_paper.read_paper, calls):
        own = [(names[n], line) for n, line in zip(chunks[number], lines, strict=True)]
        known.update(own)
        engine.store.put(STACK, ((name, None, squeezed(line)) for name, line in own))
        done(len(own))
    engine.store.prune(STACK)
    return from_paper.whole(handed, sheets, [json.loads(known[name]) for name in names])


def _opened(path: Path) -> tuple[bytes, float] | str:
    """A file's bytes, and when it was changed; or why it cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(most(path.suffix.lower()) + 1), path.stat().st_mtime
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
