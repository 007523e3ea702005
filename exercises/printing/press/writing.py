"""Writing a PDF: the objects that never change compressed once for all, the others put behind them."""

from __future__ import annotations

import zlib
from hashlib import md5
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
GROUP = 400  # objects that are compressed together
LEVEL = 5  # of compression: a third quicker than the usual 6, and hardly longer


def figure(value: float) -> str:
    """Write a number as WeasyPrint does."""
    return str(int(value)) if value == int(value) else f"{value:f}".rstrip("0")


def string(text: str) -> bytes:
    """Write text as a PDF string."""
    if text.isascii() and text.isprintable():
        escaped = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        return f"({escaped})".encode()
    return b"<feff" + text.encode("utf-16-be").hex().encode() + b">"


def stream(data: bytes, extra: bytes = b"", level: int = LEVEL) -> bytes:
    """Write a compressed stream."""
    packed = zlib.compress(data, level)
    return b"<<%b/Filter/FlateDecode/Length %d>>stream\n%b\nendstream" % (extra, len(packed), packed)


class Shell:
    """All of a file that does not depend on numbers. What does is added by `completed`."""

    def __init__(self, plain: dict[int, bytes], streams: dict[int, bytes], size: int, root: int) -> None:
        """`plain`: objects by number; `streams`: those with a stream; all numbers are below `size`.

        root: the number of the catalog. From the number `free` on there is room for more objects.
        """
        self.root = root
        numbers = sorted(plain)
        groups = [numbers[start : start + GROUP] for start in range(0, len(numbers), GROUP)]
        self.free = size + len(groups)
        self.rows = bytearray(7 * (self.free + 1))
        out = bytearray(HEADER)
        for number, data in streams.items():
            self._at(self.rows, number, len(out))
            out += _object(number, data)
        for group, members in enumerate(groups, size):
            for n, number in enumerate(members):
                self.rows[7 * number : 7 * number + 7] = (
                    b"\2" + group.to_bytes(4, "big") + n.to_bytes(2, "big")
                )
            self._at(self.rows, group, len(out))
            out += _object(group, _grouped(members, plain))
        self.head = bytes(out)
        self.digest = md5(self.head, usedforsecurity=False)

    @staticmethod
    def _at(rows: bytearray, number: int, place: int) -> None:
        """Note that an object is at a place in the file."""
        rows[7 * number : 7 * number + 7] = b"\1" + place.to_bytes(4, "big") + b"\0\0"

    def completed(self, objects: dict[int, bytes], info: int) -> bytes:
        """Give the whole file: further objects by number, and the table of all."""
        parts, at = [self.head], len(self.head)
        rows = self.rows + bytes(7 * max(0, max(objects) + 1 - self.free))
        digest = self.digest.copy()
        for number, data in objects.items():
            self._at(rows, number, at)
            parts.append(_object(number, data))
            digest.update(parts[-1])
            at += len(parts[-1])
        last = len(rows) // 7 - 1
        self._at(rows, last, at)
        name = digest.hexdigest().encode()
        head = b"/Type/XRef/Size %d/W[1 4 2]/Root %d 0 R/Info %d 0 R/ID[<%b><%b>]" % (
            last + 1,
            self.root,
            info,
            name,
            name,
        )
        parts += [_object(last, stream(bytes(rows), head)), b"startxref\n%d\n%%%%EOF\n" % at]
        return b"".join(parts)


def _object(number: int, data: bytes) -> bytes:
    return b"%d 0 obj\n%b\nendobj\n" % (number, data)


def _grouped(group: Sequence[int], plain: dict[int, bytes]) -> bytes:
    """Write a stream of objects."""
    heads, at = [], 0
    for number in group:
        heads.append(b"%d %d" % (number, at))
        at += len(plain[number]) + 1
    first = b" ".join(heads) + b"\n"
    body = first + b"\n".join(plain[number] for number in group)
    return stream(body, b"/Type/ObjStm/N %d/First %d" % (len(group), len(first)), level=9)
