"""Whose a booklet is."""

from __future__ import annotations

from dataclasses import dataclass

from exercises.common.file_names import slug
from exercises.printing.missing_letters import missing


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose booklet it is; with neither name nor id it is nobody's in particular.

    version: the letter of the numbers that they share with others; empty where everybody has their own.
    """

    id: str = ""
    name: str = ""
    version: str = ""

    @property
    def told(self) -> str | None:
        """Who it is; None for nobody in particular."""
        return f"{self.name} · {self.id}{self._behind}" if self.id else None

    @property
    def _behind(self) -> str:
        return f" · version {self.version}" if self.version else ""

    @property
    def printed(self) -> str | None:
        """As it stands on every sheet; None where name and ID are to be filled in. Rather the ID alone than boxes."""
        return f"{self.id}{self._behind}" if self.id and missing(self.name) else self.told

    def title(self, of_set: str) -> str:
        """What their booklet of a set is called."""
        return f"{of_set}, {self.told}" if self.told else f"{of_set}{self._behind}"

    @property
    def stem(self) -> str:
        """The beginning of the names of their files: never empty, never a path; somebody else's may be the same."""
        alone = f"version {self.version}" if self.version and not self.id else ""
        return slug(f"{self.id} {self.name}{alone}", 80, 200, "booklet")
