"""Names of files made from names of people: letters and digits, of a length that any disk takes, each once."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def slug(text: str, letters: int, size: int, empty: str) -> str:
    """Letters and digits joined by hyphens, never a path: at most so many letters, and bytes; `empty` if none are left."""
    kept = (c if c.isalnum() or _is_mark(c) else "-" for c in unicodedata.normalize("NFKC", text))
    plain = re.sub("-+", "-", "".join(kept)).strip("-").lower()[:letters]
    return plain.encode()[:size].decode(errors="ignore") or empty


def _is_mark(c: str) -> bool:
    """Whether it belongs to the letter before it, such as a vowel of Thai or Hindi."""
    return unicodedata.category(c) in ("Mn", "Mc")


def distinct(names: Iterable[str]) -> list[str]:
    """The same names, a number behind each that was there before, or that a disk may take for one that was."""
    taken: set[str] = set()
    found = []
    for name in names:
        number, one = 1, name
        while _on_disk(one) in taken:
            number += 1
            one = f"{name}-{number}"
        taken.add(_on_disk(one))
        found.append(one)
    return found


def _on_disk(name: str) -> str:
    return unicodedata.normalize("NFKD", name).casefold()


def in_number_order(name: str) -> tuple[tuple[int, str], ...]:
    """What orders names as people do, the numbers in them as numbers: v2 before v10."""
    parts = re.split(r"(\d+)", name)
    return tuple((int(part) if part.isdecimal() else -1, part) for part in parts)
