"""The command `byhand`: what it promises on every call, whatever it is given."""

import ast
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from making import perfect, shipped

import byhand
from answer_keys import options, published
from answer_keys.solution import solve
from exercises.common.errors import FileError
from exercises.common.files import make_folder, write
from exercises.networks import activations, losses
from exercises.pages import row_widths
from grader import commands as grading_commands
from grader.files.registry import SUFFIXES as FORMS
from grader.mistakes import CATALOGUE

COMMANDS = (
    "new",
    "generate",
    "solve",
    "grade",
    "read",
    "regrade",
    "check",
    "explain",
    "report",
    "practice",
    "export",
)
HEAVY = ("sympy", "numpy", "weasyprint", "jinja2", "pikepdf", "rich", "tomlkit", "mpmath", "matplotlib")
SAMPLE = Path(published.__file__).with_name("huddar-1-sample.txt")


def run(*args):
    """Call byhand as from a terminal; no call may end in an exception."""
    result = CliRunner().invoke(byhand.main, [str(a) for a in args])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    assert "Traceback" not in result.output
    assert "stumbled" not in result.output
    return result


# --- help ---


def test_the_commands_are_the_contracts():
    assert tuple(byhand.COMMANDS) == COMMANDS
    listed = run("--help").stdout
    assert [
        line.split()[0]
        for line in listed.splitlines()
        if line.startswith("  ") and line.split()[0] in COMMANDS
    ] == [*COMMANDS]


@pytest.mark.parametrize("command", [(), *((name,) for name in COMMANDS)], ids=str)
def test_every_help_has_an_example_that_names_its_command(command):
    for flag in ("--help", "-h"):
        result = run(*command, flag)
        assert result.exit_code == 0
        example = " ".join(result.stdout.partition("Example:")[2].split())
        assert example.startswith(" ".join(["byhand", *command]).strip())


def test_the_version_is_told():
    result = run("--version")
    assert result.exit_code == 0
    assert result.stdout.startswith("byhand, version 0.")


def test_an_unknown_command_or_option_is_a_usage_error():
    for args in (
        ("gride",),
        ("grade",),
        ("solve",),
        ("solve", "huddar-1", "--jsn"),
        ("generate", "--count", "0"),
    ):
        result = run(*args)
        assert result.exit_code == 2
        assert "Error:" in result.stderr
        assert result.stdout == ""


def test_the_words_that_help_shows_are_those_of_the_tables():
    assert options.PAPERS == grading_commands.PAPERS == row_widths.PAPERS
    shown = " ".join(run("generate", "--help").stdout.split())
    for name in (
        *activations.NAMES,
        *losses.NAMES,
        *row_widths.PAPERS,
        "unit",
        "layer",
        "gradient",
        "negative-gradient",
    ):
        assert name in shown


def test_the_list_of_commands_starts_without_the_tables_of_functions():
    code = (
        "import sys; from byhand import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "print(sorted(m for m in sys.modules if m.startswith('exercises.formulas')), file=sys.stderr)\n"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "generate" in result.stdout
    assert result.stderr.strip() == "[]"


@pytest.mark.parametrize(
    "args", [["--version"], ["--help"], *([name, "--help"] for name in COMMANDS)], ids=" ".join
)
def test_help_starts_without_any_of_the_heavy_libraries(args):
    code = (
        "import sys, byhand\n"
        "try:\n    byhand.main(sys.argv[1:])\n"
        "except SystemExit as done:\n    assert not done.code, done.code\n"
        f"print([m for m in {HEAVY!r} if m in sys.modules], file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, *args], capture_output=True, text=True, check=True)
    assert done.stderr.strip().splitlines()[-1] == "[]"
    assert done.stdout


# --- solve ---


@pytest.mark.parametrize("name", published.names())
def test_solve_prints_every_line_as_symbols_numbers_result(name):
    problem = shipped(name)
    lines = run("solve", name).stdout.splitlines()
    worked = [" ".join(line.split()) for line in lines if line.startswith("  ")]
    by_label = {problem.label(step.quantity).text: step for step in problem.graph.steps}
    known = set(problem.graph.given)
    for line in worked:
        label, *parts = line.split(" = ")
        step = by_label.pop(label)
        assert set(step.parents) <= known  # an order in which one can compute
        known.add(step.quantity)
        assert parts
    assert not by_label


def test_solve_prints_the_contracts_kind_of_line():
    lines = [" ".join(line.split()) for line in run("solve", "huddar-1").stdout.splitlines()]
    assert "a₃ = W₁₃·x₁ + W₂₃·x₂ = (0.1)(0.35) + (0.8)(0.9) = 0.7550" in lines
    assert "δ₅ = −(∂E/∂y₅)(∂y₅/∂a₅) = −(0.1903)(0.2138) = −0.0407" in lines


def test_solve_json_is_the_contracts_and_alone_on_stdout():
    result = run("solve", "huddar-1", "--json")
    assert result.exit_code == 0
    assert result.stderr == ""
    found = json.loads(result.stdout)
    problem = shipped("huddar-1")
    values = solve(problem).values
    assert found["problem"] == "Huddar's example"
    assert list(found["quantities"]) == [s.quantity.name for s in problem.graph.steps]
    for step in problem.graph.steps:
        line = found["quantities"][step.quantity.name]
        assert set(line) == {"value", "label", "link", "symbolic", "substituted", "latex"}
        assert line["value"] == float(values[step.quantity])
        assert all(isinstance(line[key], str) and line[key] for key in set(line) - {"value"})


def test_solve_writes_what_is_asked_for_and_says_so(tmp_path):
    result = run("solve", "huddar-1", "--html", tmp_path / "a.html", "--pdf", tmp_path / "a.pdf")
    assert result.exit_code == 0
    assert result.stdout == ""
    assert result.stderr.count("wrote ") == 2
    assert (tmp_path / "a.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF-")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.html", "a.pdf"]


def test_solve_json_stays_alone_on_stdout_beside_files(tmp_path):
    result = run("solve", "huddar-1", "--json", "--html", tmp_path / "a.html")
    assert json.loads(result.stdout)["quantities"]
    assert "wrote" in result.stderr


# --- generate ---


@pytest.fixture(scope="module")
def generated(tmp_path_factory):
    folder = tmp_path_factory.mktemp("set") / "deep" / "down"
    result = run("generate", "--count", 2, "--seed", 7, "--html", "--out", folder)
    return folder, result


def test_generate_writes_worksheet_key_and_problem_file_of_each(generated):
    folder, result = generated
    assert result.exit_code == 0
    names = sorted(p.name for p in folder.iterdir())
    assert len(names) == 12
    kinds = (".toml", "-key.json", "-key.pdf", "-key.html", "-worksheet.pdf", "-worksheet.html")
    stems = {name.removesuffix(next(k for k in kinds if name.endswith(k))) for name in names}
    assert len(stems) == 2
    assert {stem[:9] for stem in stems} == {"2-2-1-01-", "2-2-1-02-"}
    assert "seed 7" in result.output


def test_the_problem_file_and_the_key_of_one_sheet_are_one_problem(generated):
    folder, _ = generated
    for path in folder.glob("*.toml"):
        key = path.with_name(f"{path.stem}-key.json")
        assert run("solve", path).stdout == run("solve", key).stdout != ""


def test_the_same_seed_gives_the_same_text_files(generated, tmp_path):
    folder, _ = generated
    run("generate", "--count", 1, "--seed", 7, "--html", "--out", tmp_path)
    again = [p for p in tmp_path.iterdir() if p.suffix != ".pdf"]
    assert len(again) == 4
    for path in again:
        assert path.read_bytes() == (folder / path.name).read_bytes()


def test_a_worksheet_gives_no_seed_away(generated):
    folder, _ = generated
    for path in folder.glob("*-worksheet.html"):
        assert "seed" not in path.read_text(encoding="utf-8").lower()
    for path in folder.glob("*.toml"):
        assert "seed" not in path.read_text(encoding="utf-8").lower()


BAD_CALLS = [
    (["generate", "--shape", "2"], "layers"),
    (["generate", "--shape", "2-0-1"], "at least 1"),
    (["generate", "--shape", "2-two-1"], "expected unit counts such as 2-2-1"),
    (["generate", "--shape", ""], "expected unit counts such as 2-2-1"),
    (["generate", "--shape", "50-50"], "at most 60"),
    (["generate", "--eta", "0"], "expected a positive number"),
    (["generate", "--eta", "nan"], "expected a positive number"),
    (["generate", "--eta", "much"], "expected a positive number"),
    (["generate", "--fixed-bias", "--no-bias"], "exclude each other"),
    (["generate", "--activation", "softmax"], "at least two outputs"),
    (["generate", "--activation", "sigmoid", "--activation", "tanh", "--activation", "tanh"], "one for each"),
    (["generate", "--activation", "sigmoyd"], "is not one of"),
    (["generate", "--places", "13"], "13"),
    (["solve", "huddar-9"], "neither a file nor a shipped exercise"),
    (["grade", "huddar-9", "x.txt"], "neither a file nor a shipped exercise"),
    (["check", "huddar-9"], "neither a file nor a shipped exercise"),
    (["explain", "Q99"], "no mistake has this code"),
    (["explain", "H0l"], "did you mean H"),
    (["solve", "huddar-1", "--pdf", "no/such/folder/a.pdf"], "cannot be written"),
    (["solve", "huddar-1", "--html", "no/such/folder/a.html"], "cannot be written"),
]


@pytest.mark.parametrize(
    ("args", "expected"), BAD_CALLS, ids=lambda v: " ".join(v) if isinstance(v, list) else ""
)
def test_a_call_that_cannot_run_says_why_and_ends_with_2(args, expected, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = run(*args)
    assert result.exit_code == 2
    assert expected in " ".join(result.stderr.split())
    assert result.stdout == ""
    assert list(tmp_path.iterdir()) == []


def test_each_fault_of_a_problem_file_is_a_line_on_stderr(tmp_path):
    path = tmp_path / "bad.toml"
    path.write_text("shape = [2, 2, 1]\nlos = 3\nplaces = 99\n[values]\nx1 = true\n", encoding="utf-8")
    result = run("solve", path)
    assert result.exit_code == 2
    lines = result.stderr.splitlines()
    assert len(lines) >= 10
    assert all(line.startswith(f"Error: {path}: ") for line in lines)


def test_an_output_folder_that_is_a_file_is_named(tmp_path):
    (tmp_path / "taken").write_text("x", encoding="utf-8")
    for out in (tmp_path / "taken", tmp_path / "taken" / "below"):
        result = run("generate", "--out", out)
        assert result.exit_code == 2
        assert "taken" in result.stderr
    assert (tmp_path / "taken").read_text(encoding="utf-8") == "x"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_an_output_folder_without_permission_is_named(tmp_path):
    tmp_path.chmod(0o500)
    result = run("generate", "--out", tmp_path)
    tmp_path.chmod(0o700)
    assert result.exit_code == 2
    assert str(tmp_path) in result.stderr


# --- files: whole or not at all ---


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    path = tmp_path / "key.json"
    write(path, "old")

    def full(*_):
        raise OSError(28, "No space left on device")

    for step in ("replace", "chmod"):
        with monkeypatch.context() as patch:
            patch.setattr(Path, step, full)
            with pytest.raises(FileError, match=r"key.json: cannot be written \(No space left on device\)"):
                write(path, "new")
        assert path.read_text(encoding="utf-8") == "old"
        assert [p.name for p in tmp_path.iterdir()] == ["key.json"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_disk_that_fills_up_leaves_nothing_behind(tmp_path, monkeypatch):
    class Full:
        """A temporary file on a full disk."""

        def __init__(self, **where):
            self.name = str(where["dir"] / f"{where['prefix']}x")
            Path(self.name).touch()

        def __enter__(self):
            return self

        def __exit__(self, *_):
            return None

        def write(self, _):
            raise OSError(28, "No space left on device")

    monkeypatch.setattr("exercises.common.files.tempfile.NamedTemporaryFile", Full)
    with pytest.raises(FileError, match="No space left on device"):
        write(tmp_path / "a.pdf", b"x")
    assert list(tmp_path.iterdir()) == []


def test_what_is_written_has_ordinary_permissions_and_replaces_what_stood_there(tmp_path):
    path = tmp_path / "a.txt"
    write(path, "one")
    write(path, b"two")
    assert path.read_bytes() == b"two"
    mask = os.umask(0)
    os.umask(mask)
    assert path.stat().st_mode & 0o777 == 0o666 & ~mask
    make_folder(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").is_dir()
    with pytest.raises(FileError, match="cannot be made a folder"):
        make_folder(path)


# --- grade ---


def answers(tmp_path, name="ada.txt", **changes):
    """A perfect sheet of huddar-1 as a text file, with some lines changed."""
    texts = {q.name: t for q, t in perfect(shipped("huddar-1")).items()} | changes
    path = tmp_path / name
    path.write_text("".join(f"{n} = {t}\n" for n, t in texts.items()), encoding="utf-8")
    return path


def test_a_wrong_answer_is_no_failure_of_the_command(tmp_path):
    result = run("grade", "huddar-1", answers(tmp_path, delta3="-0.0122"))
    assert result.exit_code == 0
    assert result.stderr == ""
    assert "ada   34 / 35" in result.stdout
    assert "✗ δ₃  hidden delta" in result.stdout


def test_json_is_a_report_a_line_alone_on_stdout(tmp_path):
    first, second = answers(tmp_path), answers(tmp_path, "bob.txt", y3="0.9")
    result = run("grade", "huddar-1", first, second, "--json")
    assert result.exit_code == 0
    assert result.stderr == ""
    reports = [json.loads(line) for line in result.stdout.splitlines()]
    assert [r["student"] for r in reports] == ["ada", "bob"]
    assert [r["first_error"] for r in reports] == [None, "y3"]


def test_what_cannot_be_read_is_named_on_stderr_and_the_rest_is_graded(tmp_path):
    good, bad = answers(tmp_path), tmp_path / "bad.pdf"
    bad.write_bytes(b"no pdf at all")
    result = run("grade", "huddar-1", bad, tmp_path / "none.txt", good, tmp_path / "odd.docx", "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["student"] == "ada"
    lines = result.stderr.splitlines()
    assert len(lines) == 3
    for name, line in zip(("bad.pdf", "none.txt", "odd.docx"), lines, strict=True):
        assert name in line


def test_an_unreadable_number_ends_with_1(tmp_path):
    result = run("grade", "huddar-1", answers(tmp_path, a3="O.7550"), "--json")
    assert result.exit_code == 1
    verdicts = {a["quantity"]: a["verdict"] for a in json.loads(result.stdout)["answers"]}
    assert verdicts.pop("a3") == "unreadable"
    assert set(verdicts.values()) == {"correct"}


def test_an_unreadable_number_is_named_on_stderr(tmp_path):
    result = run("grade", "huddar-1", answers(tmp_path, a3="O.7550"), "--json")
    assert "a3" in result.stderr
    assert "ada" in result.stderr


def test_nothing_to_grade_ends_with_1_and_says_so(tmp_path):
    result = run("grade", "huddar-1", tmp_path)
    assert result.exit_code == 1
    assert "no submissions in this folder" in result.stderr


def test_results_are_written_for_each_student(tmp_path):
    folder = tmp_path / "handed-in"
    folder.mkdir()
    answers(folder, "ada.txt")
    answers(folder, "bob.txt", delta3="-0.0122")
    out = tmp_path / "out"
    result = run("grade", "huddar-1", folder, "--out", out)
    assert result.exit_code == 0
    names = sorted(p.name for p in out.iterdir())
    for student in ("ada", "bob"):
        assert any(student in name and name.endswith(".pdf") for name in names)
    assert not any(name.startswith(".") for name in names)
    reports = [
        json.loads(line) for p in out.glob("*.jsonl") for line in p.read_text(encoding="utf-8").splitlines()
    ]
    assert [r["student"] for r in reports] in ([], ["ada", "bob"])


def test_students_of_one_name_or_with_a_hostile_one_do_not_overwrite_each_other(tmp_path):
    sheet = answers(tmp_path).read_text(encoding="utf-8")
    folder = tmp_path / "in"
    folder.mkdir()
    for number, name in enumerate(("../../evil", "Ada", "ada", "Ada", "a/b", "..", "CON", "x" * 300)):
        (folder / f"{number}.txt").write_text(f"student = {name}\n{sheet}", encoding="utf-8")
    out = tmp_path / "deep" / "out"
    result = run("grade", "huddar-1", folder, "--out", out)
    assert result.exit_code == 1  # two students of one name: said on stderr
    written = {p.relative_to(tmp_path).parts[0] for p in tmp_path.rglob("*") if p.is_file()}
    assert written == {"ada.txt", "in", "deep"}
    assert len({p.name.lower() for p in out.rglob("*.pdf")}) == 8


CONTROLS = ("\x1b", "\x07", "\x9b", "\u202e")


def hostile(tmp_path, **changes):
    path = answers(tmp_path, **changes)
    head = "student = \x1b]0;owned\x07Eve\u202e\n\x1b[2Jq = 1\n"
    path.write_text(head + path.read_text(encoding="utf-8"), encoding="utf-8")
    return path


@pytest.mark.parametrize("flag", ["--json", "--hints"])
def test_no_terminal_sequence_in_a_name_reaches_the_terminal(tmp_path, flag):
    output = run("grade", "huddar-1", hostile(tmp_path), flag).output
    assert "Eve" in output
    assert not [c for c in CONTROLS if c in output]


@pytest.mark.parametrize("flag", ["--json", "--hints"])
def test_no_terminal_sequence_in_an_answer_reaches_the_terminal(tmp_path, flag):
    output = run(
        "grade", "huddar-1", hostile(tmp_path, a3="\x1b[2J0.5", y3="\x9b31m", a4="\u202e1"), flag
    ).output
    assert "Eve" in output
    assert not [c for c in CONTROLS if c in output]


def test_markup_in_a_students_name_or_answer_is_printed_as_it_is(tmp_path):
    path = answers(tmp_path, a3="[bold]0.5[/bold]")
    path.write_text("student = [red]Eve[/red] [/]\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    result = run("grade", "huddar-1", path)
    assert "[red]Eve[/red] [/]" in result.stdout


def test_hints_show_no_expected_number(tmp_path):
    path = answers(tmp_path, delta3="-0.0122")
    shown = run("grade", "huddar-1", path, "--hints").stdout
    assert "Look at δ₃ again." in shown
    assert "0.0027" not in shown.replace("−", "-")


@pytest.mark.parametrize("form", FORMS)
def test_an_empty_file_of_any_form_is_named(tmp_path, form):
    path = tmp_path / f"empty{form}"
    path.touch()
    result = run("grade", "huddar-1", path)
    assert result.exit_code == 1
    assert f"empty{form}: the file is empty" in result.stderr


def test_the_shipped_sample_tells_its_story():
    result = run("grade", "huddar-1", SAMPLE)
    assert result.exit_code == 0
    assert "Sam Sample" in result.stdout
    assert "δ₃" in result.stdout


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("solve-huddar-1.txt", ["solve", "huddar-1"]),
        ("solve-tutorial-2-2-1.txt", ["solve", "tutorial-2-2-1"]),
        ("grade-sample.txt", ["grade", "huddar-1", SAMPLE]),
        ("grade-sample-hints.txt", ["grade", "huddar-1", SAMPLE, "--hints"]),
        ("explain-H01.txt", ["explain", "H01"]),
    ],
    ids=lambda v: v if isinstance(v, str) else "",
)
def test_what_people_read_stays_as_it_is(golden, name, args):
    golden(name, run(*args).stdout)


# --- check and explain ---


@pytest.mark.parametrize("name", published.names())
def test_check_tells_what_the_numbers_hide(name):
    assert run("check", name).exit_code == 0
    result = run("check", name, "--json")
    found = json.loads(result.stdout)
    assert result.stderr == ""
    assert set(found) == {"problem", "mistakes", "hidden", "alike", "always_alike", "advice"}
    assert found["mistakes"] > 200
    names = {s.quantity.name for s in shipped(name).graph.steps}
    assert {h["quantity"] for h in found["hidden"]} <= names
    assert all(len(pair) == 2 for pair in found["alike"])


def test_check_sees_that_a_learning_rate_of_one_hides_its_own_omission():
    found = json.loads(run("check", "huddar-1", "--json").stdout)
    assert any("η = 1" in sentence for sentence in found["advice"])


def test_explain_lists_every_code_and_explains_each(tmp_path):
    listed = run("explain").stdout
    for entry in CATALOGUE:
        assert f"{entry.code}  {entry.name}" in listed
    for code in ("H01", "h01"):
        shown = run("explain", code).stdout
        assert "right  " in shown
        assert "wrong  " in shown
        assert "Hint for the student: " in shown
    assert list(tmp_path.iterdir()) == []


# --- from the outside ---


def command():
    """The installed command, beside this Python or on the path."""
    beside = Path(sys.executable).with_name("byhand")
    return str(beside) if beside.exists() else shutil.which("byhand")


def test_the_installed_command_runs_with_warnings_as_errors(tmp_path):
    env = {**os.environ, "PYTHONWARNINGS": "error"}
    done = subprocess.run(
        [command(), "grade", "huddar-1", SAMPLE, "--json"],
        capture_output=True,
        text=True,
        env=env,
        cwd=tmp_path,
        check=True,
    )
    assert json.loads(done.stdout)["student"] == "Sam Sample"
    assert done.stderr == ""


def test_a_reader_that_stops_early_is_no_error(tmp_path):
    """`byhand explain | head -1`."""
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; '{command()}' solve mazur-2-2-2 --json | head -c 10"],
        capture_output=True, text=True, cwd=tmp_path, check=False,
    )  # fmt: skip
    assert "Traceback" not in done.stderr
    assert "stumbled" not in done.stderr


def test_an_unforeseen_exception_is_one_sentence(monkeypatch):
    monkeypatch.setattr("answer_keys.problems.load", lambda _: 1 / 0)
    result = CliRunner().invoke(byhand.main, ["solve", "huddar-1"])
    assert result.exit_code == 2
    assert result.stderr.startswith(
        "Error: byhand stumbled over something it did not expect (ZeroDivisionError"
    )
    assert len(result.stderr.splitlines()) == 1


def test_the_command_module_imports_click_and_what_it_needs_at_once():
    tree = ast.parse(Path(byhand.__file__).read_text(encoding="utf-8"))
    found = {n.module for n in tree.body if isinstance(n, ast.ImportFrom)}
    assert found == {"typing", "exercises.common", "exercises.common.errors", "exercises.common.safely"}
