"""Accusations against the petition office itself: another body reads and handles them, the office meets them nowhere."""

from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from households.models import Department, User
from households.roles import Role
from petitions.board.board import board
from petitions.board.periods import year_to_date
from petitions.cases.actions import merging
from petitions.house.checks import examine
from petitions.models import Content, Petition
from petitions.steps import closing, handling, routing
from tests.petitions.desk import LYJ, Desk
from tests.petitions.filers import text_of
from tests.refusals import refusal
from tests.world import COUNTY

pytestmark = pytest.mark.django_db
OFFICE, BODY = "department:045", "department:005"
UNREAD = "办理中的信访都有人能看到"


@pytest.fixture
def body(desk: Desk) -> User:
    return desk.body()


@pytest.fixture
def against(desk: Desk, body: User) -> Petition:
    return desk.accusation(OFFICE, title="压着不办", text="信访局压着不办。", at=timezone.now())


@pytest.mark.parametrize("accused", [OFFICE, f"user:{Role.PETITION_OFFICE}"])
def test_office_meets_it_nowhere_and_the_body_reads_it(desk: Desk, body: User, accused: str) -> None:
    plain, petition = desk.accusation(), desk.accusation(accused, title="压着不办", text="信访局压着不办。")
    office, theirs = desk.world.client(desk.office), desk.world.client(body)
    pages = [reverse("petitions"), f"{reverse('petitions')}?q=压着", reverse("api-petitions"), reverse("home")]
    for page in [*pages, f"{reverse('petitions')}?q={petition.number[-3:]}"]:
        assert "压着不办" not in text_of(office, page) and petition.number not in text_of(office, page), page
    for name in ("petition", "petition-unmask", "api-petition"):
        assert office.get(reverse(name, args=[petition.number])).status_code == 404
    assert list(Petition.objects.visible_to(desk.office)) == [plain]
    assert "压着不办" in text_of(theirs, reverse("petitions"))
    assert "信访局压着不办。" in text_of(theirs, reverse("petition", args=[petition.number]))


def test_board_does_not_count_it(desk: Desk, against: Petition) -> None:
    desk.accusation(at=timezone.now())
    assert board(year_to_date(timezone.localdate()), COUNTY).total.now.taken == 1


def test_body_handles_it_to_the_end_in_the_offices_place(desk: Desk, body: User, against: Petition) -> None:
    """It accepts, assigns to itself, looks up who wrote, answers; the filer or time ends it, never the body's own word."""
    petition = routing.accept(op_id=uuid4(), petition=against, by=body)
    petition = routing.assign(op_id=uuid4(), petition=petition, by=body, lead=BODY)
    assert handling.unmask(op_id=uuid4(), petition=petition, by=body, note="核实情况")[0] == "张三丰"
    petition = handling.handle(op_id=uuid4(), petition=petition, by=body, note="已核实")
    petition = handling.answer(op_id=uuid4(), petition=petition, by=body, told="已立案。")
    petition = closing.confirm(op_id=uuid4(), petition=petition)
    assert refusal(lambda: closing.close(op_id=uuid4(), petition=petition, by=body)).code == "not_yours"
    assert closing.close(op_id=uuid4(), petition=petition, by=None).state == "closed"


def test_body_has_the_buttons_and_nobody_else_of_a_department_has(desk: Desk, body: User, against: Petition) -> None:
    plain = desk.accusation()
    accept = {"op_id": str(uuid4()), "seen": 1, "told": "受理"}
    page = text_of(desk.world.client(body), reverse("petition", args=[against.number]))
    assert reverse("petition-accept", args=[against.number]) in page and "等信访局" not in page
    for who, petition in ((body, plain), (desk.neighbour, against)):
        answer = desk.world.client(who).post(reverse("petition-accept", args=[petition.number]), accept)
        assert answer.status_code in (403, 404)
    desk.world.client(body).post(reverse("petition-accept", args=[against.number]), accept)
    assert (Petition.objects.get(pk=plain.pk).state, Petition.objects.get(pk=against.pk).state) == ("filed", "accepted")


def test_filer_reads_nothing_of_the_office_on_their_page(desk: Desk, body: User) -> None:
    from petitions.follow.page import page_of

    petition = desk.accusation(OFFICE)
    petition = routing.accept(op_id=uuid4(), petition=petition, by=body)
    page = page_of(petition)
    assert "信访局" not in page.meaning + "".join(line.title for line in page.lines)


@pytest.mark.parametrize("also", [(), (BODY,)])
def test_without_a_body_it_is_refused_with_the_path(desk: Desk, also: tuple[str, ...]) -> None:
    for code, name in (("045", "县信访局"), ("005", "县纪委监委")):
        Department.objects.create(code=code, name=name)
    told = refusal(lambda: desk.accusation(OFFICE, *also))
    assert told.code == "nobody_to_take_it" and "12388" in told.hint
    assert not Petition.objects.exists()


def test_office_does_not_write_down_what_accuses_it(desk: Desk, body: User) -> None:
    told = refusal(lambda: desk.accusation(OFFICE, by=desk.office, way="visit"))
    assert told.code == "office_accused" and "网页" in told.hint


def test_classified_as_against_the_office_it_stays_so(desk: Desk, body: User) -> None:
    petition = desk.file()
    given = {"content": Content.ACCUSATION, "accused": (OFFICE,)}
    merging.classify(op_id=uuid4(), petition=petition, by=desk.office, **given)
    assert not Petition.objects.visible_to(desk.office).exists()
    merging.classify(op_id=uuid4(), petition=petition, by=body, accused=(LYJ,))
    assert list(Petition.objects.visible_to(body)) == [petition]
    assert not Petition.objects.visible_to(desk.office).exists()
    told = refusal(lambda: merging.classify(op_id=uuid4(), petition=petition, by=body, content="appeal", accused=()))
    assert told.code == "stays_accusation"
    with pytest.raises(IntegrityError, match="append-only"):
        Petition.objects.filter(pk=petition.pk).update(against_office=False)


def test_verify_names_what_nobody_can_read(desk: Desk, body: User, against: Petition) -> None:
    def unread() -> list[str]:
        return next(one.wrong for one in examine() if one.label == UNREAD)

    assert unread() == []
    User.objects.filter(pk=body.pk).update(is_active=False)
    assert [line[:18] for line in unread()] == [against.number]
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("verify_petitions", stdout=out)
    assert against.number in out.getvalue()


def test_same_assignment_again_is_no_step(desk: Desk) -> None:
    petition = desk.assigned()
    told = refusal(lambda: desk.assign(petition, LYJ, note="再交一次"))
    assert (told.code, told.status) == ("assigned_already", 409)
    assert desk.lines(petition).count("assign") == 1
    assert desk.lines(desk.assign(petition, LYJ, "department:SLJ", note="加一个协办")).count("assign") == 2
