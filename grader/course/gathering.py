"""Everything that was handed in, read: file by file, in any order of work, and never the same file twice."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.course.placing import reading
from grader.course.placing.answer_sheet import AnswerSheet, HandedIn, is_hidden
from grader.course.work.done_before import Store, key
from grader.files.extraction.submission import MAX_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.course.placing.placed import Course
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
        if path.is_dir():
            for folder, below, names in os.walk(path):
                below[:] = sorted(d for d in below if (Path(folder) / d).resolve() != ours)
                files |= dict.fromkeys(Path(folder) / name for name in sorted(names))
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
    store, about = Store(engine.out, "read"), hashlib.sha256(packed).hexdigest()
    done = engine.stages.add("reading", len(files))
    heads: list[tuple[Path, float, str]] = []

    def news() -> Iterator[list[tuple[str, str, bytes]]]:
        batch: list[tuple[str, str, bytes]] = []
        for path in files:
            try:
                with path.open("rb") as file:
                    data = file.read(MAX_BYTES + 1)
                modified = path.stat().st_mtime
            except (OSError, ValueError) as error:
                found.append(_refused(path, f"cannot be read ({getattr(error, 'strerror', None) or error})"))
                done(1)
                continue
            name = _name(path)
            own = key(about, name, hashlib.sha256(data).hexdigest())
            heads.append((path, modified, own))
            if own in store or is_hidden(name):
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

    for number, body in engine.run(reading.read_files, calls()):
        keys = waiting.pop(number)
        store.put(keys, [None] * len(keys), body)
        done(len(keys))
    engine.used["read"] = [own for _, _, own in heads]
    store.prune(engine.used["read"])
    return [*(_handed(store, *head) for head in heads), *found]


def _handed(store: Store, path: Path, modified: float, own: str) -> HandedIn:
    if is_hidden(_name(path)):
        return HandedIn(_name(path), modified, own, complaints=("a hidden file; passed over",))
    content = json.loads(store.line(own) or '{"sheets": [], "complaints": ["not read"]}')
    sheets = tuple(AnswerSheet.from_json(sheet) for sheet in content["sheets"])
    return HandedIn(_name(path), modified, own, sheets, tuple(content["complaints"]))
