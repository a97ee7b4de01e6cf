"""What an import may make can be taken out again: whoever refers to it is found by an index, not by a look at the whole table."""

import pytest

from households.imports import staging, taking_back
from households.imports.divisions import KEPT
from households.models import Division, ImportChange, ImportRun
from households.roles import Role
from households.sql import counted, rows
from tests.world import World

_UNINDEXED = """
    SELECT c.conrelid::regclass::text, a.attname FROM pg_constraint c
    JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
    WHERE c.contype = 'f' AND c.confrelid = to_regclass(%(table)s)
      AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.conrelid AND i.indkey[0] = a.attnum)
    ORDER BY 1, 2
"""


@pytest.mark.django_db
@pytest.mark.parametrize(
    "table",
    [
        "households_division",
        "households_household",
        "households_department",
        "households_linkage",
        "households_contact",
        "households_contactperson",
        "households_microgrid",
        "scoring_scoreevent",
    ],
)
def test_rows_that_refer_to_imported_ones_are_found_by_an_index(table: str) -> None:
    """Seven thousand groups looked for among a county's households, one by one, take minutes."""
    assert rows(_UNINDEXED, {"table": table}) == []


@pytest.mark.django_db
@pytest.mark.parametrize("many", [0, 1])
def test_what_a_large_run_left_is_known_to_the_planner(
    world: World, monkeypatch: pytest.MonkeyPatch, many: int
) -> None:
    """Joined to itself without statistics, a county's register takes a quarter of an hour to be taken back."""
    monkeypatch.setattr(taking_back, "MANY", many)
    run = ImportRun.objects.create(kind="divisions", size=1, by=world.user(Role.COUNTY_OFFICE))
    staging.stage("staged_division", {"code": "text"}, [["430726999"]])
    with counted() as sent, taking_back.kept(run.pk, KEPT):
        Division.objects.create(code="430726999", name="新乡", parent_id="430726")
    assert ImportChange.objects.filter(run=run, key="430726999").exists()
    assert ("ANALYZE households_importchange" in sent) == (many == 0)
