"""Entries for one's own: a declaration is followed to what the household has become."""

from datetime import date

import pytest

from households.kin.actions import declare_kin
from households.models import ChangeKind, Relation
from households.roles import Role
from scoring.signals.reads import facts_of
from tests.households.changes.histories import done
from tests.world import COUNTY, MONTH, VILLAGE, World

pytestmark = pytest.mark.django_db


def test_entry_for_a_household_that_was_split_off_is_for_kin(world: World) -> None:
    cadre = world.user(Role.CADRE)
    split = done(cadre, ChangeKind.SPLIT, date(2024, 5, 10), world.household.pk, head_name="张小三")
    world.record(str(split.other_id), "WR04")
    world.record(f"{VILLAGE}010002", "WR04")
    declare_kin(user=cadre, household=world.household, relation=Relation.KIN, by=cadre)
    world.declare()
    assert {code: facts.own for code, facts in facts_of(MONTH, COUNTY).items() if facts.own} == {VILLAGE: 1}
