"""Who reads notes, and of the same matter only what its reader may see."""

from uuid import uuid4

import pytest
from django.urls import reverse

from households.roles import Role
from petitions.cases.actions import merging
from tests.petitions.desk import Desk
from tests.petitions.filers import text_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", [Role.CADRE, Role.TOWNSHIP])
def test_who_only_filed_it_reads_no_notes(desk: Desk, role: str) -> None:
    """A township that filed for somebody reads what the filer reads, while 林业局 at work on it reads the notes."""
    petition = desk.handled(by=desk.world.user(role), way="cadre")
    for who, inside in ((role, False), (Role.DEPARTMENT, True), (Role.PETITION_OFFICE, True)):
        client = desk.world.client(who)
        page = text_of(client, reverse("petition", args=[petition.number]))
        told = client.get(reverse("api-petition", args=[petition.number])).content.decode()
        assert ("已派人查看" in page, "已派人查看" in told) == (inside, inside), who


def test_same_matter_is_listed_as_far_as_its_reader_may_see(desk: Desk) -> None:
    petition, seen, unseen = desk.assigned(), desk.assigned(title="看得到的一件"), desk.file(title="看不到的一件")
    for other in (seen, unseen):
        merging.classify(op_id=uuid4(), petition=other, by=desk.office, case=petition.case)
    html = text_of(desk.world.client(desk.handler), reverse("petition", args=[petition.number]))
    assert "看得到的一件" in html and "看不到的一件" not in html
    assert "看不到的一件" in text_of(desk.world.client(desk.office), reverse("petition", args=[petition.number]))
