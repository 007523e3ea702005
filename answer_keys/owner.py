"""Whose a booklet is."""

from __future__ import annotations

from dataclasses import dataclass

from exercises.common.file_names import slug
from exercises.printing.missing_letters import missing


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose booklet it is; with neither name nor id it is nobody's in particular."""

    id: str = ""
    name: str = ""

    @property
    def told(self) -> str | None:
        """Who it is; None for nobody in particular."""
        return f"{self.name} · {self.id}" if self.id else None

    @property
    def printed(self) -> str | None:
        """As it stands on every sheet; None where name and ID are to be filled in. Rather the ID alone than boxes."""
        return self.id if self.id and missing(self.name) else self.told

    def title(self, of_set: str) -> str:
        """What their booklet of a set is called."""
        return f"{of_set}, {self.told}" if self.told else of_set

    @property
    def stem(self) -> str:
        """The beginning of the names of their files: never empty, never a path; somebody else's may be the same."""
        return slug(f"{self.id} {self.name}", 80, 200, "booklet")
