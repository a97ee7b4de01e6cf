"""At the same moment, on real connections: two clerks, two rulings, an objection against freezing. One wins, the other is told."""

import pytest

from households.roles import Role
from scoring.checks.verify import verify
from scoring.freezing import freeze
from scoring.models import Objection, ObjectionStep
from scoring.notices.reads import head_of
from tests.scoring.notices.posting import POSTED, posted_event
from tests.scoring.objections.objecting import ONE, objected, ruled, state
from tests.together import together
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_who_object_to_one_record(world: World) -> None:
    event = posted_event(world, ONE, by=Role.GROUP_LEADER)
    done = together(
        lambda: objected(world, event.pk, month=POSTED),
        lambda: objected(world, event.pk, world.user(Role.SUPERVISOR), month=POSTED),
    )
    assert sorted(isinstance(one, dict) for one in done) == [False, True] and "objected_before" in done
    assert Objection.objects.count() == 1


def test_two_who_rule(world: World) -> None:
    event = posted_event(world, ONE, by=Role.GROUP_LEADER)
    number = int(objected(world, event.pk, month=POSTED)["id"])
    done = together(
        lambda: ruled(number, world.user(Role.CADRE)),
        lambda: ruled(number, world.user(Role.SUPERVISOR), upheld=False),
    )
    won = [one for one in done if isinstance(one, dict)]
    assert len(won) == 1 and "objection_state" in done
    assert state(number) == won[0]["state"]
    assert ObjectionStep.objects.filter(action__in=["uphold", "reject"]).count() == 1
    event.refresh_from_db()
    assert bool(event.withdrawn_at) == (won[0]["state"] == "upheld")


def test_objection_against_freezing(world: World) -> None:
    """Whoever is first: the village waits for the objection, or the objection leads to a correction."""
    event = posted_event(world, ONE, by=Role.GROUP_LEADER)
    sheet = world.sheet(month=POSTED)
    day = head_of(sheet).days.freeze_on
    filed, _frozen = together(lambda: objected(world, event.pk, month=POSTED), lambda: freeze(month=POSTED, on=day))
    sheet.refresh_from_db()
    [made] = Objection.objects.all()
    assert filed == {"id": made.pk, "number": made.number, "state": made.state}
    assert (sheet.state, made.state, made.blocks) in (("posted", "first", True), ("frozen", "second", False))
    assert verify() == []
