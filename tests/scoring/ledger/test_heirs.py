"""Where points of households that left go: along every change, and nobody else's."""

from datetime import date, timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from households.models import AuditEvent, ChangeKind
from households.roles import Role
from scoring.ledger import door as ledger
from scoring.ledger.heirs import chains_of, forfeit_due, settle_everywhere, ways
from tests.households.changes.histories import done
from tests.world import SISTER, STRANGE, VILLAGE, World

pytestmark = pytest.mark.django_db
K = ChangeKind
DAY, LATER = date(2024, 5, 10), date(2024, 5, 12)
FIRST, SECOND = f"{VILLAGE}010001", f"{VILLAGE}010002"


def points_of(code: str) -> int:
    return ledger.state_of(ledger.household(code)).balance


def test_what_comes_late_follows_through_two_villages(world: World) -> None:
    office = world.user(Role.COUNTY_OFFICE)
    away = done(office, K.MOVE, DAY, FIRST, group=f"{SISTER}01")
    last = done(office, K.MOVE, LATER, str(away.other_id), group=f"{STRANGE}01").other_id
    assert ways([VILLAGE])[FIRST] == (last, away.pk)
    assert chains_of([VILLAGE]) == {STRANGE}
    ledger.adjust(ledger.household(FIRST), 1, key="late", text="补记")
    assert settle_everywhere() == 1
    assert (points_of(FIRST), points_of(str(away.other_id)), points_of(str(last))) == (0, 0, 1)
    line = AuditEvent.objects.filter(action="points.pass_on").latest("pk")
    assert (line.place, line.detail["accounts"]) == (VILLAGE, 1)
    assert settle_everywhere() == 0


def test_ways_of_a_village_are_of_its_own_households_that_named_somebody(world: World) -> None:
    done(world.user(Role.COUNTY_OFFICE), K.MOVE, DAY, f"{STRANGE}010001", group=f"{SISTER}01")
    done(world.user(Role.CADRE), K.CLOSE, DAY, FIRST)
    assert ways([VILLAGE]) == {}
    merged = done(world.user(Role.CADRE), K.MERGE, DAY, SECOND, other=f"{VILLAGE}010003")
    assert ways([VILLAGE]) == {SECOND: (f"{VILLAGE}010003", merged.pk)}


def test_change_that_takes_points_along_says_so(world: World) -> None:
    cadre = world.user(Role.CADRE)
    ledger.adjust(ledger.household(FIRST), 3, key="given", text="发放")
    done(cadre, K.MERGE, DAY, FIRST, other=SECOND)
    done(cadre, K.MERGE, DAY, f"{VILLAGE}010003", other=SECOND)
    [line] = AuditEvent.objects.filter(action="points.pass_on")
    assert (line.place, line.subject, line.detail) == (FIRST, SECOND, {"points": 3})


def test_points_of_a_closed_household_are_written_off_when_nobody_was_named_in_time(world: World) -> None:
    ledger.adjust(ledger.household(FIRST), 2, key="given", text="发放")
    done(world.user(Role.CADRE), K.CLOSE, DAY, FIRST)
    last = timezone.localdate() + timedelta(days=settings.HEIR_DAYS)
    assert forfeit_due(last) == 0
    assert points_of(FIRST) == 2
    assert forfeit_due(last + timedelta(days=1)) == 1
    assert forfeit_due(last + timedelta(days=1)) == 0
    assert points_of(FIRST) == 0
    line = AuditEvent.objects.get(action="points.forfeit")
    assert (line.place, line.detail) == (FIRST, {"points": 2})
