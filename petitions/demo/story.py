"""The demo's petitions: the article's years in figures, and what lies on the desks today.

In 2022 the county solved 61 matters of enterprises and 596 of its people and answered all 176 opinions from the net; in the
first five months of 2023 50 and 116 (`domain.md`). Those are written down set by set; today's go through the doors. All
people, firms and words are made up.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from uuid import UUID

from django.conf import settings

from households.codes import township_of
from households.models import Department, Division, Household, User
from households.roles import Role
from petitions.demo import current, lives, matters, receptions, writing
from petitions.demo.lives import LifeBatch
from petitions.models import Channel, Petition, Publication
from petitions.publishing.actions import Redacted, publish
from petitions.receptions.reception_days import ENTERPRISE_DAY
from petitions.states import PetitionAction, PetitionState

PUBLIC = 24  # petitions that everybody reads
FILERS = 400  # households whose heads file; synthetic like all of them


@dataclass(frozen=True)
class PetitionLoad:
    """The load of a demo that goes on: `once` makes a step in one transaction, unless it was made before."""

    today: date
    once: Callable[[str, Callable[[Random], None]], None]
    say: Callable[[str], None]


def load(going_on: PetitionLoad) -> None:
    """Load what is missing, with the people of a demo that was loaded before."""
    for step, act in STEPS.items():
        going_on.once(step, lambda rng, act=act: act(going_on, rng))  # type: ignore[misc]


def _past(going_on: PetitionLoad, rng: Random) -> None:
    """2022, and 2023 up to the end of May, as the article counts them."""
    cast = _cast(going_on.today)
    places = sorted(cast.names)
    drawn = [life for batch in _batches() for life in lives.lives(batch, places, rng)]
    count = writing.write(sorted(drawn, key=lambda life: life.filed_at), cast)
    going_on.say(f"往年信访 {count} 件。")


def _batches() -> list[LifeBatch]:
    year, spring = (date(2022, 1, 4), date(2022, 11, 20)), (date(2023, 1, 3), date(2023, 4, 20))
    return [
        LifeBatch(Channel.ENTERPRISE, _enterprise_days(*year), solved=61, elsewhere=3),
        LifeBatch(Channel.PEOPLE, lives.workdays(*year), solved=596, elsewhere=24),
        LifeBatch(Channel.NET, lives.workdays(*year), solved=176, elsewhere=0),
        LifeBatch(Channel.ENTERPRISE, _enterprise_days(*spring), solved=50, elsewhere=2),
        LifeBatch(Channel.PEOPLE, lives.workdays(*spring), solved=116, elsewhere=6),
    ]


def _enterprise_days(first: date, last: date) -> tuple[date, ...]:
    every = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return tuple(day for day in every if day.day == ENTERPRISE_DAY)


def _cast(today: date) -> writing.PetitionCast:
    """The demo's petition office and units with people; for all other units somebody who has left since."""
    people = list(User.objects.filter(is_demo=True).order_by("username"))
    office = next(user for user in people if user.role == Role.PETITION_OFFICE)
    villages = Division.objects.filter(code__regex="^.{12}$").active(today).order_by("code")
    departments = {name: code for code, name in Department.objects.values_list("code", "name")}
    wanted = {one.unit for listed in matters.MATTERS.values() for one in listed if one.unit}
    return writing.PetitionCast(
        county=office.division_id or "",
        office=office,
        units=_units([departments[name] for name in sorted(wanted & set(departments))]),
        filers=list(Household.objects.exclude(phone=None).order_by("code")[:FILERS]),
        names=dict(villages.values_list("code", "name")),
        departments=departments,
    )


def _units(departments: list[str]) -> dict[str, User]:
    townships = list(Division.objects.filter(code__regex="^.{9}$").values_list("code", flat=True))
    former = [User(username=f"wangnian-{code}", role=Role.DEPARTMENT, department_id=code) for code in departments]
    former += [User(username=f"wangnian-{code}", role=Role.TOWNSHIP, division_id=code) for code in townships]
    for user in former:
        user.display_name, user.is_active, user.is_demo = "往年经办人", False, True
        user.set_unusable_password()
    User.objects.bulk_create(former, ignore_conflicts=True)
    found = User.objects.filter(is_demo=True, role__in=[Role.DEPARTMENT, Role.TOWNSHIP]).order_by("is_active", "pk")
    named = (
        (f"department:{user.department_id}" if user.department_id else f"division:{user.division_id}", user)
        for user in found
    )
    return dict(named)  # the active ones last: they stand in for those who left


def _present(going_on: PetitionLoad, rng: Random) -> None:
    """What lies on the desks today."""
    cast = _cast(going_on.today)
    active = [unit for unit, user in cast.units.items() if user.is_active]
    count = 0
    for unit in active:
        villages = [code for code in sorted(cast.names) if unit.startswith("department:") or code.startswith(unit[9:])]
        count += current.play_all(current.Play(cast, rng, unit, villages))
    going_on.say(f"在办信访 {count} 件。")


def _receptions(going_on: PetitionLoad, rng: Random) -> None:
    """Receptions, with the people of the department that shows the demo."""
    cast = _cast(going_on.today)
    unit = next(unit for unit, user in cast.units.items() if user.is_active and unit.startswith("department:"))
    townships = sorted({township_of(code) for code in cast.names})
    play = current.Play(cast, rng, unit, sorted(cast.names))
    going_on.say(f"接访 {receptions.tell(play, going_on.today, townships)} 场。")


def _public(going_on: PetitionLoad, rng: Random) -> None:
    """Some answers for everybody to read, redacted by the petition office."""
    closed = Petition.objects.in_state(PetitionState.CLOSED).exclude(channel=Channel.ENTERPRISE).order_by("-filed_at")
    office = _cast(going_on.today).office
    for petition in closed[:PUBLIC]:
        answer = petition.events.filter(kind=PetitionAction.ANSWER).latest("seq").told
        redacted = Redacted(title=petition.title, text=petition.text, answer=answer, seen=True)
        publish(op_id=UUID(int=rng.getrandbits(128), version=4), petition=petition, by=office, redacted=redacted)
    going_on.say(f"公开答复 {Publication.objects.count()} 件。")


def _against_office(going_on: PetitionLoad, rng: Random) -> None:
    """An accusation against the petition office itself, where the body that is named for it has an account."""
    body = f"department:{settings.PETITION_OFFICE_BODY}"
    cast = _cast(going_on.today)
    if not (body in cast.units and cast.units[body].is_active):
        return
    current.accuse_office(current.Play(cast, rng, body, sorted(cast.names)))
    going_on.say("反映信访局的检举 1 件，信访局看不到。")


STEPS: dict[str, Callable[[PetitionLoad, Random], None]] = {
    "petitions.past": _past,
    "petitions.present": _present,
    "petitions.days": _receptions,
    "petitions.public": _public,
    "petitions.against_office": _against_office,
}
