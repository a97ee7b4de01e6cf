"""The plan of the house: the order of subjects in every room holds, and notices what is planted against it."""

from collections.abc import Iterator
from itertools import pairwise

import pytest

from dongkou.layout import BASE_DIR
from script import run_checks
from tests.house.contracts import SUBJECTS, contract, floors, graph, kept


def wrong_ways() -> Iterator[tuple[str, str, str]]:
    """From the first name of each floor to one on the floor above, and to each neighbour."""
    for room in SUBJECTS:
        for above, below in pairwise(floors(room)):
            yield room, below[0], above[0]
        for floor in floors(room):
            yield from ((room, *neighbours) for neighbours in pairwise(floor))


def test_every_room_has_its_order() -> None:
    assert set(SUBJECTS) == {"households", "petitions", "rewards", "scoring"}


@pytest.mark.parametrize("room", sorted(SUBJECTS))
def test_subjects_keep_their_order(room: str) -> None:
    assert kept(SUBJECTS[room])


@pytest.mark.parametrize(("room", "importer", "imported"), [*wrong_ways()])
def test_planted_import_is_noticed(room: str, importer: str, imported: str) -> None:
    assert not kept(SUBJECTS[room], **{f"{room}__{importer}": f"{room}.{imported}"})


@pytest.mark.parametrize("room", sorted(SUBJECTS))
def test_module_without_a_place_is_noticed(room: str) -> None:
    listed = {name for floor in floors(room) for name in floor}
    there = {
        path.stem for path in (BASE_DIR / room).iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    assert there - {"__init__"} == listed
    assert contract(SUBJECTS[room]).exhaustive


def test_reading_the_graph_finds_the_rooms() -> None:
    assert {"petitions.states", "scoring.rules"} <= set(graph().modules)


def test_check_runs_contracts_and_order() -> None:
    assert "lint_imports" in " ".join(run_checks.CHECKS["import contracts"])
    assert run_checks.CHECKS["order"][-1] == "script.check_order"
