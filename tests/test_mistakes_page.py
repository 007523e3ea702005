"""docs/mistakes.md says what the catalogue says."""

from pathlib import Path

from grader.mistakes import CATALOGUE
from grader.mistakes.examples import markdown

PAGE = Path(__file__).parent.parent / "docs" / "mistakes.md"


def test_the_page_of_mistakes_is_made_from_the_catalogue():
    assert PAGE.read_text(encoding="utf-8") == markdown(), "run make docs"


def test_the_page_has_a_section_for_each_entry_in_their_order():
    heads = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("### ")]
    assert heads == [
        f"### {m.code} {m.name}"
        for link in dict.fromkeys(m.link for m in CATALOGUE)
        for m in CATALOGUE
        if m.link is link
    ]
