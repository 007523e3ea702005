"""What must not get out: keys and seeds on worksheets, in files that others may read, or by way of a page."""

import os
import re
import stat
import subprocess
import sys

import pikepdf
import pypdf
import pytest
from click.testing import CliRunner

import byhand
from answer_keys.problems import load
from answer_keys.solution import solve
from exercises.common import files

SEED = "Xq7-the-secret-of-this-set"
SET = f"""
title = "Secret"
seed = "{SEED}"
[[exercise]]
kind = "chain"
shape = [2, 2, 1]
[[exercise]]
kind = "composite"
"""


def run(*args):
    result = CliRunner().invoke(byhand.main, [str(a) for a in args])
    assert result.exit_code == 0, result.output
    return result


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A set for two students, and a problem drawn alone."""
    top = tmp_path_factory.mktemp("secret")
    (top / "set.toml").write_text(SET, encoding="utf-8")
    (top / "roster.csv").write_text("name,id\nAda,1\nAlan,2\n", encoding="utf-8")
    run("generate", top / "set.toml", "--roster", top / "roster.csv", "--out", top / "out")
    run("generate", "--shape", "2-2-1", "--seed", SEED, "--html", "--out", top / "alone")
    return top


def everything_in(path):
    """All bytes of a PDF, its streams unpacked, its strings decoded."""
    parts = [path.read_bytes()]
    with pikepdf.open(path) as pdf:
        for one in pdf.objects:
            if isinstance(one, pikepdf.Stream):
                parts.append(one.read_bytes())
            parts.append(str(one).encode())
        assert "/EmbeddedFiles" not in pdf.Root.get("/Names", {})
        assert "/OpenAction" not in pdf.Root
        for field in pdf.Root.AcroForm.Fields if "/AcroForm" in pdf.Root else ():
            assert not str(field.get("/V", "")), field.T
    return b"\n".join(parts)


def right_numbers(problem):
    """The answers, as they would be printed; those that are given anyway prove nothing."""
    given = {f"{value.normalize():f}" for value in problem.values.values()}
    solution = solve(problem)
    shown = {solution.shown(step.quantity).lstrip("−-") for step in problem.graph.asked_steps}
    return {text for text in shown if len(text) > 4} - given


def test_no_worksheet_tells_the_seed_the_key_or_another_students_numbers(made):
    keys = {path: load(str(path)) for path in (made / "out" / "keys").iterdir()}
    with (made / "out" / "manifest.csv").open(encoding="utf-8") as file:
        rows = [line.split(",") for line in file.read().splitlines()[1:]]
    for booklet in (made / "out" / "booklets").iterdir():
        data = everything_in(booklet)
        whose = booklet.name[0]
        assert SEED.encode() not in data
        text = "".join(page.extract_text() for page in pypdf.PdfReader(booklet).pages)
        for _, _, _, code, _ in (row for row in rows if row[0] != whose):
            assert code.encode() not in data
        own = {row[3] for row in rows if row[0] == whose}
        for problem in (p for p in keys.values() if p.code in own):
            assert not [number for number in right_numbers(problem) if number in text]
    for sheet in (made / "alone").glob("*worksheet.*"):
        data = everything_in(sheet) if sheet.suffix == ".pdf" else sheet.read_bytes()
        assert SEED.encode() not in data
    assert (
        SEED.encode() not in (made / "out" / "policy.toml").read_bytes()
        if (made / "out" / "policy.toml").exists()
        else True
    )


@pytest.mark.skipif(sys.platform == "win32", reason="other modes there")
def test_keys_and_secrets_are_for_their_owner_only(made, tmp_path):
    secret = [p for p in made.rglob("*") if p.is_file() and ("-key" in p.name or p.name == "all-keys.pdf")]
    assert len(secret) > 8
    run("new", tmp_path / "set.toml")
    for path in (*secret, tmp_path / "set.toml"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path
    for path in (*made.rglob("*worksheet.pdf"), *(made / "out" / "booklets").iterdir()):
        assert stat.S_IMODE(path.stat().st_mode) & 0o044 == 0o044, path


def test_every_page_keeps_to_itself(made, tmp_path):
    """No script, nothing fetched, and a policy that would forbid both."""
    (tmp_path / "a.txt").write_text(
        "name: <script>alert(1)</script><img src=http://x/y>\na3 = 0.755\n", encoding="utf-8"
    )
    run("grade", "huddar-1", tmp_path / "a.txt", "--out", tmp_path / "feedback")
    run("solve", "huddar-1", "--html", tmp_path / "solution.html")
    pages = [*tmp_path.rglob("*.html"), *made.rglob("*.html")]
    assert len(pages) >= 4
    for path in pages:
        text = path.read_text(encoding="utf-8")
        assert "<script" not in text
        assert not re.search(r"<[^>]*(?:src|href)=[\"']?(?!data:)\w+:", text), path
        policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', text)
        assert "default-src 'none'" in policy[1]
        assert "script-src" not in policy[1]


def test_what_was_left_half_written_is_tidied_up_and_nothing_else(tmp_path):
    ended = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, text=True, check=True
    )
    left = tmp_path / f"{files._OURS}{ended.stdout.strip()}-abc"
    mine = tmp_path / f"{files._OURS}{os.getpid()}-abc"
    other = tmp_path / ".byhand-other"
    for path in (left, mine, other):
        path.write_text("half", encoding="utf-8")
    files.make_folder(tmp_path)
    assert [path.exists() for path in (left, mine, other)] == [False, True, True]
