"""What the preview of a change of the register says of a choice that is going on."""

from datetime import date

import pytest

from households.changes.actions.carrying import preview
from households.models import ChangeKind, Household
from households.roles import Role
from rewards.models import Ballot, Project
from tests.households.changes.histories import done, wish
from tests.rewards.projects.village_works import asked, end_now
from tests.world import SISTER, VILLAGE, World

K = ChangeKind
DAY = date(2024, 5, 10)
FIRST = f"{VILLAGE}010001"


def told(world: World, kind: ChangeKind, household: str = "", **more: object) -> list[str]:
    _plan, effects = preview(wish(kind, DAY, household, **more), by=world.user(Role.CADRE))
    return [one.sentence for one in effects if "群众选择" in one.sentence]


WAYS = [
    (K.ADD, "", {"group": f"{VILLAGE}01", "head_name": "钱六"}, "新户这一次没有票"),
    (K.SPLIT, FIRST, {"head_name": "张小三"}, "原户的一票不变，分出的户这一次没有票"),
    (K.CLOSE, FIRST, {}, "这一户的一票不变"),
    (K.MERGE, FIRST, {"other": f"{VILLAGE}010002"}, "这一户的一票不变"),
]


@pytest.mark.parametrize("way", WAYS, ids=[str(way[0]) for way in WAYS])
def test_preview_says_what_becomes_of_the_vote(world: World, ballot: Ballot, way: tuple) -> None:
    kind, household, more, words = way
    [sentence] = told(world, kind, household, **more)
    assert sentence == f"村里正在进行的群众选择，按开始时的名册，{words}。"
    end_now(ballot)
    assert told(world, kind, household, **more) == []


def test_household_that_is_reopened_keeps_the_vote_it_had(world: World, ballot: Ballot) -> None:
    done(world.user(Role.CADRE), K.CLOSE, DAY, FIRST)
    assert told(world, K.REOPEN, FIRST) == ["村里正在进行的群众选择，按开始时的名册，这一户的一票仍然有效。"]


def test_household_that_was_not_on_the_list_has_none_when_it_is_reopened(world: World, needs: list[Project]) -> None:
    done(world.user(Role.CADRE), K.CLOSE, DAY, FIRST)
    asked(world, needs)
    assert told(world, K.REOPEN, FIRST) == ["村里正在进行的群众选择，按开始时的名册，这一户这一次没有票。"]


def test_correction_and_another_village_say_nothing_of_it(world: World, ballot: Ballot) -> None:
    assert told(world, K.CORRECT, FIRST, head_name="张四丰") == []
    assert Household.objects.filter(pk__startswith=SISTER).exists()
    elsewhere = preview(wish(K.ADD, DAY, group=f"{SISTER}01", head_name="钱六"), by=world.user(Role.COUNTY_OFFICE))[1]
    assert not [one for one in elsewhere if "群众选择" in one.sentence]
