"""A sheet that the township sent back, handed in again as it was: asked once more at every door, and taken when it is meant."""

import pytest

from households.roles import Role
from scoring.models import Declaration, ScoreEvent
from scoring.reviews.actions.reviewing import return_sheet
from tests.scoring.points.asking import Asker, add, asker, op, withdraw
from tests.world import VILLAGE, World

FIRST, SECOND = f"{VILLAGE}010001", f"{VILLAGE}010002"


@pytest.fixture
def cadre(world: World) -> Asker:
    """The cadre of a sheet with one entry, sent back."""
    cadre = asker(world, Role.CADRE)
    cadre.send(add(FIRST), op("declare"))
    return_sheet(sheet=world.sheet(), reason="二组漏了一条", by=world.user(Role.TOWNSHIP))
    return cadre


def standing() -> int:
    return Declaration.objects.filter(withdrawn_at=None).count()


def test_sheet_handed_in_again_unchanged_is_asked_about(cadre: Asker) -> None:
    answer = cadre.send(op("declare"))
    [result] = answer["results"]
    assert (answer["state"], result["status"], result["code"]) == ("open", "conflict", "unchanged")
    assert "一处也没有改" in result["reason"]
    assert standing() == 0


def test_sheet_handed_in_again_unchanged_is_taken_when_that_is_meant(cadre: Asker) -> None:
    cadre.send(op("declare"))
    assert cadre.send(op("declare", again=True))["state"] == "declared"
    assert standing() == 1


@pytest.mark.parametrize("change", ["another entry", "one taken back"])
def test_changed_sheet_is_taken_at_once(cadre: Asker, change: str) -> None:
    made = add(SECOND) if change == "another entry" else withdraw(ScoreEvent.objects.get().pk)
    assert cadre.send(made, op("declare"))["state"] == "declared"


def test_entry_confirmed_since_is_a_change(world: World) -> None:
    cadre = asker(world, Role.CADRE)
    made = cadre.send(add(FIRST, "WJ04"), op("declare"))["events"]
    return_sheet(sheet=world.sheet(), reason="请监督员确认", by=world.user(Role.TOWNSHIP))
    asker(world, Role.SUPERVISOR).send(op("confirm", event=made[0]["id"]))
    assert cadre.send(op("declare"))["state"] == "declared"


def test_sheet_taken_back_by_the_cadre_is_not_asked_about(world: World) -> None:
    cadre = asker(world, Role.CADRE)
    cadre.send(op("declare"))
    cadre.send(op("undeclare", reason="再看一遍"))
    assert cadre.send(op("declare"))["state"] == "declared"


def test_entry_in_another_village_is_no_change(world: World, cadre: Asker) -> None:
    world.record(f"{world.sister.code}010001", "WJ02", by=world.user(Role.TOWNSHIP))
    assert cadre.result(op("declare"))["code"] == "unchanged"


def test_whether_it_is_meant_must_be_readable(cadre: Asker) -> None:
    assert cadre.result(op("declare", again="ja"))["code"] == "again_unreadable"
