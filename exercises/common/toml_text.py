"""Reading TOML that anybody may have written: only as deep as tables of ours can be."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from typing import Any

from exercises.common.errors import FileError

DEEPEST = 20  # tables and lists inside each other


def read(text: str, origin: str) -> dict[str, Any]:
    """The table in a text, fractions as decimals. Raises FileError, which names the origin, if there is none."""
    try:
        table = tomllib.loads(text, parse_float=Decimal)
    except RecursionError:
        raise FileError(_too_deep(origin)) from None
    except (ValueError, ArithmeticError) as error:
        raise FileError(f"{origin}: not valid TOML: {error}") from None
    inside: list[Any] = [table]
    for _ in range(DEEPEST):
        inside = [part for one in inside for part in _parts(one)]
    if inside:
        raise FileError(_too_deep(origin))
    return table


def _parts(value: Any) -> list[Any]:
    return list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []


def _too_deep(origin: str) -> str:
    return f"{origin}: tables or lists inside each other more than {DEEPEST} times; nothing here is that deep"
