"""东山村 with people to call, made through the doors."""

from datetime import date, timedelta
from uuid import uuid4

from django.utils import timezone

from households.contacts.actions.contacts import assign
from households.contacts.actions.grids import make_grid
from households.contacts.actions.people import add_person
from households.contacts.actions.visits import record_visit
from households.models import Contact, ContactPerson, ContactVisit, Division, MicroGrid, User
from households.roles import Role
from tests.world import World

TODAY = timezone.localdate()
LONG_AGO = TODAY - timedelta(days=60)


def person(world: World, name: str = "党树人", phone: str = "13900000007", user: User | None = None) -> ContactPerson:
    """On the village's list, added by its cadre."""
    cadre = world.user(Role.CADRE)
    return add_person(op_id=uuid4(), place=world.village, name=name, phone=phone, user=user, by=cadre)


def give(
    world: World,
    to: ContactPerson,
    *numbers: int,
    kind: str = "party",
    since: date = LONG_AGO,
    grid: MicroGrid | None = None,
) -> list[Contact]:
    """Households of the village, by their place in its list (all without), to somebody."""
    households = [world.households[number] for number in numbers] if numbers else world.households
    given = {"kind": kind, "since": since, "micro_grid": grid, "by": world.user(Role.CADRE)}
    return assign(op_id=uuid4(), households=households, person=to, **given)


def grid_of(world: World, head: ContactPerson, *numbers: int, name: str = "水井边微网格") -> MicroGrid:
    """A micro-grid of the first group."""
    group = Division.objects.get(code=f"{world.village.code}01")
    households = [world.households[number] for number in numbers]
    given = {"head": head, "households": households, "since": LONG_AGO, "by": world.user(Role.CADRE)}
    return make_grid(op_id=uuid4(), group=group, name=name, **given)


def visited(world: World, by: User, number: int = 0, note: str = "想装路灯", day: date = TODAY) -> ContactVisit:
    return record_visit(op_id=uuid4(), household=world.households[number], day=day, outcome="well", note=note, by=by)
