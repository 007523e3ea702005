"""What judges sheets in several processes, each sheet once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from exercises.common.processes import each

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from concurrent.futures import Executor
    from pathlib import Path

    from grader.course.work.done_before import Store
    from grader.course.work.progress import Stages


CHUNK = (60, 2_500)  # sheets judged at once: at least, and at most


@dataclass(frozen=True)
class Engine:
    """What does the work: an executor, how many tasks it takes, where results go, what was done before, who is told."""

    executor: Executor
    width: int
    out: Path | None
    store: Store
    stages: Stages
    hints: bool = False

    def run(
        self, function: Callable[..., Any], calls: Iterable[tuple[Any, ...]]
    ) -> Iterator[tuple[int, Any]]:
        """Each call's number and result, as they are ready."""
        return each(self.executor, self.width, function, calls)
