"""Problem sets: read with all faults, drawn the same for the same student, bound into booklets, graded from files."""

import csv
import io
import json
import re
from dataclasses import replace

import pikepdf
import pypdf
import pytest
from click.testing import CliRunner

from answer_keys import in_words, keyfile, problem_set, set_production
from answer_keys.draw_problems import draw_problems
from answer_keys.order import order_of
from answer_keys.owner import Owner
from answer_keys.problems import load
from answer_keys.solution import solve
from byhand import main
from exercises.common.errors import ProblemError
from exercises.formulas import decimals
from exercises.networks.kinds import KINDS

SET = """
title = "Thursday"
course = "Nets & nerves"
date = 2026-11-26
seed = "a secret"

[[exercise]]
kind = "computation-graph"
points = 5

[[exercise]]
shape = [1, 1]
bias = false
points = 2.5
"""
ROSTER = "name,id\nAda Lovelace,1001\nAlan Turing,1002\n"


def written(folder, text=SET, roster=ROSTER):
    (folder / "set.toml").write_text(text, encoding="utf-8")
    (folder / "roster.csv").write_text(roster, encoding="utf-8")
    return folder / "set.toml"


def run(*arguments):
    result = CliRunner().invoke(main, list(map(str, arguments)))
    assert result.exit_code == 0, result.output
    return result


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A drawn set for two students."""
    folder = tmp_path_factory.mktemp("set")
    run("generate", written(folder), "--roster", folder / "roster.csv", "--out", folder / "out")
    return folder / "out"


def rows(folder):
    with (folder / "manifest.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def fields(path):
    with pikepdf.open(path) as pdf:
        return [str(field.T) for field in pdf.Root.AcroForm.Fields]


def test_everybody_gets_a_booklet_a_key_and_a_row_for_each_exercise(made):
    assert sorted(p.name for p in (made / "booklets").iterdir()) == [
        "1001-ada-lovelace.pdf",
        "1002-alan-turing.pdf",
    ]
    assert len(list((made / "booklet-keys").iterdir())) == 2
    found = rows(made)
    assert [(r["student_id"], r["exercise"], r["points"]) for r in found] == [
        ("1001", "1", "5"), ("1001", "2", "2.5"), ("1002", "1", "5"), ("1002", "2", "2.5"),
    ]  # fmt: skip
    assert len({r["code"] for r in found}) == 4
    assert {p.name for p in (made / "keys").iterdir()} == {f"{r['code']}-key.json" for r in found}


def test_a_booklet_is_a_form_with_a_cover_an_outline_and_tags(made):
    path = made / "booklets" / "1001-ada-lovelace.pdf"
    codes = [r["code"] for r in rows(made) if r["student_id"] == "1001"]
    names = fields(path)
    assert len(names) == len(set(names))
    assert {name.partition(":")[0] for name in names} == set(codes)
    reader = pypdf.PdfReader(path)
    text = " ".join(page.extract_text() for page in reader.pages)
    assert "Thursday" in text
    assert "Nets & nerves" in text
    assert text.count("Ada Lovelace") >= 3, "on the cover and on each exercise"
    assert next(item.title for item in reader.outline) == "Thursday"
    assert "/StructTreeRoot" in reader.trailer["/Root"]
    assert reader.metadata.get("/Keywords") == ", ".join(["byhand", *codes])


def test_every_page_of_a_key_says_whose_it_is(made):
    for name in ("1001-ada-lovelace", "1002-alan-turing"):
        owner = " ".join(name.split("-")[1:]).title() + f" · {name[:4]}"
        for folder, path in (("booklet-keys", f"{name}-key.pdf"), ("booklets", f"{name}.pdf")):
            pages = pypdf.PdfReader(made / folder / path).pages
            assert all(page.extract_text().count(owner) == 1 for page in pages)
    codes = [r["code"] for r in rows(made)]
    pages = pypdf.PdfReader(made / "booklet-keys" / "1001-ada-lovelace-key.pdf").pages
    assert all(any(code in page.extract_text() for code in codes[:2]) for page in pages)


def test_a_cover_says_of_each_exercise_what_to_do(made):
    for path in (
        made / "booklets" / "1001-ada-lovelace.pdf",
        made / "booklet-keys" / "1001-ada-lovelace-key.pdf",
    ):
        text = pypdf.PdfReader(path).pages[0].extract_text()
        assert "Find every value, the derivative on every edge" in text
        assert "Forward pass, loss, deltas, gradients, update, and a check run" in text


def test_a_title_has_the_width_of_the_cover(tmp_path):
    title = "Problem set 2: Backpropagation by hand"
    run("generate", written(tmp_path, SET.replace("Thursday", title)), "--out", tmp_path / "out")
    assert title in pypdf.PdfReader(tmp_path / "out" / "booklets" / "booklet.pdf").pages[0].extract_text()


def test_structure_points_to_the_pages_that_are_there(made):
    with pikepdf.open(made / "booklets" / "1001-ada-lovelace.pdf") as pdf:
        numbers = list(pdf.Root.StructTreeRoot.ParentTree.Nums)[::2]
        assert len(numbers) == len({int(n) for n in numbers})
        own = [int(page.StructParents) for page in pdf.pages]
        own += [
            int(a.StructParent) for page in pdf.pages for a in page.get("/Annots", []) if "/StructParent" in a
        ]
        assert len(own) == len(set(own))
        assert set(own) <= {int(n) for n in numbers}


def test_files_for_the_printer_begin_each_booklet_on_a_front_side(made):
    merged = pypdf.PdfReader(made / "all-booklets.pdf")
    starts = [
        merged.get_destination_page_number(item) for item in merged.outline if not isinstance(item, list)
    ]
    assert len(starts) == 2
    assert all(start % 2 == 0 for start in starts)


def test_without_a_roster_there_is_one_booklet_with_a_name_to_fill_in(tmp_path):
    run("generate", written(tmp_path), "--out", tmp_path / "out")
    names = fields(tmp_path / "out" / "booklets" / "booklet.pdf")
    assert names.count("student") == names.count("student_id") == 1


def codes_of(text, owners):
    found = problem_set.read(text)
    return {
        owner.id: [
            next(draw_problems(order_of(e.options), [found.seed_for(e, owner.id)], None)).problem.code
            for e in found.exercises
        ]
        for owner in owners
    }


def test_a_students_numbers_depend_on_the_secret_and_the_student_only(tmp_path):
    two = [Owner("1", "A"), Owner("2", "B")]
    path = written(tmp_path)
    first = codes_of(path, two)
    assert codes_of(path, [Owner("3", "C"), *reversed(two)]).items() >= first.items()
    assert codes_of(path, [Owner("1", "Another name")])["1"] == first["1"]
    other = codes_of(written(tmp_path, SET.replace("a secret", "another")), two)
    assert not {c for own in other.values() for c in own} & {c for own in first.values() for c in own}


def test_the_secret_is_in_no_file_that_is_handed_out(made):
    for path in made.rglob("*"):
        if path.is_file():
            assert b"a secret" not in path.read_bytes()


def test_the_same_set_gives_the_same_bytes(made, tmp_path):
    path = written(tmp_path)
    run("generate", path, "--roster", tmp_path / "roster.csv", "--out", tmp_path / "out")
    for one in sorted(p for p in made.rglob("*") if p.is_file()):
        assert one.read_bytes() == (tmp_path / "out" / one.relative_to(made)).read_bytes(), one.name


@pytest.mark.slow
def test_several_processes_give_the_same_bytes(made, tmp_path, monkeypatch):
    monkeypatch.setattr(set_production, "ALONE", 1)
    path = written(tmp_path)
    run("generate", path, "--roster", tmp_path / "roster.csv", "--out", tmp_path / "out")
    for one in sorted((made / "booklets").iterdir()):
        assert one.read_bytes() == (tmp_path / "out" / "booklets" / one.name).read_bytes()


def test_a_booklet_filled_in_rightly_gets_all_points(made, tmp_path):
    mine = [r["code"] for r in rows(made) if r["student_id"] == "1002"]
    answers = {}
    for code in mine:
        problem = keyfile.read(made / "keys" / f"{code}-key.json")
        values = solve(problem).values
        for q in problem.graph.asked:
            answers[f"{code}:{q.name}"] = f"{decimals.rounded(values[q], problem.places):f}"
    with pikepdf.open(io.BytesIO((made / "booklets" / "1002-alan-turing.pdf").read_bytes())) as pdf:
        for field in pdf.Root.AcroForm.Fields:
            field.V = pikepdf.String(answers[str(field.T)])
        (tmp_path / "in").mkdir()
        pdf.save(tmp_path / "in" / "alan.pdf")
    arguments = [made, tmp_path / "in", "--roster", tmp_path / "r.csv", "--out", tmp_path / "results"]
    (tmp_path / "r.csv").write_text("name,id\nAlan Turing,1002\n", encoding="utf-8")
    run("grade", *arguments, "--feedback", "none")
    with (tmp_path / "results" / "results.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert float(row["total"]) == float(row["out_of"]) == 7.5


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (('seed = "a secret"', ""), "seed is missing"),
        (("points = 5", "pionts = 5"), "exercise 1: pionts is unknown; did you mean points?"),
        (('title = "Thursday"', "titel = 1"), "titel is unknown; did you mean title?"),
        (('kind = "computation-graph"', 'kind = "computation"'), "exercise 1: kind"),
        (("points = 2.5", "points = -1"), "exercise 2: points"),
        (("bias = false", "count = 0"), "exercise 2: count"),
        (("shape = [1, 1]", 'shape = "large"'), "exercise 2: shape"),
        (("[[exercise]]", "[[exercises]]"), "did you mean exercise?"),
        (("date = 2026-11-26", "date = 3"), "date: expected"),
        (("title =", "title ="), ""),
    ],
)
def test_faults_are_told_with_where_and_what(tmp_path, change, told):
    path = written(tmp_path, SET.replace(*change))
    if not told:
        assert problem_set.read(path).exercises
        return
    with pytest.raises(ProblemError) as caught:
        problem_set.read(path)
    assert any(told in fault for fault in caught.value.faults), caught.value.faults
    assert all(str(path) in fault for fault in caught.value.faults)


def test_a_starter_is_a_set_with_a_secret_of_its_own(tmp_path):
    seeds = []
    for name in ("one.toml", "two.toml"):
        run("new", tmp_path / name)
        found = problem_set.read(tmp_path / name)
        assert len(found.exercises) >= 3
        seeds.append(found.seed)
    assert seeds[0] != seeds[1]
    again = CliRunner().invoke(main, ["new", str(tmp_path / "one.toml")])
    assert again.exit_code == 2, "nothing is overwritten"


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_can_stand_in_a_set(tmp_path, kind):
    path = written(tmp_path, f'seed = "s"\n[[exercise]]\nkind = "{kind}"\ncount = 2\n')
    found = problem_set.read(path)
    assert [e.name for e in found.exercises] == ["1", "2"]
    assert found.exercises[0].seed != found.exercises[1].seed
    assert order_of(found.exercises[0].options).plan.kind == kind


def test_a_roster_without_a_set_is_a_mistake(tmp_path):
    written(tmp_path)
    result = CliRunner().invoke(main, ["generate", "--roster", str(tmp_path / "roster.csv")])
    assert result.exit_code == 2
    assert "problem set" in result.output


def test_a_key_tells_nothing_of_how_it_was_drawn(made):
    content = json.loads(next((made / "keys").iterdir()).read_text(encoding="utf-8"))
    assert content["seed"] is None


# --- a problem that is given, not drawn ---

OWN = """# every weight by my own hand
title = "XOR, one step"
shape = [2, 2, 1]
bias = false
places = 3
[values]
x1 = 1
x2 = 0
W13 = 0.5
W23 = -0.4
W14 = 0.3
W24 = 0.8
W35 = 0.7
W45 = -0.2
t5 = 1
eta = 0.5
[marking]
update = 0.5
"""
MIXED = """
seed = "a secret"

[[exercise]]
problem = "own/xor.toml"
points = 4

[[exercise]]
shape = [1, 1]
bias = false
points = 2

[[exercise]]
problem = "huddar-1"
title = "From the tutorial"
"""


def right(problem):
    """The answer to every line of a problem, by name."""
    values = solve(problem).values
    found = {q.name: f"{decimals.rounded(values[q], problem.places):f}" for q in problem.graph.asked}
    return found | solve(problem).questions


def own(folder):
    (folder / "own").mkdir(exist_ok=True)
    (folder / "own" / "xor.toml").write_text(OWN, encoding="utf-8")
    return folder / "own" / "xor.toml"


def graded(problem, answers, folder):
    """The report on a text file with these answers."""
    (folder / "answers.txt").write_text("".join(f"{k} = {v}\n" for k, v in answers.items()), encoding="utf-8")
    return json.loads(run("grade", problem, folder / "answers.txt", "--json").stdout)


@pytest.mark.part(3)
@pytest.mark.parametrize("named", ["own/xor.toml", "huddar-1", "mazur-2-2-2", "exercise-2", "warm", "find"])
def test_a_given_problem_becomes_worksheet_and_key_which_grade(tmp_path, monkeypatch, named):
    monkeypatch.chdir(tmp_path)
    own(tmp_path)
    if named in {"warm", "find"}:
        kind = {"warm": "composite", "find": "find-the-mistake"}[named]
        run("generate", "--kind", kind, "--seed", "1", "--out", named)
        (named,) = map(str, (tmp_path / named).glob("*-key.json"))
    before = load(named)
    run("generate", named, "--out", "out", "--paper", "letter", "--html", "--title", "Mine")
    (key,) = (tmp_path / "out").glob("*-key.json")
    stem = key.name.removesuffix("-key.json")
    endings = (".toml", "-key.json", "-key.pdf", "-worksheet.pdf", "-key.html", "-worksheet.html")
    assert {p.name for p in (tmp_path / "out").iterdir()} == {stem + ending for ending in endings}
    for path in (key, key.with_name(f"{stem}.toml")):
        assert load(str(path)) == replace(before, title="Mine")
    assert json.loads(key.read_text(encoding="utf-8"))["seed"] == ("1" if "-key" in named else None)
    page = pypdf.PdfReader(key.with_name(f"{stem}-worksheet.pdf")).pages[0]
    assert "Mine" in page.extract_text()
    assert abs(float(page.mediabox.width) - 612) < 1
    report = graded(key, right(before), tmp_path)
    assert report["score"] == report["out_of"] > 0
    run("export", "--to", "gradescope", key, "--out", tmp_path)


def test_what_numbers_hide_stands_in_the_key_of_a_given_problem_too(tmp_path):
    text = OWN.replace("W45 = -0.2", "W45 = 0.7").replace("W14 = 0.3", "W14 = 0.5")
    own(tmp_path).write_text(text, encoding="utf-8")
    run("generate", tmp_path / "own" / "xor.toml", "--out", tmp_path / "out")
    content = json.loads(next((tmp_path / "out").glob("*-key.json")).read_text(encoding="utf-8"))
    found = json.loads(run("check", tmp_path / "own" / "xor.toml", "--json").stdout)
    assert content["coincide"]["hidden"]
    assert len(content["coincide"]["hidden"]) == len(found["hidden"])


def test_a_file_that_is_printed_is_never_written_over(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = own(tmp_path)
    run("generate", path, "--out", tmp_path)
    (made,) = tmp_path.glob("*.toml")
    made.write_text(OWN.replace("own hand", "other hand"), encoding="utf-8")
    run("generate", made.name, "--out", ".")
    assert "other hand" in made.read_text(encoding="utf-8")
    assert list(tmp_path.glob("*.toml")) == [made]
    made.write_text(OWN.replace("x2 = 0", "x2 = 0.5"), encoding="utf-8")
    run("generate", made.name, "--out", ".")
    codes = {path.stem: load(str(path)).code for path in tmp_path.glob("*.toml")}
    assert len(codes) == 2, "changed numbers have a code, and a file, of their own"
    assert f"xor-{codes[made.stem]}" in codes


@pytest.fixture(scope="module")
def mixed(tmp_path_factory):
    """A set with a problem of one's own, one that is drawn and a shipped one, for two students."""
    folder = tmp_path_factory.mktemp("mixed")
    own(folder)
    path = written(folder, MIXED)
    run("generate", path, "--roster", folder / "roster.csv", "--out", folder / "out")
    return folder / "out"


@pytest.mark.slow
def test_a_given_problem_has_the_same_numbers_for_everyone(mixed):
    codes = {(r["exercise"], r["student_id"]): r["code"] for r in rows(mixed)}
    for exercise, same in (("1", True), ("2", False), ("3", True)):
        assert (codes[exercise, "1001"] == codes[exercise, "1002"]) is same
    assert [r["points"] for r in rows(mixed)][:3] == ["4", "2", "10"]
    assert len(list((mixed / "keys").iterdir())) == 4
    text = pypdf.PdfReader(mixed / "booklets" / "1001-ada-lovelace.pdf").pages[0].extract_text()
    assert "XOR, one step" in text
    assert "From the tutorial" in text


@pytest.mark.parametrize("name", ["1002-alan-turing.pdf", "scan0001.pdf"])
def test_a_course_with_given_problems_is_graded(mixed, tmp_path, name):
    """Also where a booklet's own name is lost: then the problem that nobody else has tells whose it is."""
    answers = {}
    for key in (mixed / "keys").iterdir():
        problem = load(str(key))
        answers |= {f"{problem.code}:{q}": text for q, text in right(problem).items()}
    (tmp_path / "in").mkdir()
    with pikepdf.open(mixed / "booklets" / "1002-alan-turing.pdf") as pdf:
        for field in pdf.Root.AcroForm.Fields:
            field.V = pikepdf.String(answers[str(field.T)])
        pdf.save(tmp_path / "in" / name)
    roster = mixed.parent / "roster.csv"
    done = ["grade", mixed, tmp_path / "in", "--roster", roster, "--out", tmp_path / "results"]
    CliRunner().invoke(main, list(map(str, [*done, "--feedback", "none"])))
    with (tmp_path / "results" / "results.csv").open(encoding="utf-8-sig", newline="") as file:
        ada, alan = csv.DictReader(file)
    assert float(alan["total"]) == float(alan["out_of"]) == 16
    assert not ada["total"] or float(ada["total"]) == 0


def test_sheets_of_two_students_in_one_file_do_not_tell_whose_the_common_problem_is(mixed, tmp_path):
    codes = {(r["exercise"], r["student_id"]): r["code"] for r in rows(mixed)}
    text = "".join(
        f"code: {codes[key]}\n" + "".join(f"{k} = {v}\n" for k, v in right(keyed(mixed, codes[key])).items())
        for key in (("2", "1001"), ("2", "1002"), ("1", "1001"))
    )
    (tmp_path / "all.txt").write_text(text, encoding="utf-8")
    roster = mixed.parent / "roster.csv"
    arguments = ["grade", mixed, tmp_path / "all.txt", "--roster", roster, "--out", tmp_path / "results"]
    CliRunner().invoke(main, list(map(str, [*arguments, "--feedback", "none"])))
    with (tmp_path / "results" / "to-settle.csv").open(encoding="utf-8-sig", newline="") as file:
        strangers = [r["code"] for r in csv.DictReader(file) if "all.txt" in r["file"]]
    assert strangers == [codes["1", "1001"]]


def keyed(folder, code):
    return load(str(folder / "keys" / f"{code}-key.json"))


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ('problem = "xor.toml"', "exercise 1: problem: xor.toml: neither a file nor a shipped exercise"),
        ('problem = "huddar1"', "did you mean huddar-1?"),
        ("problem = 3", "exercise 1: problem: expected a file or a shipped name"),
        ('problem = "set.toml"', "set.toml: a problem set, not a problem"),
        ('problem = "roster.csv"', "roster.csv: neither a problem file nor an answer key"),
        ('problem = "own"', "own: a folder"),
        (
            'problem = "huddar-1"\nkind = "chain"',
            "exercise 1: kind: nothing is drawn where a problem is given",
        ),
        ('problem = "huddar-1"\ncount = 2', "exercise 1: count: nothing is drawn"),
        (
            'problem = "huddar-1"\n[[exercise]]\nproblem = "huddar-1"',
            "exercise 2: problem: the same problem as in",
        ),
        ('probelm = "huddar-1"', "exercise 1: probelm is unknown; did you mean problem?"),
    ],
)
def test_faults_of_a_given_problem_are_told_with_where_and_what(tmp_path, table, told):
    own(tmp_path)
    path = written(tmp_path, f'seed = "s"\n[[exercise]]\n{table}\n')
    with pytest.raises(ProblemError) as caught:
        problem_set.read(path)
    assert len(caught.value.faults) == 1
    assert told in caught.value.faults[0]


# --- shared numbers, versions, questions in words ---

TOGETHER = """
title = "Together"
seed = "a secret"
[[exercise]]
kind = "chain"
shape = [2, 2, 1]
activation = "tanh"
points = 4
[[exercise]]
same_numbers_as = 1
kind = "full-pass"
points = 10
[[exercise]]
title = "Why?"
question = "Why does the loss fall?\\n\\nSay it in your own words."
lines = 12
points = 3
"""


def test_exercises_on_the_same_numbers_and_a_question_in_words(tmp_path):
    run(
        "generate",
        written(tmp_path, TOGETHER),
        "--roster",
        tmp_path / "roster.csv",
        "--out",
        tmp_path / "out",
    )
    found = rows(tmp_path / "out")
    assert [(r["exercise"], bool(r["code"]), r["points"]) for r in found[:3]] == [
        ("1", True, "4"), ("2", True, "10"), ("3", False, "3"),
    ]  # fmt: skip
    chain, whole, other, _ = (
        load(str(tmp_path / "out" / "keys" / f"{r['code']}-key.json")) for r in found if r["code"]
    )
    assert {q.name: v for q, v in whole.values.items()}.items() <= {
        q.name: v for q, v in chain.values.items()
    }.items()
    assert (chain.plan.kind, whole.plan.kind, whole.network) == ("chain", "full-pass", chain.network)
    assert other.values != chain.values
    text = "".join(
        page.extract_text() for page in pypdf.PdfReader(next((tmp_path / "out" / "booklets").iterdir())).pages
    )
    for part in ("Exercise 3: Why?", "Say it in your own words.", "To be answered in words · 3 points"):
        assert part in text
    (question,) = in_words.read_in_words(tmp_path / "out")
    assert (question.heading, question.points) == ("Exercise 3: Why?", 3)
    (tmp_path / "in").mkdir()
    for code, problem in ((chain.code, chain), (whole.code, whole)):
        lines = [
            f"{q.name} = {decimals.rounded(v, problem.places):f}" for q, v in solve(problem).values.items()
        ]
        (tmp_path / "in" / f"{code}.txt").write_text(
            "\n".join(["id: 1001", f"code: {code}", *lines]), encoding="utf-8"
        )
    arguments = (
        "grade",
        tmp_path / "out",
        tmp_path / "in",
        "--roster",
        tmp_path / "roster.csv",
        "--feedback",
        "none",
    )
    result = CliRunner().invoke(main, [*map(str, arguments), "--out", str(tmp_path / "res")])
    assert re.search(
        r"^marked by hand +2  Ada Lovelace \(1001\); Alan Turing \(1002\): a person marks it",
        result.stderr,
        re.MULTILINE,
    )
    (tmp_path / "marks.csv").write_text("exercise,student,points\n3,1001,2.5\n", encoding="utf-8")
    result = CliRunner().invoke(
        main, [*map(str, arguments), "--out", str(tmp_path / "res"), "--marks", str(tmp_path / "marks.csv")]
    )
    with (tmp_path / "res" / "results.csv").open(encoding="utf-8") as file:
        ada = next(csv.DictReader(file))
    assert (ada["1"], ada["2"], ada["3"], ada["total"], ada["out_of"], ada["needs a person"]) == (
        "4", "10", "2.5", "16.5", "17", "",
    )  # fmt: skip


@pytest.mark.slow
def test_versions_are_shared_and_stay_with_whoever_has_them(tmp_path):
    text = 'title = "V"\nseed = "a secret"\nversions = 2\n[[exercise]]\nkind = "composite"\n'
    roster = "name,id\n" + "".join(f"Student {n},{n}\n" for n in range(1, 7))
    run(
        "generate",
        written(tmp_path, text, roster),
        "--roster",
        tmp_path / "roster.csv",
        "--out",
        tmp_path / "out",
    )
    found = {r["student_id"]: r["code"] for r in rows(tmp_path / "out")}
    assert len(set(found.values())) == 2
    written(tmp_path, text, "name,id\nStudent 5,5\nStudent 2,2\n")
    run("generate", tmp_path / "set.toml", "--roster", tmp_path / "roster.csv", "--out", tmp_path / "again")
    assert all(found[r["student_id"]] == r["code"] for r in rows(tmp_path / "again"))
    booklet = tmp_path / "again" / "booklets" / "5-student-5.pdf"
    assert "Student 5 · 5 · version " in pypdf.PdfReader(booklet).pages[0].extract_text()
    run("generate", tmp_path / "set.toml", "--out", tmp_path / "blank")
    blank = rows(tmp_path / "blank")
    assert {r["code"] for r in blank} == set(found.values())
    assert sorted(p.name for p in (tmp_path / "blank" / "booklets").iterdir()) == [
        "version-a.pdf",
        "version-b.pdf",
    ]
    assert (
        "V · version A"
        in pypdf.PdfReader(tmp_path / "blank" / "booklets" / "version-a.pdf").pages[0].extract_text()
    )
    (tmp_path / "in").mkdir()
    for name, row in zip(("5", "2"), blank, strict=True):
        problem = load(str(tmp_path / "blank" / "keys" / f"{row['code']}-key.json"))
        lines = [
            f"{q.name} = {decimals.rounded(v, problem.places):f}" for q, v in solve(problem).values.items()
        ]
        (tmp_path / "in" / f"{name}.txt").write_text(
            "\n".join([f"id: {name}", f"code: {row['code']}", *lines]), "utf-8"
        )
    run("grade", tmp_path / "blank", tmp_path / "in", "--roster", tmp_path / "roster.csv", "--out", tmp_path / "res",
        "--feedback", "none")  # fmt: skip
    with (tmp_path / "res" / "results.csv").open(encoding="utf-8") as file:
        assert [row["total"] for row in csv.DictReader(file)] == ["10", "10"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "same_numbers_as = 2",
            "same_numbers_as: no numbers are drawn for exercise 2 before it (there are: 1)",
        ),
        ("same_numbers_as = 1\nshape = [3, 2, 1]", "the two networks have other shapes or biases"),
        ('same_numbers_as = 1\nkind = "batch"', "only exercises of one run of a network share their numbers"),
        ('question = ""', "question: expected what is to be answered, as text"),
        ('question = "Why?"\nshape = [2, 2, 1]', "shape: nothing is drawn for a question"),
        ('question = "Why?"\nlines = 0', "lines: expected a whole number from 1 to 60"),
    ],
)
def test_what_cannot_be_shared_or_asked_is_said(tmp_path, text, said):
    written(tmp_path, f'seed = "s"\n[[exercise]]\nshape = [1, 1, 1]\n[[exercise]]\n{text}\n')
    result = CliRunner().invoke(
        main, ["generate", str(tmp_path / "set.toml"), "--out", str(tmp_path / "out")]
    )
    assert result.exit_code == 2
    assert said in result.output.replace("\n", " ")


def test_equal_seeds_are_not_passed_over_without_a_word(tmp_path):
    text = 'seed = "s"\n' + '[[exercise]]\nkind = "composite"\nseed = "x"\n' * 2
    result = run("generate", written(tmp_path, text), "--out", tmp_path / "out")
    assert "the seed of exercise 1 draws other numbers here" in result.stderr
