"""What is computed once for each problem, because its worksheet and its key both need it."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Callable

    from exercises.problems.problem import Problem

P = ParamSpec("P")
T = TypeVar("T")


def once(function: Callable[Concatenate[Problem, P], T]) -> Callable[Concatenate[Problem, P], T]:
    """Let a function of a problem keep its result with the problem, as `cached_property` does; nobody changes it.

    What else it is called with must be told apart by how it is printed, such as a kind of paper.
    """
    name = f"once {function.__module__}.{function.__qualname__}"

    @wraps(function)
    def kept(problem: Problem, *args: P.args, **more: P.kwargs) -> T:
        known = vars(problem)
        key = f"{name} {args} {more}" if args or more else name
        if key not in known:
            known[key] = function(problem, *args, **more)
        found: T = known[key]
        return found

    return cast("Callable[Concatenate[Problem, P], T]", kept)
