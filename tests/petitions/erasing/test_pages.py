"""Asking for erasure on one's own page, deciding it at the petition office, and taking everything along beforehand."""

import io
import json
import zipfile
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from households.roles import Role
from petitions.erasing import actions as erasing
from petitions.models import Petition
from petitions.steps import closing
from tests.petitions.desk import Desk
from tests.petitions.ended_petitions import SECRETS, answered_and_closed, withdrawn
from tests.petitions.filers import PDF, Filer, open_with, papered, receipt, text_of

pytestmark = pytest.mark.django_db


def door_of(desk: Desk, **more: Any) -> tuple[Client, Petition]:
    """A browser in front of a petition that was filed by it, with its session open."""
    filed, client = desk.filed(**more), Client()
    open_with(client, filed.petition.number, filed.code)
    return client, filed.petition


def end(petition: Petition) -> Petition:
    return closing.withdraw(op_id=uuid4(), petition=petition, note="不要了")


def act(client: Client, name: str, **given: Any) -> Any:
    return client.post(reverse("petition-follow-act", args=[name]), {"op_id": str(uuid4()), "note": "不想留着"} | given)


def press(desk: Desk, petition: Petition, step: str, who: str = Role.PETITION_OFFICE, **given: Any) -> Any:
    data = {"op_id": str(uuid4()), "seen": Petition.objects.get(pk=petition.pk).seq} | given
    return desk.world.client(who).post(reverse(f"petition-{step}", args=[petition.number]), data)


def test_filer_asks_and_the_office_erases(desk: Desk) -> None:
    client, petition = door_of(desk)
    end(petition)
    assert act(client, "ask_erasure").status_code == 302
    assert "信访局会在这里答复您" in text_of(client, reverse("petition-follow"))
    assert press(desk, petition, "erase", extent="all").status_code == 302
    html = text_of(client, reverse("petition-follow"))
    assert "内容已清除，只留编号、日期和办理状态" in html
    assert not any(word in html for word in SECRETS)


def test_refusal_is_read_by_the_filer(desk: Desk) -> None:
    client, petition = door_of(desk)
    end(petition)
    act(client, "ask_erasure")
    assert press(desk, petition, "refuse-erasure", told="另有案件要用。").status_code == 302
    html = text_of(client, reverse("petition-follow"))
    assert "信访局没有同意清除，原因如下" in html and "另有案件要用。" in html


def test_page_says_why_nothing_goes_while_it_is_open(desk: Desk) -> None:
    client, petition = door_of(desk)
    assert "清除我写的内容" not in text_of(client, reverse("petition-follow"))
    assert act(client, "ask_erasure").status_code == 409
    Petition.objects.get(pk=petition.pk, erasure_asked_at=None)


def test_page_says_that_an_opinion_is_kept(desk: Desk) -> None:
    filed = desk.filed()
    petition = desk.close(desk.confirm(desk.answer(desk.handle(desk.assign(desk.accept(filed.petition))))))
    client = Client()
    open_with(client, petition.number, filed.code)
    html = text_of(client, reverse("petition-follow"))
    assert "已有书面答复的信访要存档 5 年" in html and "申请清除" in html


def test_reason_of_a_hold_stays_inside(desk: Desk) -> None:
    client, petition = door_of(desk)
    assert press(desk, petition, "hold", note="县法院在审此案").status_code == 302
    assert "县法院在审此案" not in text_of(client, reverse("petition-follow"))
    page = text_of(desk.world.client(desk.office), reverse("petition", args=[petition.number]))
    assert "县法院在审此案" in page and "暂不清除：保存期满也不会自动清除" in page
    assert press(desk, petition, "release", note="案子结了").status_code == 302
    assert not Petition.objects.get(pk=petition.pk).held


def test_handler_is_offered_none_of_it(desk: Desk) -> None:
    petition = answered_and_closed(desk)
    erasing.ask_erasure(op_id=uuid4(), petition=petition, note="不想留着")
    html = text_of(desk.world.client(desk.handler), reverse("petition", args=[petition.number]))
    assert not any(reverse(f"petition-{step}", args=[petition.number]) in html for step in ("hold", "erase"))
    for step in ("hold", "erase", "refuse-erasure", "release"):
        assert press(desk, petition, step, Role.DEPARTMENT, note="x", told="x", extent="contact").status_code == 403
    assert Petition.objects.get(pk=petition.pk).filer_name == "张三丰"


def test_form_offers_what_the_law_lets_go(desk: Desk) -> None:
    petition = answered_and_closed(desk)
    erasing.ask_erasure(op_id=uuid4(), petition=petition, note="不想留着")
    html = text_of(desk.world.client(desk.office), reverse("petition", args=[petition.number]))
    assert 'value="contact"' in html and 'value="all"' not in html
    assert press(desk, petition, "erase", extent="all").status_code == 422


def test_erased_petition_is_shown_without_its_words(desk: Desk) -> None:
    petition = withdrawn(desk, 6)
    erasing.erase(op_id=uuid4(), petition=petition, by=None, extent="all")
    for who in (desk.office,):
        html = text_of(desk.world.client(who), reverse("petition", args=[petition.number]))
        assert "内容已依法清除" in html and "现在没有要您做的事" in html
        assert not any(word in html for word in SECRETS)


def test_list_of_wishes_and_holds(desk: Desk) -> None:
    asked, held = withdrawn(desk), desk.file(title="渠道堵了")
    erasing.ask_erasure(op_id=uuid4(), petition=asked, note="不想留着")
    erasing.hold(op_id=uuid4(), petition=held, by=desk.office, note="法院在审")
    html = text_of(desk.world.client(desk.office), reverse("petition-erasures"))
    assert asked.number in html and held.number in html
    assert "3 年后自动清除照片和文件，5 年后自动清除全部内容" in html


def test_list_is_empty_without_any(desk: Desk) -> None:
    html = text_of(desk.world.client(desk.office), reverse("petition-erasures"))
    assert "没有等答复的申请。" in html and "没有设为暂不清除的信访件。" in html


@pytest.mark.parametrize("number", [1, 3])
def test_list_costs_the_same_queries(desk: Desk, number: int, django_assert_num_queries: Any) -> None:
    for _ in range(number):
        erasing.ask_erasure(op_id=uuid4(), petition=withdrawn(desk), note="不想留着")
    client = desk.world.client(desk.office)
    with django_assert_num_queries(7):  # session and person, the frame's three, wishes, holds
        client.get(reverse("petition-erasures"))


def test_interface_decides_as_the_page_does(desk: Desk) -> None:
    petition = withdrawn(desk)
    erasing.ask_erasure(op_id=uuid4(), petition=petition, note="不想留着")
    client, address = desk.world.client(desk.office), reverse("api-petition-transitions", args=[petition.number])
    sent = {"op_id": str(uuid4()), "to": "erase"}
    assert client.post(address, sent, content_type="application/json").json()["fields"] == {"extent": "必填"}
    done = client.post(address, sent | {"extent": "all"}, content_type="application/json")
    assert done.status_code == 200
    assert Petition.objects.get(pk=petition.pk).erased_at


# What they may take along


def unpacked(answer: Any) -> dict[str, bytes]:
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/zip")
    assert "no-store" in answer["Cache-Control"]
    with zipfile.ZipFile(io.BytesIO(answer.getvalue())) as parts:
        return {name: parts.read(name) for name in parts.namelist()}


@pytest.fixture
def kept(desk: Desk) -> dict[str, bytes]:
    """The archive of a petition with everything in it."""
    filed = desk.filed()
    petition = papered(desk.answer(desk.handle(desk.assign(desk.accept(filed.petition)))))
    closing.rate(op_id=uuid4(), petition=petition, by=None, subject="unit", score="fair", comment="谢谢你们")
    client = Client()
    open_with(client, petition.number, filed.code)
    return unpacked(client.get(reverse("petition-follow-archive")))


def test_archive_holds_text_letters_and_files(kept: dict[str, bytes]) -> None:
    assert set(kept) == {
        "办理情况.html",
        "办理情况.txt",
        "petition.json",
        "文书/02-受理告知书.pdf",
        "文书/05-处理意见书.pdf",
        "附件/01.pdf",
    }
    assert kept["附件/01.pdf"] == PDF
    assert all(content.startswith(b"%PDF") for name, content in kept.items() if name.endswith(".pdf"))


def test_archive_tells_everything_that_he_may_read(kept: dict[str, bytes]) -> None:
    html, told = kept["办理情况.html"].decode(), json.loads(kept["petition.json"])
    for word in ("门前的路断了三个月。", "路已经修好。", "张三丰", "13800000001", "处理意见书", "责任单位"):
        assert word in html, word
    assert (told["text"], told["name"], told["state"]) == ("门前的路断了三个月。", "张三丰", "answered")
    assert told["history"][0]["what"] == "您提交了这件事"
    assert told["ratings"][0]["comment"] == "谢谢你们"
    assert [one["name"] for one in told["letters"]] == ["受理告知书", "处理意见书"]
    assert told["files"][0]["kind"] == "pdf" and told["clocks"]


def test_nothing_of_the_inside_is_in_the_archive(kept: dict[str, bytes]) -> None:
    assert not any("已派人查看".encode() in content for content in kept.values())


def test_readable_copy_needs_nothing_else(kept: dict[str, bytes]) -> None:
    html = kept["办理情况.html"].decode()
    assert not any(word in html for word in ("<script", "<link", "src=", "http", "style="))


def test_archive_needs_the_code(desk: Desk) -> None:
    desk.filed()
    answer = Client().get(reverse("petition-follow-archive"))
    assert (answer.status_code, answer["Location"]) == (302, reverse("petition-follow"))


def test_household_takes_its_own_along_and_nobody_elses(desk: Desk) -> None:
    filer, stranger = Filer(desk.world.household), Filer(desk.world.households[1])
    petition, _code = receipt(filer.file(name="张三丰"))
    assert "petition.json" in unpacked(filer.client.get(filer.url("archive", petition.number)))
    assert stranger.client.get(stranger.url("archive", petition.number)).status_code == 404


def test_archive_of_an_erased_one_holds_dates_alone(desk: Desk) -> None:
    client, petition = door_of(desk)
    end(petition)
    act(client, "ask_erasure")
    press(desk, petition, "erase", extent="all")
    parts = unpacked(client.get(reverse("petition-follow-archive")))
    assert set(parts) == {"办理情况.html", "办理情况.txt", "petition.json"}
    assert not any(word.encode() in content for word in SECRETS for content in parts.values())
