"""Values that are made once: equal ones are one object, so that looking them up compares no fields."""

from __future__ import annotations

from typing import Any

MOST = 50_000  # more than any exercise has; a file may name as many as it likes
_made: dict[Any, Any] = {}


class MadeOnce(type):
    """The type of a class whose instances never change and can be hashed."""

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        """The instance that was made before, if an equal one was."""
        found = super().__call__(*args, **kwargs)
        return _made.setdefault(found, found) if len(_made) < MOST else found
