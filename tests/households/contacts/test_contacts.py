"""Who looks after which household: each way out of the actions, history, what the database refuses."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange

from households.changes.actions.carrying import preview
from households.contacts import checks, reads
from households.contacts.actions import contacts as actions
from households.contacts.actions import grids
from households.contacts.actions.people import add_person, change_person
from households.contacts.actions.visits import call, record_visit, withdraw_visit
from households.models import AuditEvent, ChangeKind, Contact, ContactPerson, ContactVisit, Household, MicroGrid
from households.roles import Role
from tests.audit_failure import audit_down
from tests.constraints import broken
from tests.households.changes.histories import done, wish
from tests.households.contacts.village_contacts import LONG_AGO, TODAY, give, grid_of, person, visited
from tests.refusals import refusal_code, refused
from tests.world import SISTER, World

TOMORROW = TODAY + timedelta(days=1)


def told(world: World, number: int = 0, on: object = TODAY) -> list[tuple[str, str, str]]:
    code = world.households[number].code
    found = reads.whom_to_call([code], on).get(code, [])
    return [(one.kind, one.name, one.phone) for one in found]


def holds() -> list[bool]:
    return [one.holds for one in checks.checked(None)]


def hand(world: World, giver: ContactPerson, taker: ContactPerson, day: object = TODAY) -> object:
    return actions.hand_over(op_id=uuid4(), giver=giver, taker=taker, day=day, by=world.user(Role.CADRE))


def test_household_has_several_contacts_and_its_leader_is_one_of_them(world: World) -> None:
    leader = world.user(Role.GROUP_LEADER)
    first = person(world)
    give(world, first, 0)
    grid_of(world, person(world, "井水清", ""), 0, 1)
    kinds = [("party", "党树人", "13900000007"), ("micro", "井水清", ""), ("grid", leader.display_name, "")]
    assert told(world) == kinds
    person(world, "组长自己", "13900000009", user=leader)
    assert told(world)[2] == ("grid", leader.display_name, "13900000009")


def test_grid_leader_who_is_named_stands_in_for_the_account(world: World) -> None:
    give(world, person(world, "代理人", ""), 0, kind="grid")
    assert [one[:2] for one in told(world)] == [("grid", "代理人")]


def test_name_and_number_lie_sealed(world: World) -> None:
    person(world)
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, phone FROM households_contactperson")
        stored = b"".join(bytes(cell) for cell in cursor.fetchone())
    assert "党树人".encode() not in stored and b"13900000007" not in stored


def test_contact_ends_and_stays_on_record(world: World) -> None:
    [contact] = give(world, person(world), 0)
    op_id = uuid4()
    for _ in range(2):
        actions.end(op_id=op_id, contact=contact, on=TOMORROW, by=world.user(Role.CADRE))
    assert ("party", "党树人", "13900000007") in told(world)
    assert told(world, on=TOMORROW) == [("grid", world.user(Role.GROUP_LEADER).display_name, "")]
    assert AuditEvent.objects.filter(action="contact.end", place=world.household.code).count() == 1
    assert refusal_code(actions.end, op_id=uuid4(), contact=contact, on=TODAY, by=None) == "ended"


def test_assignment_is_refused_for_each_reason_and_writes_nothing(world: World) -> None:
    own = person(world)
    give(world, own, 0)
    elsewhere = add_person(op_id=uuid4(), place=world.strange, name="外村人", phone="", by=None)
    Household.objects.filter(pk=world.households[1].pk).update(valid_to=TODAY)
    Household.objects.filter(pk=world.households[2].pk).update(valid_from=TOMORROW)
    before = Contact.objects.count()
    assert {
        refusal_code(give, world, own, 0),
        refusal_code(give, world, own, 1),
        refusal_code(give, world, own, 2),
        refusal_code(give, world, elsewhere, 3),
        refusal_code(give, world, own, 3, kind="micro"),
        refusal_code(give, world, own, 3, kind="friend"),
        refusal_code(give, world, own, 3, since=TODAY.replace(year=1999)),
        refusal_code(
            actions.assign,
            op_id=uuid4(),
            households=[world.household],
            person=own,
            kind="party",
            since=TODAY,
            by=world.stranger(Role.CADRE),
        ),
    } == {
        "already",
        "household_closed",
        "household_later",
        "person_elsewhere",
        "no_micro_grid",
        "unknown_kind",
        "odd_day",
        "not_yours",
    }
    assert Contact.objects.count() == before


def test_people_are_checked_and_an_account_is_one_persons(world: World) -> None:
    leader, cadre = world.user(Role.GROUP_LEADER), world.user(Role.CADRE)
    first = person(world, user=leader)
    assert refusal_code(person, world, "另一人", "", user=leader) == "account_taken"
    assert refusal_code(person, world, "另一人", "", user=world.user(Role.AUDITOR)) == "account_elsewhere"
    assert refusal_code(person, world, " ", "") == "name_missing"
    assert refusal_code(person, world, "另一人", "一三九") == "phone_unclear"
    change_person(op_id=uuid4(), person=first, name="党树人", phone="139 0000 0008", user=None, by=cadre)
    first.refresh_from_db()
    assert (first.phone, first.user) == ("13900000008", None)


def test_hand_over_moves_all_and_keeps_what_was(world: World) -> None:
    giver, taker = person(world), person(world, "接手人", "")
    give(world, giver)
    give(world, taker, 0)
    grid = grid_of(world, giver, 0, 1)
    plan = actions.plan(giver=giver, taker=taker, by=world.user(Role.CADRE))
    assert (plan.households, len(plan.given), len(plan.already), plan.grids) == (8, 9, 1, [grid])
    hand(world, giver, taker, TOMORROW)
    assert told(world, 1)[0][1] == "党树人"
    assert {name for _kind, name, _phone in told(world, 1, TOMORROW) if _kind != "grid"} == {"接手人"}
    grid.refresh_from_db()
    assert (grid.head, holds()) == (taker, [True])
    assert refusal_code(hand, world, giver, taker) == "nothing_to_give"
    assert refusal_code(hand, world, taker, taker) == "same_person"


def test_hand_over_twice_with_one_id_is_one(world: World) -> None:
    giver, taker, op_id = person(world), person(world, "接手人", ""), uuid4()
    give(world, giver, 0, 1)
    given = {"op_id": op_id, "giver": giver, "taker": taker, "day": TODAY, "by": world.user(Role.CADRE)}
    assert actions.hand_over(**given) == actions.hand_over(**given)
    assert Contact.objects.filter(person=taker).count() == 2
    assert AuditEvent.objects.filter(action="contact.hand_over").count() == 1


def test_hand_over_without_its_audit_line_changes_nothing(world: World) -> None:
    giver, taker = person(world), person(world, "接手人", "")
    give(world, giver, 0)
    with audit_down():
        hand(world, giver, taker)
    assert list(Contact.objects.values_list("person", "valid_to")) == [(giver.pk, None)]


def test_hand_over_stops_at_the_edge_of_the_scope(world: World) -> None:
    giver = add_person(op_id=uuid4(), place=world.township, name="乡上人", phone="", by=None)
    taker = add_person(op_id=uuid4(), place=world.township, name="接手人", phone="", by=None)
    sister = Household.objects.filter(code__startswith=world.sister.code)
    given = {"person": giver, "kind": "party", "since": LONG_AGO}
    actions.assign(op_id=uuid4(), households=[*sister, world.household], **given, by=None)
    hand(world, giver, taker)
    assert set(Contact.objects.filter(person=taker).values_list("household", flat=True)) == {world.household.code}


def test_micro_grid_changes_its_head_and_is_dissolved(world: World) -> None:
    old, new, cadre = person(world), person(world, "新头", ""), world.user(Role.CADRE)
    grid = grid_of(world, old, 0, 1)
    assert refusal_code(grid_of, world, new, 2) == "grid_known"
    assert refusal_code(grid_of, world, new, 1, name="别的") == "already"
    assert refusal_code(grid_of, world, new, 5, name="别的") == "no_micro_grid"
    grids.change_head(op_id=uuid4(), grid=grid, head=new, day=TODAY, by=cadre)
    assert next(one[:2] for one in told(world)) == ("micro", "新头")
    assert next(one[:2] for one in told(world, on=TODAY - timedelta(days=1))) == ("micro", "党树人")
    grids.dissolve(op_id=uuid4(), grid=grid, on=TODAY, by=cadre)
    assert [one[0] for one in told(world)] == ["grid"]
    assert MicroGrid.objects.get().valid_to == TODAY and holds() == [True]


def test_closed_household_ends_its_contacts_whoever_closes_it(world: World) -> None:
    give(world, person(world), 0, 1)
    Household.objects.filter(pk=world.household.pk).update(valid_to=TOMORROW)
    ends = dict(Contact.objects.values_list("household", "valid_to"))
    assert ends == {world.household.code: TOMORROW, world.households[1].code: None}
    assert holds() == [True]


def test_party_member_goes_along_within_the_village_and_the_grid_does_not(world: World) -> None:
    party, head = person(world), person(world, "格长", "13900000008")
    give(world, party, 0)
    grid_of(world, head, 0)
    cadre, here = world.user(Role.CADRE), world.household.code
    group = f"{world.village.code}02"
    _plan, effects = preview(wish(ChangeKind.MOVE, TODAY, here, group=group), by=cadre)
    assert {"跟着到新户" in one.sentence for one in effects if "联系人" in one.sentence} == {True, False}
    there = done(cadre, ChangeKind.MOVE, TODAY, here, group=group).other_id
    rows = Contact.objects.filter(household=there).values_list("person", "kind", "valid_from", "valid_to")
    assert list(rows) == [(party.pk, "party", Household.objects.get(pk=there).valid_from, None)]
    assert not Contact.objects.filter(household=here, valid_to=None).exists()
    assert holds() == [True]


def test_nobody_goes_along_to_another_village(world: World) -> None:
    give(world, person(world), 0)
    there = done(
        world.user(Role.COUNTY_OFFICE), ChangeKind.MOVE, TODAY, world.household.code, group=f"{SISTER}01"
    ).other_id
    assert not Contact.objects.filter(household=there).exists()


@pytest.mark.parametrize(
    "change", [{"valid_from": LONG_AGO - timedelta(days=3)}, {"valid_to": TODAY + timedelta(days=9)}]
)
def test_verify_names_a_contact_outside_of_its_households_life(world: World, change: dict[str, object]) -> None:
    [contact] = give(world, person(world), 0)
    Household.objects.filter(pk=world.household.pk).update(valid_from=LONG_AGO, valid_to=TOMORROW)
    assert holds() == [True]
    Contact.objects.filter(pk=contact.pk).update(**change)
    [line] = checks.checked(None)
    assert not line.holds and world.household.code in line.sentence


def test_verify_names_a_contact_that_stands_twice(world: World) -> None:
    [contact] = give(world, person(world), 0)
    Contact.objects.create(
        household=world.household, person=contact.person, kind="party", valid_from=LONG_AGO, valid_to=TODAY
    )
    assert holds() == [False]


def test_database_refuses_what_contradicts_itself(world: World) -> None:
    [contact] = give(world, person(world), 0)
    one = Contact.objects.filter(pk=contact.pk)
    broken(lambda: one.update(kind="other"), "contact_kind_known")
    broken(lambda: one.update(kind="micro"), "contact_micro_in_a_grid")
    broken(lambda: one.update(valid_to=LONG_AGO - timedelta(days=1)), "contact_valid_in_order")
    twin = {"household": contact.household, "person": contact.person, "kind": "party", "valid_from": TODAY}
    broken(lambda: Contact.objects.create(**twin), "contact_once")
    broken(lambda: ContactPerson.objects.update(name=""), "contact_person_named")
    grid = grid_of(world, contact.person, 0)
    micro = twin | {"kind": "micro", "micro_grid": grid, "person": person(world, "别人", "")}
    broken(lambda: Contact.objects.create(**micro), "contact_of_one_micro_grid")
    broken(lambda: MicroGrid.objects.update(name=""), "micro_grid_named")
    broken(lambda: MicroGrid.objects.update(valid_to=LONG_AGO - timedelta(days=1)), "micro_grid_valid_in_order")
    again = {"group": grid.group, "name": grid.name, "head": grid.head, "valid_from": TODAY}
    broken(lambda: MicroGrid.objects.create(**again), "micro_grid_once_by_name")


def test_contact_calls_and_the_household_reads_of_it(world: World) -> None:
    supervisor = world.user(Role.SUPERVISOR)
    give(world, person(world, user=supervisor), 0)
    assert call(household=world.household, by=supervisor) == "13800000001"
    assert AuditEvent.objects.get(action="household.unmask").place == world.household.code
    refused("not_yours", lambda: call(household=world.households[1], by=supervisor))
    refused("not_yours", lambda: call(household=world.household, by=world.user(Role.COUNTY_OFFICE)))


def test_visit_is_a_contacts_sealed_and_withdrawn_by_its_author(world: World) -> None:
    leader, supervisor = world.user(Role.GROUP_LEADER), world.user(Role.SUPERVISOR)
    visit = visited(world, leader)
    refused("not_yours", lambda: visited(world, leader, 5))
    refused("not_yours", lambda: visited(world, supervisor))
    refused("odd_day", lambda: visited(world, leader, day=TOMORROW))
    given = {"op_id": uuid4(), "household": world.household, "day": TODAY, "note": ""}
    refused("unknown_outcome", lambda: record_visit(**given, outcome="bad", by=leader))
    [line] = AuditEvent.objects.filter(action="contact.visit")
    assert "路灯" not in f"{line.detail}"
    refused("not_yours", lambda: withdraw_visit(op_id=uuid4(), visit=visit, by=supervisor))
    withdraw_visit(op_id=uuid4(), visit=visit, by=leader)
    assert (ContactVisit.objects.get().note, reads.last_visits([world.household.code])) == ("", {})


def test_coverage_leaves_out_who_is_not_back_yet(world: World) -> None:
    Household.objects.filter(pk=world.household.pk).update(gaps=[DateRange(LONG_AGO, TOMORROW)])
    assert [reads.coverage(world.township.code, [world.village], day)[0].households for day in (TODAY, TOMORROW)] == [
        7,
        8,
    ]
    assert world.household.code not in reads.lacking(world.village.code, "any", TODAY)


def test_coverage_counts_what_is_missing(world: World) -> None:
    give(world, person(world), 0, 5)
    grid_of(world, person(world, "井水清", ""), 1)
    [village, sister] = reads.coverage(world.township.code, [world.village, world.sister], TODAY)
    assert (village.households, village.no_party, village.no_grid, village.no_micro, village.nobody) == (8, 6, 3, 7, 2)
    assert (sister.households, sister.nobody) == (2, 2)
    assert reads.lacking(world.village.code, "any", TODAY) == [each.code for each in world.households[6:]]
    assert len(reads.lacking(world.village.code, "micro", TODAY)) == 7
