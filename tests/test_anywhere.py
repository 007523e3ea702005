"""The same seed gives the same bytes whatever the locale, the time zone, the hash seed, the umask, and without a home."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import byhand

ROOT = Path(byhand.__file__).parent
SET = 'title = "T"\nseed = "s"\ndate = 2026-11-26\n[[exercise]]\nkind = "composite"\n'
ELSEWHERE = {
    "other seeds of hashes": {"PYTHONHASHSEED": "7"},
    "a plain locale": {"LC_ALL": "C", "LANG": "C", "PYTHONIOENCODING": "ascii"},
    "another zone": {"TZ": "Asia/Kolkata"},
    "no home": {"HOME": None, "XDG_CACHE_HOME": None},
}

pytestmark = pytest.mark.slow


def tree(folder):
    return {
        p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()
    }


def made(folder, umask=0o022, **other):
    """A set for two, and a worksheet with its key, made in an environment."""
    folder.mkdir()
    (folder / "set.toml").write_text(SET, encoding="utf-8")
    (folder / "roster.csv").write_text("name,id\nÅsa,1\nBo,2\n", encoding="utf-8")
    env = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "1", "TZ": "UTC"}
    env = {name: value for name, value in (env | other).items() if value is not None}
    for words in (
        ["generate", "set.toml", "--roster", "roster.csv", "--out", "set"],
        ["generate", "--shape", "1-1-1", "--seed", "x", "--html", "--out", "alone"],
        ["export", "--to", "canvas", "huddar-1", "--out", "quiz.zip"],
    ):
        command = [sys.executable, "-m", "byhand", *words]
        subprocess.run(command, cwd=folder, env=env, umask=umask, check=True, capture_output=True)
    return tree(folder)


@pytest.fixture(scope="module")
def here(tmp_path_factory):
    return made(tmp_path_factory.mktemp("here") / "made")


@pytest.mark.parametrize("where", ELSEWHERE)
def test_the_same_seed_gives_the_same_bytes_wherever(here, tmp_path, where):
    assert made(tmp_path / "made", umask=0o077 if where == "no home" else 0o002, **ELSEWHERE[where]) == here
