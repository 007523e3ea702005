"""What judges sheets in several processes, each sheet once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from exercises.common.processes import each

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from concurrent.futures import Executor
    from pathlib import Path

    from grader.course.work.progress import Stages


CHUNK = (60, 1_250)  # sheets judged at once: at least, and at most


@dataclass(frozen=True)
class Engine:
    """What does the work: an executor, how many tasks it takes, where results are kept, who is told."""

    executor: Executor
    width: int
    out: Path | None
    stages: Stages
    hints: bool = False
    used: dict[str, list[str]] = field(default_factory=dict)

    def run(
        self, function: Callable[..., Any], calls: Iterable[tuple[Any, ...]]
    ) -> Iterator[tuple[int, Any]]:
        """Each call's number and result, as they are ready."""
        return each(self.executor, self.width, function, calls)
