"""One petition's page: the main road by its forms, and what whom is shown and offered."""

import re
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from households.models import AuditEvent
from households.roles import Role
from petitions.letters.letters import letter
from petitions.models import Petition, PetitionEvent
from petitions.steps import closing
from tests.answers import whole
from tests.petitions.desk import LYJ, SLJ, Desk
from tests.petitions.petition.staff_pages import do, filing, page
from tests.rewards.pictures.photographs import photo

pytestmark = pytest.mark.django_db
QUERIES = 20  # of a handler's page with its ready-made texts, whatever its history; one writes down who opened it


def state(petition: Petition) -> str:
    return Petition.objects.get(pk=petition.pk).state


def offered(html: str) -> set[str]:
    """The steps whose forms stand on the page."""
    return set(re.findall(r'action="/petitions/[0-9-]+/([a-z-]+)/"', html))


def test_petition_goes_the_whole_road_by_its_pages(desk: Desk) -> None:
    receipt = desk.world.client(desk.office).post(reverse("petition-file"), filing())
    assert receipt.status_code == 200
    petition = Petition.objects.get()
    assert petition.number in receipt.content.decode()
    assert do(desk, desk.office, petition, "accept", told="已受理。").status_code == 302
    assert do(desk, desk.office, petition, "assign", lead=LYJ, joint=[SLJ]).status_code == 302
    assert do(desk, desk.handler, petition, "handle", note="看过现场。").status_code == 302
    assert do(desk, desk.handler, petition, "answer", told="月底前清淤。").status_code == 302
    closing.confirm(op_id=uuid4(), petition=petition)
    assert do(desk, desk.office, petition, "close").status_code == 302
    assert state(petition) == "closed"


def test_page_shows_words_outside_and_notes_inside(desk: Desk) -> None:
    petition = desk.answered()
    html = page(desk, petition, desk.handler)
    assert "门前的路断了三个月。" in html
    assert "路已经修好。" in html
    assert "已派人查看" in html


def test_filer_is_masked_on_the_page(desk: Desk) -> None:
    html = page(desk, desk.assigned(), desk.handler)
    assert "张*" in html
    assert "138****0001" in html
    assert "张三丰" not in html
    assert "13800000001" not in html


def test_cadre_who_filed_it_reads_no_notes(desk: Desk) -> None:
    petition = desk.handled(by=desk.world.user(Role.CADRE), way="cadre")
    html = page(desk, petition, Role.CADRE)
    assert petition.title in html
    assert "已派人查看" not in html
    assert offered(html) == set()


def test_office_is_offered_accepting_and_turning_away(desk: Desk) -> None:
    steps = offered(page(desk, desk.file(), desk.office))
    assert {"accept", "redirect", "not-accept", "merge", "classify"} <= steps
    assert not steps & {"answer", "handle", "close", "assign"}


def test_lead_unit_is_offered_its_steps_alone(desk: Desk) -> None:
    steps = offered(page(desk, desk.assigned(), desk.handler))
    assert {"handle", "note", "tell", "ask-extension", "recuse"} <= steps
    assert not steps & {"assign", "close", "extend", "rate", "pause", "unmask"}


def test_joint_unit_is_offered_notes_only(desk: Desk) -> None:
    petition = desk.assigned(LYJ, SLJ)
    assert offered(page(desk, petition, desk.neighbour)) == {"note", "recuse"}


def test_closing_too_early_is_explained_instead_of_offered(desk: Desk) -> None:
    petition = desk.handled()
    petition = desk.answer(petition, at=None)
    html = page(desk, petition, desk.office)
    assert "close" not in offered(html)
    assert "来信人还没有确认" in html


def test_contest_after_five_working_days_is_explained(desk: Desk) -> None:
    html = page(desk, desk.assigned(), desk.handler)
    assert "contest" not in offered(html)
    assert "5 个工作日" in html


@pytest.mark.parametrize("who", [Role.CADRE, Role.TOWNSHIP, "a neighbouring department"])
def test_petition_of_others_is_not_found(desk: Desk, who: str) -> None:
    petition = desk.assigned()
    user = desk.world.people.get(who, desk.neighbour)
    answer = desk.world.client(user).get(reverse("petition", args=[petition.number]))
    assert (answer.status_code, petition.title in whole(answer)) == (404, False)
    assert petition.title in page(desk, petition, desk.handler)


def test_accused_department_finds_nothing_even_when_it_filed(desk: Desk) -> None:
    petition = desk.accusation(by=desk.handler, way="department")
    client = desk.world.client(desk.handler)
    assert client.get(reverse("petition", args=[petition.number])).status_code == 404
    assert do(desk, desk.handler, petition, "note", note="看看").status_code == 404
    assert petition.title not in client.get(reverse("petitions")).content.decode()


def test_accused_unit_cannot_be_chosen(desk: Desk) -> None:
    petition = desk.accept(desk.accusation())
    html = page(desk, petition, desk.office)
    lead = html[html.index('name="lead"') : html.index("</select>", html.index('name="lead"'))]
    assert SLJ in lead
    assert LYJ not in lead
    assert do(desk, desk.office, petition, "assign", lead=LYJ).status_code == 422
    assert state(petition) == "accepted"


def test_unit_that_does_not_lead_cannot_answer(desk: Desk) -> None:
    petition = desk.handle(desk.assigned(LYJ, SLJ))
    answer = do(desk, desk.neighbour, petition, "answer", told="我们来答。")
    assert answer.status_code == 403
    assert state(petition) == "handled"


def test_handler_is_refused_the_office_step(desk: Desk) -> None:
    petition = desk.assigned()
    assert do(desk, desk.handler, petition, "close").status_code == 403
    assert state(petition) == "assigned"


def test_stale_page_is_told_so(desk: Desk) -> None:
    petition = desk.accepted()
    answer = do(desk, desk.office, petition, "assign", lead=LYJ, seen=1)
    assert answer.status_code == 409
    assert "页面上的内容已经旧了" in answer.content.decode()


def test_same_form_twice_makes_one_step(desk: Desk) -> None:
    petition = desk.file()
    given = {"op_id": str(uuid4()), "seen": 1, "told": "已受理。"}
    first, second = (
        do(desk, desk.office, petition, "accept", **given),
        do(desk, desk.office, petition, "accept", **given),
    )
    assert (first.status_code, second.status_code) == (302, 302)
    assert desk.lines(petition) == ["file", "accept"]


def test_fault_comes_back_in_its_form(desk: Desk) -> None:
    petition = desk.handled()
    answer = do(desk, desk.handler, petition, "answer", told="")
    assert answer.status_code == 422
    assert "field-fault" in answer.content.decode()
    assert state(petition) == "handled"


def test_recused_person_is_told_and_refused(desk: Desk) -> None:
    petition = desk.assigned()
    assert do(desk, desk.handler, petition, "recuse", person=desk.handler.username, note="亲戚").status_code == 302
    assert do(desk, desk.handler, petition, "handle", note="还是我办").status_code == 403
    html = page(desk, petition, desk.handler)
    assert "您应当回避" in html
    assert "handle" not in offered(html)


def test_office_declares_somebody_else_bound(desk: Desk) -> None:
    petition = desk.assigned()
    do(desk, desk.office, petition, "recuse", person=desk.handler.username, note="当事人亲属")
    assert petition.ties.get().user == desk.handler


def test_unmasking_needs_a_reason_and_stands_in_the_history(desk: Desk) -> None:
    petition = desk.file()
    assert "张三丰" not in do(desk, desk.office, petition, "unmask", note="").content.decode()
    html = do(desk, desk.office, petition, "unmask", note="回访").content.decode()
    assert "张三丰" in html
    assert "13800000001" in html
    assert desk.lines(petition) == ["file", "unmask"]


def test_lead_unit_is_shown_the_way_to_the_filer(desk: Desk) -> None:
    petition = desk.assigned()
    assert f"/petitions/{petition.number}/unmask/" in page(desk, petition, desk.handler)
    html = do(desk, desk.handler, petition, "unmask", note="约时间看现场").content.decode()
    assert "张三丰" in html and "13800000001" in html
    accusation = desk.assign(desk.accept(desk.accusation(SLJ)))
    assert "/unmask/" not in page(desk, accusation, desk.handler)
    assert "张三丰" not in do(desk, desk.handler, accusation, "unmask", note="核实").content.decode()


def test_answer_goes_out_with_its_papers(desk: Desk) -> None:
    petition = desk.handled()
    photograph = SimpleUploadedFile("done.jpg", photo())
    assert do(desk, desk.handler, petition, "answer", told="路已经修好。", files=photograph).status_code == 302
    [paper] = petition.attachments.all()
    assert (paper.by, paper.kind) == (desk.handler, "photo")
    assert "附件 1 个" in page(desk, petition, desk.office)
    [event] = PetitionEvent.objects.filter(petition=petition, kind="answer")
    assert "附件 1 个，凭编号和查询码在网上查看。" in letter(petition, event.seq, full_name=False).paragraphs


def test_answer_with_a_file_that_will_not_do_is_not_given(desk: Desk) -> None:
    petition = desk.handled()
    answer = do(
        desk, desk.handler, petition, "answer", told="路已经修好。", files=SimpleUploadedFile("a.html", b"<html>")
    )
    assert answer.status_code == 422
    assert "路已经修好。" in answer.content.decode()
    assert (state(petition), petition.attachments.count()) == ("handled", 0)


def test_merged_petition_leads_to_the_other(desk: Desk) -> None:
    first, second = desk.accepted(), desk.file(title="还是那条路")
    assert do(desk, desk.office, second, "merge", into=first.number, told="合并办理。").status_code == 302
    assert first.number in page(desk, second, desk.office)
    assert "还是那条路" in page(desk, first, desk.office)


def test_merge_into_an_unknown_number_is_refused(desk: Desk) -> None:
    petition = desk.file()
    answer = do(desk, desk.office, petition, "merge", into="430726-2024-999999", told="合并。")
    assert answer.status_code == 422
    assert "没有找到这个编号" in answer.content.decode()


def test_classifying_as_accusation_hides_it_from_the_accused(desk: Desk) -> None:
    petition = desk.assigned()
    assert page(desk, petition, desk.handler)
    given = {"content": "accusation", "kind": "repeat", "demand": "complaint", "accused": [LYJ]}
    assert do(desk, desk.office, petition, "classify", **given).status_code == 302
    assert desk.world.client(desk.handler).get(reverse("petition", args=[petition.number])).status_code == 404


def test_same_matter_is_listed_on_both(desk: Desk) -> None:
    old, new = desk.closed(title="旧路的事"), desk.file(title="又断了")
    given = {"content": "appeal", "kind": "repeat", "demand": "complaint", "same_as": old.number}
    assert do(desk, desk.office, new, "classify", **given).status_code == 302
    assert "又断了" in page(desk, old, desk.office)
    assert "旧路的事" in page(desk, new, desk.office)


def test_extension_asked_for_is_granted_by_the_office(desk: Desk) -> None:
    petition = desk.assigned()
    do(desk, desk.handler, petition, "ask-extension", note="要勘测")
    assert "申请延期" in page(desk, petition, desk.office)
    assert do(desk, desk.office, petition, "extend", days=20, told="勘测需要时间。").status_code == 302
    assert "20 天" in page(desk, petition, desk.office)


def test_paused_petition_offers_to_go_on(desk: Desk) -> None:
    petition = desk.assigned()
    do(desk, desk.office, petition, "pause", told="等鉴定。")
    steps = offered(page(desk, petition, desk.office))
    assert "resume" in steps
    assert "pause" not in steps


def test_call_back_is_noted_for_the_unit(desk: Desk) -> None:
    petition = desk.answered()
    do(desk, desk.office, petition, "rate", score="fair", note="电话里说基本满意。")
    html = page(desk, petition, desk.office)
    assert "基本满意" in html
    assert petition.ratings.get().subject == "unit"


def test_audit_does_not_tell_which_petitions_are_accusations(desk: Desk) -> None:
    for petition in (desk.accusation(), desk.file()):
        do(desk, desk.office, petition, "accept", told="已受理。")
    lines = AuditEvent.objects.filter(action__startswith="petition.").order_by("subject")
    told = {(line.action, line.place, str(line.detail)) for line in lines}
    assert len(lines) == 4 and len(told) == 2, told


@pytest.mark.parametrize("lines", [1, 3])
def test_page_costs_the_same_queries_however_long_the_history(desk: Desk, lines: int) -> None:
    petition = desk.assigned(LYJ, SLJ)
    for number in range(lines):
        do(desk, desk.handler, petition, "note", note=f"第{number}次")
    client = desk.world.client(desk.handler)
    with CaptureQueriesContext(connection) as caught:
        client.get(reverse("petition", args=[petition.number]))
    assert len(caught) == QUERIES, "\n".join(query["sql"][:300] for query in caught)
