"""Writing a PDF: objects by number, those that never change compressed once for all."""

from __future__ import annotations

import zlib
from hashlib import md5

HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
GROUP = 400  # objects that are compressed together


def figure(value: float) -> str:
    """Write a number as WeasyPrint does."""
    return str(int(value)) if value == int(value) else f"{value:f}".rstrip("0")


def string(text: str) -> bytes:
    """Write text as a PDF string."""
    if text.isascii() and text.isprintable():
        escaped = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        return f"({escaped})".encode()
    return b"<feff" + text.encode("utf-16-be").hex().encode() + b">"


def stream(data: bytes, extra: bytes = b"", level: int = -1) -> bytes:
    """Write a compressed stream."""
    packed = zlib.compress(data, level)
    return b"<<%b/Filter/FlateDecode/Length %d>>stream\n%b\nendstream" % (extra, len(packed), packed)


class Shell:
    """All of a file that does not depend on numbers. What does is added by `completed`, with higher numbers."""

    def __init__(self, plain: dict[int, bytes], streams: dict[int, bytes], groups: range) -> None:
        """`plain`: objects by number; `streams`: those with a stream; `groups`: numbers for groups of objects.

        The groups' numbers follow those of the objects; only streams may have higher ones.
        """
        rows = {0: bytes(7)}
        out = bytearray(HEADER)
        for number, data in streams.items():
            rows[number] = _at(len(out))
            out += _object(number, data)
        numbers = sorted(plain)
        for group, start in zip(groups, range(0, len(numbers), GROUP), strict=True):
            members = numbers[start : start + GROUP]
            rows |= {number: _within(group, n) for n, number in enumerate(members)}
            rows[group] = _at(len(out))
            out += _object(group, _grouped(members, plain))
        self.head = bytes(out)
        self.digest = md5(self.head, usedforsecurity=False)
        self.size = groups.stop
        self.higher = {number: row for number, row in rows.items() if number >= self.size}
        self.last = rows[self.size - 1]
        self.table = zlib.compressobj()
        ordered = [rows[number] for number in range(self.size)]
        self.packed = self.table.compress(b"".join(map(_above, [bytes(7), *ordered], ordered)))

    def completed(self, objects: dict[int, bytes], root: int, info: int) -> bytes:
        """Give the whole file: further objects by number, and the table of all."""
        parts, at = [self.head], len(self.head)
        rows = dict(self.higher)
        digest = self.digest.copy()
        for number, data in objects.items():
            rows[number] = _at(at)
            parts.append(_object(number, data))
            digest.update(parts[-1])
            at += len(parts[-1])
        table, before, packed = self.table.copy(), self.last, [self.packed]
        count = self.size + len(rows)
        for number in range(self.size, count):
            packed.append(table.compress(_above(before, rows[number])))
            before = rows[number]
        packed += [table.compress(_above(before, _at(at))), table.flush()]
        name = digest.hexdigest().encode()
        data = b"".join(packed)
        table_object = (
            b"<</Type/XRef/Size %d/W[1 4 2]/Root %d 0 R/Info %d 0 R/ID[<%b><%b>]/Filter/FlateDecode"
            b"/DecodeParms<</Predictor 12/Columns 7>>/Length %d>>stream\n%b\nendstream"
            % (count + 1, root, info, name, name, len(data), data)
        )
        parts += [_object(count, table_object), b"startxref\n%d\n%%%%EOF\n" % at]
        return b"".join(parts)


def _object(number: int, data: bytes) -> bytes:
    return b"%d 0 obj\n%b\nendobj\n" % (number, data)


def _at(place: int) -> bytes:
    """A row of the table: an object at a place in the file."""
    return b"\1" + place.to_bytes(4, "big") + b"\0\0"


def _within(group: int, index: int) -> bytes:
    """A row of the table: an object within a group."""
    return b"\2" + group.to_bytes(4, "big") + index.to_bytes(2, "big")


def _above(before: bytes, row: bytes) -> bytes:
    """A row as its differences from the one above, which compress well."""
    if row[6] and before == row[:6] + bytes((row[6] - 1,)):  # the next within a group: nearly all are
        return b"\2\0\0\0\0\0\0\1"
    return bytes([2, *[(b - a) & 255 for a, b in zip(before, row, strict=True)]])


def _grouped(group: list[int], plain: dict[int, bytes]) -> bytes:
    """Write a stream of objects."""
    heads, at = [], 0
    for number in group:
        heads.append(b"%d %d" % (number, at))
        at += len(plain[number]) + 1
    first = b" ".join(heads) + b"\n"
    body = first + b"\n".join(plain[number] for number in group)
    return stream(body, b"/Type/ObjStm/N %d/First %d" % (len(group), len(first)))
