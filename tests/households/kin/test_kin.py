"""亲属申报: who declares, who keeps it, who reads it, and what a declaration reaches when the household changes."""

from datetime import date

import pytest
from django.urls import reverse

from households.kin.actions import declare_kin, end_kin
from households.kin.reads import households_of, is_kin
from households.models import AuditEvent, ChangeKind, KinTie
from households.roles import Role
from tests.audit_failure import audit_down
from tests.constraints import broken, raw
from tests.households.changes.histories import done
from tests.refusals import refused
from tests.world import SISTER, STRANGE, VILLAGE, World

ONE = f"{VILLAGE}010001"


def declared(world: World, role: str = Role.CADRE, by: str | None = None) -> KinTie:
    user = world.user(role)
    return declare_kin(user=user, household=world.household, relation="kin", by=world.user(by) if by else user)


def test_declared_household_is_kin_and_its_neighbour_is_not(world: World) -> None:
    declared(world)
    cadre = world.user(Role.CADRE)
    assert is_kin(cadre, ONE) and not is_kin(cadre, f"{VILLAGE}010002") and not is_kin(world.user(Role.SUPERVISOR), ONE)


def test_office_declares_for_those_below_and_nobody_for_those_beside(world: World) -> None:
    assert declared(world, by=Role.TOWNSHIP).declared_by == world.user(Role.TOWNSHIP)
    assert declared(world, Role.TOWNSHIP, by=Role.COUNTY_OFFICE).pk
    assert declared(world, Role.DEPARTMENT, by=Role.COUNTY_OFFICE).pk
    refused("not_yours", lambda: declared(world, Role.SUPERVISOR, by=Role.CADRE))
    refused("not_yours", lambda: declared(world, Role.DEPARTMENT, by=Role.TOWNSHIP))
    stranger = world.stranger(Role.TOWNSHIP)
    cadre, household = world.user(Role.CADRE), world.household
    refused("not_yours", lambda: declare_kin(user=cadre, household=household, relation="own", by=stranger))


def test_own_declaration_is_ended_by_the_office_alone_and_once(world: World) -> None:
    tie = declared(world)
    refused("not_yours", lambda: end_kin(tie=tie.pk, by=world.user(Role.CADRE)))
    refused("tie_unknown", lambda: end_kin(tie=tie.pk, by=world.stranger(Role.TOWNSHIP)))
    end_kin(tie=tie.pk, by=world.user(Role.TOWNSHIP))
    assert not is_kin(world.user(Role.CADRE), ONE)
    refused("ended", lambda: end_kin(tie=tie.pk, by=world.user(Role.TOWNSHIP)))
    assert declared(world).pk != tie.pk


def test_household_is_declared_once(world: World) -> None:
    declared(world)
    refused("declared_before", lambda: declared(world))
    refused(
        "relation_unknown",
        lambda: declare_kin(
            user=world.user(Role.CADRE), household=world.households[1], relation="friend", by=world.user(Role.CADRE)
        ),
    )


def test_declaration_follows_a_household_that_is_split(world: World) -> None:
    declared(world)
    split = done(world.user(Role.CADRE), ChangeKind.SPLIT, date(2024, 6, 3), ONE, head_name="张小三")
    assert households_of(world.user(Role.CADRE)) == {ONE, split.other_id}


def test_declaration_is_written_with_its_audit_line_or_not_at_all(world: World) -> None:
    with audit_down():
        declared(world)
    assert not KinTie.objects.exists()
    tie = declared(world)
    with audit_down():
        end_kin(tie=tie.pk, by=world.user(Role.TOWNSHIP))
    assert is_kin(world.user(Role.CADRE), ONE)
    assert AuditEvent.objects.filter(action="kin.declare", place=ONE).count() == 1


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ("UPDATE households_kintie SET relation = 'own'", "ended once"),
        ("UPDATE households_kintie SET ended_at = now(), ended_by_id = user_id", "kin_ended_by_another"),
        ("UPDATE households_kintie SET ended_at = now()", "kin_ended_by_another"),
        ("DELETE FROM households_kintie", "append-only"),
        (
            "UPDATE households_kintie SET declared_by_id = declared_by_id + 1",
            "ended once",
        ),
    ],
)
def test_database_keeps_declarations(world: World, change: str, rule: str) -> None:
    declared(world)
    broken(raw(change), rule)


def test_page_declares_by_name_in_reach_and_by_number_elsewhere(world: World) -> None:
    cadre = world.client(Role.CADRE)
    found = cadre.get(reverse("kin"), {"words": "张三丰"}).content.decode()
    assert ONE in found
    far = f"{STRANGE}010001"
    by_number = cadre.get(reverse("kin"), {"words": far}).content.decode()
    assert far in by_number and "郑*" in by_number and "郑南坪" not in by_number
    page = reverse("declare-kin", args=[world.user(Role.CADRE).pk])
    answer = cadre.post(page, {"household": far, "relation": "kin"}, follow=True).content.decode()
    assert far in answer and is_kin(world.user(Role.CADRE), far)
    assert not cadre.get(reverse("kin"), {"words": f"{SISTER}01"}).content.decode().count("西河村一组")


def test_declarations_are_read_by_the_person_and_the_office_alone(world: World) -> None:
    declared(world)
    page = reverse("kin-of", args=[world.user(Role.CADRE).pk])
    assert ONE in world.client(Role.TOWNSHIP).get(page).content.decode()
    assert world.client(world.stranger(Role.TOWNSHIP)).get(page).status_code == 404
    for role in (Role.SUPERVISOR, Role.GROUP_LEADER):
        assert world.client(role).get(page).status_code == 403
        assert ONE not in world.client(role).get(reverse("kin")).content.decode()
    told = world.client(Role.TOWNSHIP).get(reverse("kin")).content.decode()
    assert "1 户" in told and ONE not in told
