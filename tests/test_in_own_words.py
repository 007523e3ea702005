"""What students write in their own words about a worked solution reaches a person, and no mark waits for it."""

import csv
import json

from click.testing import CliRunner
from making import drawn

from answer_keys.keyfile import to_json
from answer_keys.solution import solve
from byhand import main
from grader.ambiguity.planting import plant
from grader.class_report import tally
from grader.class_report.sheet_records import read

SAID = "They left out the slope; I am sure"


def run(*args):
    result = CliRunner().invoke(main, [str(arg) for arg in args])
    assert result.exit_code in {0, 1}, result.output
    return result


def test_the_words_stand_in_the_list_of_what_a_person_looks_at(tmp_path):
    problem = plant(drawn((2, 2, 1), seed="words"), "1")
    keys, returned, out = (tmp_path / name for name in ("keys", "returned", "out"))
    keys.mkdir()
    returned.mkdir()
    (keys / f"{problem.code}-key.json").write_text(to_json(solve(problem), "x"), encoding="utf-8")
    (tmp_path / "roster.csv").write_text("name,id\nAda,s1\nAlan,s2\nGrace,s3\n", encoding="utf-8")
    for student, lines in {
        "s1": {"wrong_line": problem.plan.planted[1], "what_was_wrong": SAID},
        "s2": {"wrong_line": "1"},
        "s3": {"wrong_line": "1", "what_was_wrong": "no idea"},
    }.items():
        sheet = {"student": student, "id": student, "code": problem.code} | lines
        (returned / f"{student}.json").write_text(json.dumps(sheet), encoding="utf-8")
    for _ in range(2):  # again with nothing new: what was judged before is read back
        run("grade", keys, returned, "--roster", tmp_path / "roster.csv", "--out", out)
        with (out / "to-settle.csv").open(encoding="utf-8-sig") as file:
            rows = [row for row in csv.DictReader(file) if row["what"] == "in own words"]
        assert [(row["student_id"], row["note"], row["quantity"]) for row in rows] == [
            ("s1", f"“{SAID}”", "what_was_wrong"),
            ("s3", "“no idea”", "what_was_wrong"),
        ]
        with (out / "to-settle.csv").open(encoding="utf-8-sig") as file:
            assert "pending" not in {row["what"] for row in csv.DictReader(file)}
    assert tally.in_words(read([out / "results.jsonl"]).sheets) == 2
