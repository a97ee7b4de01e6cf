"""What citizens are told has a shape that is written down: no dictionary of anything on the way to their pages."""

from pathlib import Path

from script.imports import ROOMS, ROOT
from tests.house.loose import Sources

VIEWS = """
from typing import Any
from room.subject import reads
from room.other import far

@public
def page(request):
    return render(request, "page.html", _context(reads.found()) | far.told())

def _context(found: str) -> dict[str, Any]:
    return {"found": found}

def for_staff() -> dict[str, Any]:
    return {}
"""
READS = """
from collections.abc import Mapping

def found() -> str:
    return Words().told({})

class Words:
    def clean(self) -> dict[str, Any]:
        return {}

    def told(self, words: Mapping[str, object]) -> str:
        return ""
"""


def test_nothing_loose_leads_to_a_citizen() -> None:
    sources = Sources(*ROOMS, root=ROOT)
    assert sources.loose() == []
    assert len(sources.open_views()) > 30 and len(sources.reached()) > 300


def test_dictionary_of_anything_is_noticed(tmp_path: Path) -> None:
    """In the view's own module and where it reads; not what staff alone get, nor what stands in another subject."""
    for name, text in (
        ("subject/views", VIEWS),
        ("subject/reads", READS),
        ("other/far", "def told() -> dict[str, Any]: ..."),
    ):
        file = tmp_path / "room" / f"{name}.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    assert Sources("room", root=tmp_path).loose() == [
        "room.subject.reads.Words: Mapping[str, object]",
        "room.subject.views._context: dict[str, Any]",
    ]
