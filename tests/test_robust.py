"""Whatever a terminal can write, however deep a file is nested: letters and sentences, and the right exit status."""

import codecs
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from byhand import main
from exercises.common import letters, output, toml_text
from exercises.common.errors import FileError

ROOT = Path(__file__).parent.parent
FULL = Path("/dev/full")
LOW = ("ascii", "latin-1", "cp1252", "cp437")


def started(*args, to=subprocess.PIPE, errors=subprocess.PIPE, **env):
    """A process of its own, as a shell starts it."""
    return subprocess.run(
        [sys.executable, "-m", "byhand", *map(str, args)],
        cwd=ROOT, env={**os.environ, **env}, stdout=to, stderr=errors, check=False,
    )  # fmt: skip


def said(*args, encoding="utf-8"):
    """Exit status, output and what was said, in this process, to a stream of this encoding."""
    result = CliRunner(charset=encoding).invoke(main, [str(arg) for arg in args], catch_exceptions=False)
    return result.exit_code, result.stdout_bytes.decode(encoding), result.stderr_bytes.decode(encoding)


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A sheet with a name, a right line and a wrong one."""
    folder = tmp_path_factory.mktemp("course")
    text = "name: Paul Erdős\na3 = 0.755\na4 = 0.68\ny3 = 99\nδ5 = what?\n"
    (folder / "erdős.txt").write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("encoding", LOW)
def test_commands_end_alike_whatever_can_be_written(encoding, course, tmp_path):
    for args in (
        ("solve", "huddar-1"),
        ("explain", "H01"),
        ("explain",),
        ("generate", "--help"),
        ("grade", "huddar-1", course),
        ("grade", "huddar-1", course, "--hints"),
        ("report", tmp_path / "nothing"),
        ("export", "--to", "moodle", "huddar-1", "--out", tmp_path / "π.xml"),
        ("export", "--to", "nowhere", "huddar-1"),
        ("solvé", "huddar-1"),
    ):
        status, out, err = said(*args)
        low_status, low_out, low_err = said(*args, encoding=encoding)
        assert low_status == status, low_err
        assert len(low_out.splitlines()) == len(out.splitlines())
        assert bool(low_err) == bool(err)
        assert "stumbled" not in low_err


@pytest.mark.parametrize("env", [{"PYTHONIOENCODING": "ascii"}, {"PYTHONIOENCODING": "cp1252:strict"}])
def test_letters_reach_a_pipe(env):
    made = started("solve", "huddar-1", **env)
    assert made.returncode == 0
    assert not made.stderr
    assert b"y3      = sigma(a3) = sigma(0.7550) = 0.6803" in made.stdout


@pytest.mark.parametrize("encoding", LOW)
@pytest.mark.parametrize("args", [("solve", "huddar-1", "--json"), ("grade", "huddar-1", None, "--json")])
def test_json_says_the_same_in_every_encoding(encoding, args, course):
    args = [course if arg is None else arg for arg in args]
    right, low = said(*args)[1], said(*args, encoding=encoding)[1]
    assert json.loads(low) == json.loads(right)
    assert not right.isascii()


def test_letters_are_those_one_would_write():
    text = "✓ δ₅ ← −½(t₅ − ŷ)² ≈ σ′ · 10⁻³ for Paul Erdős, Łódź 🙂 “ok” W₁₃ⁿᵉʷ Φ"
    meant = 'ok delta5 <- -1/2(t5 - y)^2 ~ sigma\' * 10^-3 for Paul Erdos, Lodz ? "ok" W13^new Phi'
    assert letters.ascii_of(text) == meant
    assert text.encode("ascii", letters.SPELLED).decode() == meant
    assert "aé".encode("latin-1", letters.SPELLED) == b"a\xe9"


def test_every_letter_has_something_that_can_be_written():
    for code in range(0x30000):
        assert letters.ascii_of(chr(code)).isascii()


@pytest.mark.parametrize("text", ["“é” 🙂 \ud800", "\uffff\U00010000\U0010ffff"])
def test_escapes_are_those_of_json(text):
    line = json.dumps(text, ensure_ascii=False)
    assert json.loads(line.encode("ascii", letters.ESCAPED)) == text
    with pytest.raises(UnicodeDecodeError):
        codecs.decode(b"\xff", "ascii", letters.ESCAPED)


@pytest.mark.skipif(not FULL.exists(), reason="no device that is always full")
@pytest.mark.parametrize(
    "args", [("solve", "huddar-1"), ("--help",), ("explain",), ("solve", "huddar-1", "--json")]
)
def test_a_full_device_is_one_sentence(args):
    with FULL.open("wb") as full:
        made = started(*args, to=full)
        assert made.returncode == 2
        assert made.stderr == b"Error: the output cannot be written (No space left on device)\n"
        assert started(*args, to=full, errors=full).returncode == 2


def test_nothing_writes_past_the_one_place():
    for path in (p for top in ("exercises", "answer_keys", "grader") for p in (ROOT / top).rglob("*.py")):
        assert path.name == "output.py" or "click.echo" not in path.read_text(encoding="utf-8"), path


def test_names_do_nothing_to_a_terminal(tmp_path):
    (tmp_path / "a\x1b]0;owned\x07\x1b[2J\u202eb.doc").write_text("x", encoding="utf-8")
    _, out, err = said("grade", "huddar-1", tmp_path)
    assert "\x1b" not in out + err
    assert "\u202e" not in out + err
    assert output.harmless("Zoë\u00a0M\u200c\n\tok\x9b") == "Zoë\u00a0M\u200c\n\tok�"


NESTED = {
    "list": "x = " + "[" * 5000 + "]" * 5000,
    "table": "x = " + "{a = " * 3000 + "1" + "}" * 3000,
    "dotted": ".".join("a" * 1500) + " = 1",
    "headed": "[" + ".".join("a" * 1500) + "]",
    "deep": "x = " + "[" * 40 + "]" * 40,
}


@pytest.mark.parametrize("nested", NESTED.values(), ids=NESTED)
def test_nesting_without_end_is_one_sentence(nested, tmp_path):
    with pytest.raises(FileError, match=r"^week: tables or lists inside each other more than 20 times"):
        toml_text.read(nested, "week")
    file = tmp_path / "a.toml"
    (tmp_path / "sheet.txt").write_text("a3 = 0.755\n", encoding="utf-8")
    course = ("grade", "huddar-1", tmp_path / "sheet.txt", "--out", tmp_path / "out")
    for text, args in (
        (nested, ("solve", file)),
        (f"[[exercise]]\npoints = 1\n{nested}", ("generate", file, "--out", tmp_path / "set")),
        (
            f"[[override]]\nstudent = 'a'\nquantity = 'a3'\ncredit = 1\n{nested}",
            (*course, "--overrides", file),
        ),
        (f"[marking]\n{nested}", (*course, "--marking", file)),
    ):
        file.write_text(text, encoding="utf-8")
        status, _, err = said(*args)
        assert status == 2
        assert err.count("\n") == 1
        assert "inside each other" in err


def test_an_error_is_never_longer_than_can_be_read(tmp_path):
    file = tmp_path / "huge.toml"
    file.write_text("".join(f"[[override]]\n{'x' * 500}{n} = 1\n" for n in range(6000)), encoding="utf-8")
    (tmp_path / "sheet.txt").write_text("a3 = 0.755\n", encoding="utf-8")
    sheet, out = tmp_path / "sheet.txt", tmp_path / "out"
    status, _, err = said("grade", "huddar-1", sheet, "--out", out, "--overrides", file)
    assert status == 2
    assert len(err.splitlines()) == 41
    assert err.endswith("more\n")
    assert max(map(len, err.splitlines())) < 450
    file.write_text(f'shape = "{"x" * 90_000}"\n', encoding="utf-8")
    status, _, err = said("solve", file)
    assert status == 2
    assert len(err) < 5000


def test_an_override_that_is_no_table_is_not_passed_over(tmp_path):
    file, sheet = tmp_path / "a.toml", tmp_path / "sheet.txt"
    file.write_text("override = [1]\n", encoding="utf-8")
    sheet.write_text("a3 = 0.755\n", encoding="utf-8")
    status, _, err = said("grade", "huddar-1", sheet, "--out", tmp_path / "out", "--overrides", file)
    assert status == 2
    assert "no table; expected tables [[override]]" in err
