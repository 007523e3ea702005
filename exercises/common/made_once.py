"""Values that are made once: equal ones are one object, so that comparing and looking them up compares no fields.

They are let go when nobody holds them any more, since a file may name as many as it likes.
"""

from __future__ import annotations

from dataclasses import fields
from functools import lru_cache
from threading import RLock
from typing import Any
from weakref import WeakValueDictionary

_made: WeakValueDictionary[Any, Any] = WeakValueDictionary()
_one_at_a_time = RLock()


class MadeOnce(type):
    """The type of `Once`."""

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        """The instance that was made before, if an equal one was."""
        if not kwargs:
            left_out = len(_names(cls)) - len(args)
            known = _made.get((cls, *args, *_defaults(cls)[-left_out:]) if left_out else (cls, *args))
            if known is not None:
                return known
        found = super().__call__(*args, **kwargs)
        with _one_at_a_time:
            return _made.setdefault((cls, *_fields(found)), found)


class Once(metaclass=MadeOnce):
    """Base of a value that is made once: a frozen dataclass whose fields can be hashed, with `eq=False`."""

    __slots__ = ("__weakref__",)

    def __reduce__(self) -> tuple[type, tuple[Any, ...]]:
        # A copy, or what comes from another process, is the one of here.
        return type(self), _fields(self)


@lru_cache
def _defaults(cls: Any) -> tuple[Any, ...]:
    return cls.__init__.__defaults__ or ()


def _fields(value: Any) -> tuple[Any, ...]:
    return tuple([getattr(value, name) for name in _names(value.__class__)])


@lru_cache
def _names(cls: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(cls) if field.init)
