"""Letters, read back from the PDF: what they say is what the history and the clocks say."""

from uuid import uuid4

import pypdfium2
import pytest
from django.test import Client

from households.models import AuditEvent, Department
from households.refusals import Refused
from households.roles import Role
from petitions.letters import letters
from petitions.models import Petition, PetitionEvent, Way
from petitions.steps import closing, routing
from tests.answers import whole
from tests.petitions.clocks.histories import at
from tests.petitions.desk import Desk


def read(body: bytes) -> str:
    """The text of a PDF without breaks: a line may end anywhere."""
    document = pypdfium2.PdfDocument(body)
    text = "".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return "".join(text.split())


@pytest.fixture
def answered(desk) -> Petition:
    """Filed on 1 March, accepted on the 5th, extended on 20 April, answered on 10 May 2024."""
    petition = desk.accept(desk.file(at=at("2024-03-01"), way=Way.VISIT), at=at("2024-03-05"))
    petition = desk.assign(petition, at=at("2024-03-06"))
    petition = routing.extend(
        op_id=uuid4(), petition=petition, by=desk.office, days=20, told="要请专家鉴定", at=at("2024-04-20")
    )
    return desk.answer(
        desk.handle(petition, at=at("2024-05-09")), at=at("2024-05-10"), told="路已修好 <验收>，请您查看。"
    )


def written(petition: Petition, kind: str, *, full_name: bool = True) -> str:
    seq = PetitionEvent.objects.filter(petition=petition, kind=kind).latest("seq").seq
    return read(letters.pdf(letters.letter(petition, seq, full_name=full_name)))


def reviewed(petition: Petition, desk: Desk) -> Petition:
    asked = closing.ask_review(op_id=uuid4(), petition=petition, by=None, note="不服", at=at("2024-05-20"))
    given = {"outcome": "upheld", "told": "原处理意见事实清楚。", "at": at("2024-06-03")}
    return closing.review(op_id=uuid4(), petition=asked, by=desk.office, **given)


def test_letter_of_acceptance(answered) -> None:
    text = written(answered, "accept")
    assert "信访事项受理告知书" in text
    assert "张三丰：" in text
    assert f"您2024年3月1日来访反映的“门前的路”一事（编号{answered.number}）" in text
    assert "自2024年3月5日起受理" in text
    assert "60天内办结并书面答复您，最迟到2024年5月4日" in text  # as it was then: the extension came later
    assert "石门县信访局（章）2024年3月5日" in text


@pytest.mark.parametrize("name", ["县林业局", "林业局", "石门县林业局"])
def test_opinion_is_signed_with_the_countys_name_once(answered, name: str) -> None:
    Department.objects.update(name=name)
    assert "申请复查。石门县林业局（章）2024年5月10日" in written(answered, "answer")


def test_every_line_of_a_letter_is_a_paragraph(answered) -> None:
    """What the office tells stands between two sentences of the letter."""
    seq = PetitionEvent.objects.filter(petition=answered, kind="accept").latest("seq").seq
    found = letters.letter(answered, seq, full_name=True).paragraphs
    assert not any("\n" in paragraph for paragraph in found)
    assert len(found) >= 3 and found[-2].startswith("根据《信访工作条例》")


def test_letter_of_extension(answered) -> None:
    text = written(answered, "extend")
    assert "经批准延长办理期限20天" in text
    assert "延期理由：要请专家鉴定" in text
    assert "最迟到2024年5月24日" in text


def test_letter_of_the_opinion(answered) -> None:
    text = written(answered, "answer")
    assert "信访事项处理意见书" in text
    assert "路已修好<验收>，请您查看。" in text
    assert "请最迟在2024年5月25日提出" in text
    assert "30天内（最迟2024年6月9日）申请复查" in text
    assert "石门县林业局（章）2024年5月10日" in text


def test_letters_of_review_and_final_review(answered, desk) -> None:
    petition = reviewed(answered, desk)
    text = written(petition, "review")
    assert "2024年5月20日申请复查。经复查，维持原意见。" in text
    assert "（最迟2024年7月3日）申请复核" in text
    asked = closing.ask_final_review(op_id=uuid4(), petition=petition, by=None, note="不服", at=at("2024-06-10"))
    given = {"outcome": "changed", "told": "应当再补一段路。", "at": at("2024-07-01")}
    final = closing.final_review(op_id=uuid4(), petition=asked, by=desk.office, **given)
    text = written(final, "final_review")
    assert "2024年6月10日申请复核。经复核，改变原意见。" in text
    assert "应当再补一段路" in text


@pytest.mark.parametrize("kind", ["not_accept", "redirect"])
def test_letter_with_the_legal_path(desk, kind: str) -> None:
    petition = desk.file(at=at("2024-03-01"))
    act = getattr(routing, kind)
    act(op_id=uuid4(), petition=petition, by=desk.office, path="litigation", told="已在法院审理。", at=at("2024-03-04"))
    text = written(petition, kind)
    assert "诉讼、仲裁" in text
    assert "已在法院审理。" in text


ARTICLES = {
    "accept": "根据《信访工作条例》第三十四条，承办单位应当自受理之日起60天内办结",
    "extend": "根据《信访工作条例》第三十四条，经批准延长",
    "answer": "根据《信访工作条例》第三十五条，可以自收到本意见书之日起30天内",
    "review": "根据《信访工作条例》第三十六条，可以自收到本意见书之日起30天内",
}


def test_letters_cite_the_article_that_limits_them(answered, desk) -> None:
    petition = reviewed(answered, desk)
    for kind, words in ARTICLES.items():
        assert words in written(petition, kind)


def test_letters_about_a_suggestion_name_the_county_s_promise(desk, settings) -> None:
    settings.PETITION_PROMISED_DAYS = {"suggestion": 45, "accusation": 30}
    petition = desk.accept(desk.file(at=at("2024-03-01"), content="suggestion"), at=at("2024-03-05"))
    text = written(petition, "accept")
    assert "没有规定建议意见的办理天数。县里承诺：自受理之日起45天内办结并书面答复您，最迟到2024年4月19日" in text
    assert "第三十四条" not in text and "延长" not in text
    settings.PETITION_PROMISED_DAYS = {"suggestion": 20, "accusation": 30}
    assert written(petition, "accept") == text  # what was promised stays promised
    handled = desk.handle(desk.assign(petition, at=at("2024-03-06")), at=at("2024-04-01"))
    answer = written(desk.answer(handled, at=at("2024-04-02")), "answer")
    assert "县里比照《信访工作条例》第三十五条，可以自收到本意见书之日起30天内" in answer


def test_name_is_masked_for_the_staff(answered) -> None:
    text = written(answered, "answer", full_name=False)
    assert "张*：" in text
    assert "张三丰" not in text


def test_nameless_filer_is_addressed_all_the_same(desk) -> None:
    petition = desk.accepted(name="", phone="")
    assert letters.letter(petition, 2, full_name=True).to == "来信人："


def test_offered_are_the_letters_of_the_history(answered) -> None:
    names = [name for _, name in letters.offered(answered)]
    assert names == ["处理意见书", "延期告知书", "受理告知书"]


def test_line_without_a_letter_is_refused(answered) -> None:
    with pytest.raises(Refused, match="没有文书"):
        letters.letter(answered, 1, full_name=True)


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_staff_download_is_masked(desk, answered) -> None:
    answer = client_of(desk.handler).get(f"/petitions/{answered.number}/letters/2/")
    assert answer["Content-Type"] == "application/pdf"
    assert "张三丰" not in read(answer.content)


@pytest.mark.parametrize("role", [Role.DEPARTMENT, Role.CADRE])
def test_who_does_the_same_job_next_door_finds_no_letter(desk, world, answered, role) -> None:
    answer = client_of(world.stranger(role)).get(f"/petitions/{answered.number}/letters/2/")
    assert answer.status_code == 404
    assert "application/pdf" not in whole(answer) and answered.title not in whole(answer)


def test_printing_the_full_name_is_written_down(desk, answered) -> None:
    answer = client_of(desk.office).post(f"/petitions/{answered.number}/letters/2/hand-over/")
    assert "张三丰：" in read(answer.content)
    line = PetitionEvent.objects.filter(petition=answered).latest("seq")
    assert (line.kind, line.by) == ("unmask", desk.office)
    assert AuditEvent.objects.filter(subject=answered.number, action="petition.unmask").exists()


def test_handler_cannot_print_the_full_name(desk, answered) -> None:
    answer = client_of(desk.handler).post(f"/petitions/{answered.number}/letters/2/hand-over/")
    assert answer.status_code in (403, 404)
    assert not PetitionEvent.objects.filter(petition=answered, kind="unmask").exists()


def test_letter_needs_the_code(answered) -> None:
    answer = Client().get("/petitions/follow/letters/2/")
    assert (answer.status_code, answer["Location"]) == (302, "/petitions/follow/")
