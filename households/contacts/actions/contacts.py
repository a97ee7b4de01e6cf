"""Who looks after which household: giving households to somebody, ending it, and handing all of them to another."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from households import audit
from households.codes import narrowest, village_of
from households.contacts.actions.people import check_manages
from households.models import Contact, ContactHandOver, ContactKind, ContactPerson, Household, MicroGrid, User
from households.operations import Answer, once
from households.refusals import Refused
from households.sql import run

LATEST = timedelta(days=366)
MAX_AT_ONCE = 500


def assign(
    *,
    op_id: UUID,
    households: Sequence[Household],
    person: ContactPerson,
    kind: str,
    since: date,
    micro_grid: MicroGrid | None = None,
    by: User | None,
) -> list[Contact]:
    """Make somebody a contact of these households from a day on; all of them or none. `by` None is the operator."""
    codes = sorted(household.code for household in households)

    def act() -> Answer:
        if not 0 < len(codes) <= MAX_AT_ONCE:
            raise Refused("no_households", f"请选 1 到 {MAX_AT_ONCE} 户。", fields={"households": "必选"})
        beside_imports()
        locked = list(Household.objects.select_for_update(no_key=True).filter(code__in=codes).order_by("code"))
        for household in locked:
            check_manages(by, household.code)
        return {"contacts": [one.pk for one in add(locked, person, kind, since, micro_grid, by=by)]}

    payload = [codes, person.pk, kind, since.isoformat(), micro_grid.pk if micro_grid else None]
    answer = once(op_id=op_id, by=by, kind="contact.assign", payload=payload, act=act)
    return list(Contact.objects.filter(pk__in=answer["contacts"]))


def add(
    locked: Sequence[Household],
    person: ContactPerson,
    kind: str,
    since: date,
    micro_grid: MicroGrid | None,
    *,
    by: User | None,
) -> list[Contact]:
    """The rows and one line each, for households that the caller has locked and may arrange."""
    check_day(since)
    micro_grid = _grid(locked, person, kind, micro_grid)
    for household in locked:
        _check_household(household, person, since)
    _check_new(locked, person, kind, since)
    rows = [
        Contact(household=household, person=person, kind=kind, micro_grid=micro_grid, valid_from=since)
        for household in locked
    ]
    made = Contact.objects.bulk_create(rows)
    audit.record_all(
        audit.line(by, "contact.assign", place=one.household_id, subject=person.pk, kind=kind, since=since.isoformat())
        for one in made
    )
    return made


def end(*, op_id: UUID, contact: Contact, on: date, by: User | None) -> Contact:
    """From `on` it is no longer in force; on the day it began it never was."""

    def act() -> Answer:
        found = Contact.objects.select_for_update(no_key=True).get(pk=contact.pk)
        check_manages(by, found.household_id)
        check_day(on)
        if found.valid_to is not None:
            raise Refused("ended", "这一条联系已经结束。", status=409)
        if on < found.valid_from:
            raise Refused("too_early", "结束日期不能早于开始日期。", fields={"on": "太早"})
        Contact.objects.filter(pk=found.pk, valid_to=None).update(valid_to=on)
        detail = {"kind": found.kind, "until": on.isoformat()}
        audit.record(by, "contact.end", place=found.household_id, subject=found.person_id, **detail)
        return {"contact": found.pk}

    once(op_id=op_id, by=by, kind="contact.end", payload=[contact.pk, on.isoformat()], act=act)
    return Contact.objects.get(pk=contact.pk)


@dataclass(frozen=True, slots=True)
class HandOverPlan:
    """What a hand-over does: `given` move, `already` are the taker's own and only end for the giver; `grids` change heads."""

    given: list[Contact]
    already: list[Contact]
    grids: list[MicroGrid]

    @property
    def households(self) -> int:
        return len({one.household_id for one in (*self.given, *self.already)})


def plan(*, giver: ContactPerson, taker: ContactPerson, by: User | None) -> HandOverPlan:
    """Every household of the giver in the person's subtree; nothing is written. Refused where the taker may not have them."""
    if giver.pk == taker.pk:
        raise Refused("same_person", "交出和接手的是同一个人。", fields={"taker": "请选另一位"})
    open_ones = list(_open(giver, by).select_related("household", "micro_grid").order_by("household", "kind"))
    if not open_ones:
        raise Refused("nothing_to_give", "这位联系人没有您管辖范围内的联系户。")
    for one in open_ones:
        _check_place(one.household, taker)
    has = set(_open(taker, by).values_list("household_id", "kind"))
    already = [one for one in open_ones if (one.household_id, one.kind) in has]
    given = [one for one in open_ones if (one.household_id, one.kind) not in has]
    grids = list(MicroGrid.objects.filter(head=giver, valid_to=None).filter(_inside(by, "group")))
    return HandOverPlan(given, already, grids)


def hand_over(
    *, op_id: UUID, giver: ContactPerson, taker: ContactPerson, day: date, by: User | None
) -> ContactHandOver:
    """All of the giver's households go to the taker from `day` on, in one act. Both read of it on their home page."""

    def act() -> Answer:
        check_manages(by, None)
        check_day(day)
        beside_imports()
        people = ContactPerson.objects.select_for_update(no_key=True).filter(pk__in=[giver.pk, taker.pk])
        list(people.order_by("pk"))
        found = plan(giver=giver, taker=taker, by=by)
        move(found, taker, day)
        number = found.households
        done = ContactHandOver.objects.create(giver=giver, taker=taker, day=day, households=number, by=by)
        detail = {"taker": taker.pk, "households": number, "since": day.isoformat()}
        audit.record(
            by,
            "contact.hand_over",
            place=narrowest({village_of(one.household_id) for one in (*found.given, *found.already)}),
            subject=giver.pk,
            **detail,
        )
        return {"hand_over": done.pk}

    payload = [giver.pk, taker.pk, day.isoformat()]
    answer = once(op_id=op_id, by=by, kind="contact.hand_over", payload=payload, act=act)
    return ContactHandOver.objects.get(pk=answer["hand_over"])


def move(found: HandOverPlan, taker: ContactPerson, day: date) -> None:
    """End the plan's contacts and begin them anew under the taker, whose its micro-grids are, too."""
    moved = [*found.given, *found.already]
    late = [one for one in moved if one.valid_from > day]
    if late:
        raise Refused("too_early", f"有 {len(late)} 户的联系从 {late[0].valid_from} 才开始，交接日期不能更早。")
    ended = Contact.objects.filter(pk__in=[one.pk for one in moved], valid_to=None).update(valid_to=day)
    if ended != len(moved):
        raise Refused("moved_meanwhile", "联系户刚刚有变动，请重新看一遍再交接。", status=409)
    MicroGrid.objects.filter(pk__in=[grid.pk for grid in found.grids]).update(head=taker)
    Contact.objects.bulk_create(
        Contact(household=one.household, person=taker, kind=one.kind, micro_grid=one.micro_grid, valid_from=day)
        for one in found.given
    )


def _open(person: ContactPerson, by: User | None) -> "QuerySet[Contact]":
    return Contact.objects.filter(_inside(by, "household"), person=person, valid_to=None)


def _inside(by: User | None, field: str) -> Q:
    return by.scope.condition(field) if by else Q()


def beside_imports() -> None:
    """Wait for an import that is under way (`imports.staging.one_at_a_time`): it does not lock each household."""
    run("SELECT pg_advisory_xact_lock_shared(hashtextextended('import contacts', 0))")


def check_day(day: date) -> None:
    """Refuse a day that is years from today: a slip of the year."""
    if not timezone.localdate() - 20 * LATEST < day <= timezone.localdate() + LATEST:
        raise Refused("odd_day", "日期离今天太远，请核对年份。", fields={"from": "请核对"})


def _check_place(household: Household, person: ContactPerson) -> None:
    if not household.code.startswith(person.place_id):
        raise Refused("person_elsewhere", f"这位联系人在别的村的名册上，不能联系户 {household.code}。")


def _check_household(household: Household, person: ContactPerson, since: date) -> None:
    _check_place(household, person)
    if household.valid_to is not None:
        raise Refused("household_closed", f"户 {household.code} 已于 {household.valid_to} 停用。")
    if household.valid_from and since < household.valid_from:
        raise Refused("household_later", f"户 {household.code} 从 {household.valid_from} 起才在册。")


def _grid(
    households: Iterable[Household], person: ContactPerson, kind: str, micro_grid: MicroGrid | None
) -> MicroGrid | None:
    """The micro-grid of the households' group that the person heads; none of the other kinds has one."""
    if kind not in ContactKind.values:
        raise Refused("unknown_kind", "没有这种联系类型。", fields={"kind": "不认识"})
    if kind != ContactKind.MICRO:
        return None
    groups = {household.group_id for household in households}
    grids = MicroGrid.objects.filter(head=person, valid_to=None, group__in=groups)
    found = micro_grid or grids.first()
    if found is None or found.head_id != person.pk or groups != {found.group_id}:
        raise Refused("no_micro_grid", "这几户所在的组里没有由这位联系人任微网格长的微网格，请先建微网格。")
    return found


def _check_new(households: Iterable[Household], person: ContactPerson, kind: str, since: date) -> None:
    later = Q(valid_to=None) | Q(valid_to__gt=since)
    same = Q(person=person, kind=kind) if kind != ContactKind.MICRO else Q(kind=kind)
    known = Contact.objects.filter(later, same, household__in=[each.code for each in households]).first()
    if known:
        what = "已经在一个微网格里" if kind == ContactKind.MICRO else "已经由这位联系人联系"
        raise Refused("already", f"户 {known.household_id} {what}。", status=409)
