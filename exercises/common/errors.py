"""The exceptions of the project: broken problems and files, never a student's answer."""

from __future__ import annotations


class ByhandError(Exception):
    """Base of every error that the command line turns into one clear sentence.

    `faults` holds one sentence for each thing that is wrong; all are gathered before the error is raised.
    """

    def __init__(self, *faults: str) -> None:
        self.faults = tuple("".join(c if c.isprintable() else "�" for c in fault) for fault in faults)
        super().__init__("\n".join(self.faults))


class ProblemError(ByhandError):
    """A problem that cannot be: unknown keys, missing values, impossible shapes."""


class FileError(ByhandError):
    """A file that cannot be read or written."""
