"""The wall in the code: the import contracts forbid both directions, and templates do not climb over it either."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from dongkou.layout import BASE_DIR
from script import run_checks
from tests.house.contracts import CONTRACTS, kept

OURS = {"petitions"}
THEIRS = {"scoring", "rewards"}
TEMPLATES = BASE_DIR / "templates"
NAMED = re.compile(r"""\{%\s*(?:url|include|extends|load)\s+["']?([\w./-]+)""")


@pytest.mark.parametrize("name", ["wall", "wall-rewards", "petitions-floor", "floors"])
def test_contract_is_kept(name: str) -> None:
    assert kept(name)


@pytest.mark.parametrize(
    ("name", "importer", "imported"),
    [
        ("wall", "petitions__worklist__reads", "scoring.models"),
        ("wall", "scoring__rollup__rollup", "petitions.models"),
        ("wall", "scoring__villager__views", "petitions.filing.household_page"),
        ("wall-rewards", "petitions__steps__closing", "rewards.awards.engine"),
        ("wall-rewards", "rewards__shop__actions__catalogue", "petitions.models"),
        ("petitions-floor", "households__audience", "petitions.models"),
        ("petitions-floor", "petitions__worklist__reads", "dongkou.home"),
        ("floors", "households__audience", "scoring.models"),
    ],
)
def test_contract_breaks_at_a_planted_import(name: str, importer: str, imported: str) -> None:
    assert not kept(name, **{importer: imported})


def test_way_round_through_households_breaks_it_too() -> None:
    assert not kept("wall", petitions__worklist__reads="households.audience", households__audience="scoring.models")


def test_contracts_cover_every_package() -> None:
    packages = {path.parent.name for path in BASE_DIR.glob("*/__init__.py")} - {"tests"}
    assert packages == set(CONTRACTS["root_packages"])


def test_check_runs_the_contracts() -> None:
    assert "lint_imports" in " ".join(run_checks.CHECKS["import contracts"])


@pytest.mark.parametrize("package", sorted(OURS | THEIRS))
def test_nobody_reaches_over_by_name(package: str) -> None:
    """get_model("scoring", ...), import_module("petitions...") and the like escape the graph."""
    others = THEIRS if package in OURS else OURS
    wanted = re.compile(rf"""["'](?:{"|".join(others)})(?:[._/][\w./]*)?["']""")
    found = [
        f"{path.relative_to(BASE_DIR)}: {hit[0]}"
        for path in (BASE_DIR / package).rglob("*.py")
        for hit in wanted.finditer(path.read_text(encoding="utf-8"))
    ]
    assert found == []


# Templates


@cache
def url_names() -> dict[str, set[str]]:
    from petitions import urls as petitions
    from rewards import urls as rewards
    from scoring import urls as scoring

    rooms = {"petitions": petitions, "rewards": rewards, "scoring": scoring}
    named = {room: {one.name for one in (*urls.urlpatterns, *urls.api_urlpatterns)} for room, urls in rooms.items()}
    return {room: {str(name) for name in names} for room, names in named.items()}


def tag_libraries() -> dict[str, set[str]]:
    return {room: {path.stem for path in (BASE_DIR / room).glob("templatetags/*.py")} for room in OURS | THEIRS}


def reached(template: Path) -> Iterator[str]:
    """Rooms whose addresses, fragments or tags a template names."""
    for name in NAMED.findall(template.read_text(encoding="utf-8")):
        folder = name.split("/")[0] if "/" in name else ""
        yield from [folder] if folder in OURS | THEIRS else []
        yield from (room for room, names in url_names().items() if name in names)
        yield from (room for room, names in tag_libraries().items() if name in names)


def templates(room: str) -> list[Path]:
    return sorted((TEMPLATES / room).rglob("*.*"))


@pytest.mark.parametrize("room", sorted(OURS | THEIRS))
def test_templates_stay_on_their_side(room: str) -> None:
    others = THEIRS if room in OURS else OURS
    assert templates(room)
    over = {str(path.relative_to(TEMPLATES)): others & set(reached(path)) for path in templates(room)}
    assert {path: rooms for path, rooms in over.items() if rooms} == {}


def test_only_frames_and_the_households_navigation_name_both_sides() -> None:
    shared = [path for path in TEMPLATES.rglob("*.html") if path.relative_to(TEMPLATES).parts[0] not in OURS | THEIRS]
    both = {path.name for path in shared if set(reached(path)) & OURS and set(reached(path)) & THEIRS}
    assert both <= {"base_public.html", "_household_nav.html"}


def test_planted_link_would_be_noticed(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("{% url 'why' month code %}{% load points %}{% include \"petitions/_lamp.html\" %}", "utf-8")
    assert set(reached(page)) == {"scoring", "petitions"}


def test_addresses_of_all_rooms_are_known() -> None:
    assert {"petitions", "petition-new", "household-petitions", "api-petition"} <= url_names()["petitions"]
    assert "plate" in url_names()["scoring"]
    assert all(len(names) > 20 for names in url_names().values())
