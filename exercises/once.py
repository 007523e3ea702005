"""What is computed once for each problem, because its worksheet and its key both need it."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from exercises.problem import Problem

T = TypeVar("T")


def once(function: Callable[[Problem], T]) -> Callable[[Problem], T]:
    """Let a function of a problem keep its result with the problem, as `cached_property` does; nobody changes it."""
    name = f"once {function.__module__}.{function.__qualname__}"

    @wraps(function)
    def kept(problem: Problem) -> T:
        known = vars(problem)
        if name not in known:
            known[name] = function(problem)
        found: T = known[name]
        return found

    return kept
