"""Who answers for a case: set with a reason, only somebody who works on it, listed with the last step and what is owed."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from households.accounts.actions.accounts import deactivate_user
from households.accounts.actions.posts import correct_user
from households.models import AuditEvent, User
from households.roles import Role
from petitions.cases import reads
from petitions.cases.actions import merging, ownership
from petitions.models import Case, Petition
from tests.audit_failure import audit_down
from tests.petitions.desk import SLJ, Desk
from tests.petitions.filers import text_of
from tests.petitions.receptions.scene import Days
from tests.refusals import refusal
from tests.world import TOWNSHIP

pytestmark = pytest.mark.django_db


def own(desk: Desk, petition: Petition, owner: User | None, **more: Any) -> Petition:
    given = {"op_id": uuid4(), "petition": petition, "owner": owner, "by": desk.office, "note": "老案要有人管"}
    return ownership.set_owner(**given | more)


def test_owner_is_set_handed_over_and_taken_off(desk: Desk) -> None:
    petition, office = desk.assigned(), desk.office
    for owner, before in ((desk.handler, None), (office, desk.handler), (None, office)):
        moved = own(desk, petition, owner)
        line = moved.events.order_by("seq").last()
        assert line.data == {"owner": owner and owner.pk, "before": before and before.pk}
        assert Case.objects.get(pk=petition.case_id).owner == owner
    assert (moved.state, desk.lines(petition)[-3:]) == ("assigned", ["own"] * 3)


def test_owner_set_twice_with_one_id_is_one_line(desk: Desk) -> None:
    petition, op_id = desk.assigned(), uuid4()
    for _ in range(2):
        own(desk, petition, desk.handler, op_id=op_id)
    assert desk.lines(petition).count("own") == 1
    assert refusal(own, desk, petition, desk.handler).code == "owner_already"


def test_owner_needs_a_reason_and_the_office(desk: Desk) -> None:
    petition = desk.assigned()
    assert refusal(own, desk, petition, desk.handler, note=" ").code == "note_missing"
    assert refusal(own, desk, petition, desk.handler, by=desk.handler).status == 403
    assert Case.objects.get(pk=petition.case_id).owner is None


def test_owner_is_somebody_who_works_on_it(desk: Desk) -> None:
    petition = desk.assigned()
    assert refusal(own, desk, petition, desk.neighbour).code == "owner_not_at_work"
    for role in (Role.CADRE, Role.COUNTY_OFFICE, Role.SUPERVISOR):
        assert refusal(own, desk, petition, desk.world.user(role)).code == "owner_wrong"
    User.objects.filter(pk=desk.handler.pk).update(is_active=False)
    assert refusal(own, desk, petition, User.objects.get(pk=desk.handler.pk)).code == "owner_wrong"


def test_accused_never_owns_what_accuses_him(desk: Desk) -> None:
    accusation = desk.assign(desk.accept(desk.accusation(SLJ)))
    assert refusal(own, desk, accusation, desk.neighbour).code == "owner_not_at_work"
    plain, more = desk.assigned(), desk.accusation("user:department")
    merging.classify(op_id=uuid4(), petition=more, by=desk.office, case=plain.case)
    assert refusal(own, desk, plain, desk.handler).code == "owner_not_at_work"


def test_who_is_named_does_not_own(desk: Desk) -> None:
    petition = desk.assigned(text=f"{desk.handler.display_name}来过一次。")
    assert refusal(own, desk, petition, desk.handler).code == "conflict_of_interest"


def test_owner_who_is_relieved_reads_nothing_more_and_is_marked(desk: Desk, days: Days) -> None:
    petition = desk.assigned(kind="backlog")
    own(desk, petition, desk.handler)
    desk.assign(petition, SLJ, note="职责在水利局", at=None)
    assert not Petition.objects.visible_to(desk.handler).exists()
    [row] = reads.rows_of(list(reads.listed(reads.old_cases(desk.office))), desk.office, days.today)
    assert row.stray


def test_audit_of_an_owner_holds_no_reason(desk: Desk) -> None:
    own(desk, desk.assigned(), desk.handler)
    line = AuditEvent.objects.get(action="petition.own")
    assert "老案" not in f"{line.subject}{line.detail}"


def test_owner_without_its_audit_line_is_none(desk: Desk) -> None:
    petition = desk.assigned()
    with audit_down():
        own(desk, petition, desk.handler)
    assert Case.objects.get(pk=petition.case_id).owner is None


def test_list_holds_old_and_owned_cases_once_each(desk: Desk, days: Days) -> None:
    backlog, owned, plain = desk.assigned(kind="backlog"), desk.assigned(), desk.assigned()
    own(desk, owned, desk.handler)
    again = desk.file(kind="repeat", case=backlog.case)
    promise = days.promise(owned)
    found = list(reads.listed(reads.old_cases(desk.office)))
    assert {one.pk for one in found} == {again.pk, owned.pk} and plain.pk not in {one.pk for one in found}
    rows = {row.petition.pk: row for row in reads.rows_of(found, desk.office, days.today)}
    assert (rows[again.pk].petitions, rows[owned.pk].promise, rows[owned.pk].step) == (2, promise, "承诺")
    assert rows[again.pk].since >= 39


def test_list_is_chosen_by_owner_and_township(desk: Desk) -> None:
    near, far = desk.assigned(kind="backlog"), desk.assigned(kind="backlog", place="430726202201")
    own(desk, near, desk.handler)
    every = reads.old_cases(desk.office)
    assert list(reads.chosen(every, str(desk.handler.pk), "")) == [near]
    assert list(reads.chosen(every, reads.NOBODY, "")) == [far]
    assert list(reads.chosen(every, "", TOWNSHIP)) == [near]
    assert [number for _, _, number in reads.owners_of(every)] == [1, 1]


def test_list_is_what_the_reader_may_read(desk: Desk) -> None:
    desk.assigned(kind="backlog", title="林业局的老案")
    desk.assigned(SLJ, kind="backlog", title="水利局的老案")
    for user, sees in ((desk.handler, "林业局的老案"), (desk.neighbour, "水利局的老案")):
        text = text_of(desk.world.client(user), reverse("owned"))
        assert sees in text and text.count("的老案") == 1 and "定人" not in text
    assert "没有您能看到的老案" in text_of(desk.world.client(Role.CADRE), reverse("owned"))
    assert "没有您能看到的老案" in text_of(desk.world.client(Role.COUNTY_OFFICE), reverse("owned"))


def test_owner_is_chosen_on_a_page(desk: Desk, office: Client) -> None:
    petition = desk.assigned(kind="backlog")
    address = reverse("petition-own", args=[petition.number])
    text = text_of(office, address)
    assert desk.handler.display_name in text and desk.neighbour.display_name not in text
    sent = {"op_id": str(uuid4()), "owner": str(desk.handler.pk)}
    assert office.post(address, sent | {"note": ""}).status_code == 422
    assert office.post(address, sent | {"note": "老案"}).status_code == 302
    assert office.post(address, sent | {"op_id": str(uuid4()), "note": "老案"}).status_code == 409
    assert desk.handler.display_name in text_of(office, reverse("owned"))


def test_cases_of_an_owner_are_taken_along(desk: Desk, days: Days, office: Client) -> None:
    petition, _other = desk.assigned(), desk.assigned()
    own(desk, petition, desk.handler)
    reception = days.plan()
    address = reverse("reception-act", args=[reception.pk, "route"])
    office.post(address, {"op_id": str(uuid4()), "owner": str(desk.handler.pk)})
    assert [item.petition for item in reception.items.all()] == [petition]
    answer = office.post(address, {"op_id": str(uuid4()), "owner": "x"})
    assert (answer.status_code, "没有可以带上" in answer.content.decode()) == (422, True)


def test_list_says_whom_to_call_and_who_has_left(desk: Desk) -> None:
    own(desk, desk.assigned(), desk.handler)
    correct_user(user=desk.handler, display_name="周新民", phone="13900007777", by=None)
    page = desk.world.client(desk.office).get(reverse("owned")).content.decode()
    assert '<a href="tel:13900007777">' in page and "已经离任" not in page
    deactivate_user(user=desk.handler, by=None)
    assert "已经离任，要另定一位" in desk.world.client(desk.office).get(reverse("owned")).content.decode()
