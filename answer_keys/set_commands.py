"""The command `new`: a problem set to start from."""

from __future__ import annotations

from pathlib import Path

import click

from exercises.common.output import show


@click.command(epilog="Example:  byhand new thursday.toml")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), default=Path("problem-set.toml"))
def new(file: Path) -> None:
    """Write a commented problem set to start from, with a secret of its own."""
    import secrets

    from answer_keys.problem_set import starter
    from exercises.common.errors import FileError
    from exercises.common.files import write

    if file.exists():
        raise FileError(f"{file}: exists already; choose another name")
    write(file, starter(secrets.token_urlsafe(16)), secret=True)
    show(f"wrote {file}; draw it with: byhand generate {file} --roster roster.csv --out problem-set")
