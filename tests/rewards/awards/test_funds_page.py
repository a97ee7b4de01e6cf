"""The county's pages of funds: set up in the browser's way, two people, files as the screen, few queries."""

import re
from uuid import uuid4

import pytest
from django.test import Client

from households.files.workbooks import read as read_book
from households.roles import Role
from rewards.awards.actions.decisions import Wish, propose
from rewards.awards.reads import fund_page, run_lines
from rewards.models import Award, AwardReview, AwardRule, AwardRun, Choice, Fund, FundSource, RunState
from tests.answers import whole
from tests.rewards.awards.pdf_text import read
from tests.rewards.awards.scene import BEFORE, BY_GOAL, BY_RANK, TOTAL, FundScene, funded
from tests.rewards.awards.typed import lines
from tests.world import MONTH, SISTER, VILLAGE, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def setting(world: World) -> FundScene:
    return funded(world)


@pytest.fixture
def scene(scene: FundScene) -> FundScene:
    scene.rule()
    return scene


def page_of(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def first(scene: FundScene) -> Client:
    return scene.world.client(scene.first)


def second(scene: FundScene) -> Client:
    return scene.world.client(scene.second)


# Setting up


def test_fund_is_made_once_however_often_the_form_is_sent(world: World) -> None:
    client = world.client(Role.COUNTY_OFFICE)
    form = {"op_id": str(uuid4()), "year": "2024", "name": "项目资金"}
    answers = [client.post("/funds/", form) for _ in range(2)]
    assert {answer["Location"] for answer in answers} == {f"/funds/{Fund.objects.get().pk}/"}


def test_fund_twice_by_name_is_told(setting: FundScene) -> None:
    answer = first(setting).post("/funds/", {"op_id": str(uuid4()), "year": "2024", "name": setting.fund.name})
    assert answer.status_code == 409
    assert "请换一个名称" in answer.content.decode()


def test_funds_are_listed_with_what_is_left(setting: FundScene) -> None:
    assert "积分换项目资金 2024 10 万元 0 万元 10 万元" in text_of(page_of(first(setting), "/funds/"))


def test_source_sent_twice_comes_in_once(setting: FundScene) -> None:
    form = {"op_id": str(uuid4()), "department": "SLJ", "amount": "1,000.50", "document_no": "文号", "note": ""}
    for _ in range(2):
        assert first(setting).post(f"/funds/{setting.fund.pk}/sources/", form).status_code == 302
    assert setting.left() == TOTAL + 100_050


def test_source_that_cannot_be_read_changes_nothing(setting: FundScene) -> None:
    form = {"op_id": str(uuid4()), "department": "SLJ", "amount": "很多", "document_no": "文号"}
    answer = first(setting).post(f"/funds/{setting.fund.pk}/sources/", form)
    assert answer.status_code == 400
    assert "“很多”不是金额" in answer.content.decode()
    assert FundSource.objects.count() == 1


def test_refused_source_says_what_is_possible(setting: FundScene) -> None:
    form = {"op_id": str(uuid4()), "department": "SLJ", "amount": "-200000", "document_no": "文", "note": "收回"}
    answer = first(setting).post(f"/funds/{setting.fund.pk}/sources/", form)
    assert (answer.status_code, "最多冲减 100,000.00 元" in answer.content.decode()) == (409, True)
    assert FundSource.objects.count() == 1


def test_rule_by_rank_is_written_in_lines(setting: FundScene) -> None:
    rows = [{"from_rank": "1", "to_rank": "2", "amount": "10000"}, {"from_rank": "", "to_rank": "", "amount": ""}]
    form = {"pool": "40,000"} | lines("bands", *rows)
    assert first(setting).post(f"/funds/{setting.fund.pk}/rules/comprehensive/", form).status_code == 302
    assert [str(band) for band in AwardRule.objects.get().bands.all()] == ["1-2"]


def test_rule_by_goals_is_written_in_lines(setting: FundScene) -> None:
    row = {"what": "six_zero", "at_least": "95.5", "every_month": "on", "amount": "3000"}
    form = {"pool": "30000", "proportional": "on"} | lines("goals", row, {"what": "", "at_least": ""})
    assert first(setting).post(f"/funds/{setting.fund.pk}/rules/goal/", form).status_code == 302
    goal = AwardRule.objects.get().goals.get()
    assert (goal.at_least, goal.every_month, goal.amount_fen) == (9550, True, 300_000)


def test_rule_by_points_has_a_price(setting: FundScene) -> None:
    form = {"pool": "20000", "per_point": "100", "points_most": "150"}
    assert first(setting).post(f"/funds/{setting.fund.pk}/rules/points/", form).status_code == 302
    assert AwardRule.objects.get().fen_per_point == 10_000


def test_rule_is_shown_as_it_stands_to_be_changed(setting: FundScene) -> None:
    setting.rule(BY_GOAL)
    page = page_of(first(setting), f"/funds/{setting.fund.pk}/rules/goal/")
    assert 'value="30000.00"' in page
    assert 'value="95' in page


def test_refused_rule_keeps_what_was_typed(setting: FundScene) -> None:
    form = {"pool": "999999"} | lines("bands", {"from_rank": "1", "to_rank": "2", "amount": "7777"})
    answer = first(setting).post(f"/funds/{setting.fund.pk}/rules/comprehensive/", form)
    assert answer.status_code == 422
    assert "本项最多 100,000.00 元" in answer.content.decode()
    assert 'value="7777"' in answer.content.decode()


def test_rule_of_no_kind_is_not_found(setting: FundScene) -> None:
    answer = first(setting).get(f"/funds/{setting.fund.pk}/rules/best/")
    assert (answer.status_code, setting.fund.name in whole(answer), AwardRule.objects.exists()) == (404, False, False)


def test_rule_in_lines_that_cannot_be_read_is_not_kept(setting: FundScene) -> None:
    form = {"pool": "40000"} | lines("bands", {"from_rank": "一", "to_rank": "2", "amount": "10000"})
    assert first(setting).post(f"/funds/{setting.fund.pk}/rules/comprehensive/", form).status_code == 400
    assert not AwardRule.objects.exists()


# Preview and confirmation


def preview_form(**fields: str) -> dict[str, str]:
    return {"kind": "comprehensive", "first": BEFORE, "last": MONTH} | fields


def test_preview_leads_to_the_whole_list(scene: FundScene) -> None:
    answer = first(scene).post(f"/funds/{scene.fund.pk}/preview/", preview_form())
    text = text_of(page_of(first(scene), answer["Location"]))
    for words in ("西河村", "南坪村", "东山村", "不能由您自己确认", "5,000.00", "2.5 万元 合计"):
        assert words in text
    assert not Award.objects.exists()


def test_preview_that_is_refused_says_why_on_the_funds_page(scene: FundScene) -> None:
    answer = first(scene).post(f"/funds/{scene.fund.pk}/preview/", preview_form(last="2024-09"))
    assert (answer.status_code, "的排名还没有公布" in answer.content.decode()) == (422, True)
    unread = first(scene).post(f"/funds/{scene.fund.pk}/preview/", preview_form(last="夏天"))
    assert (unread.status_code, "“夏天”不是月份" in unread.content.decode()) == (400, True)


def test_second_person_confirms_what_the_page_shows(scene: FundScene) -> None:
    run = scene.preview()
    page = page_of(second(scene), f"/funds/runs/{run.pk}/")
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', page)[1]
    answer = second(scene).post(f"/funds/runs/{run.pk}/confirm/", {"seen": seen})
    assert answer.status_code == 302
    assert Award.objects.count() == 3


def test_confirmation_of_an_old_page_is_a_conflict(scene: FundScene) -> None:
    run = scene.preview()
    answer = second(scene).post(f"/funds/runs/{run.pk}/confirm/", {"seen": "x"})
    assert (answer.status_code, "请重新打开" in answer.content.decode()) == (409, True)
    own = first(scene).post(f"/funds/runs/{run.pk}/confirm/", {"seen": run.digest})
    assert (own.status_code, "要由两个人做" in own.content.decode()) == (422, True)


def test_moved_basis_is_told_on_the_page(scene: FundScene) -> None:
    run = scene.preview()
    scene.restate()
    answer = second(scene).post(f"/funds/runs/{run.pk}/confirm/", {"seen": run.digest})
    assert (answer.status_code, "请作废这次测算" in answer.content.decode()) == (409, True)


def test_run_is_given_up_with_a_reason(scene: FundScene) -> None:
    run = scene.preview()
    assert first(scene).post(f"/funds/runs/{run.pk}/discard/", {"reason": ""}).status_code == 422
    assert first(scene).post(f"/funds/runs/{run.pk}/discard/", {"reason": "重来"}).status_code == 302
    assert AwardRun.objects.get().state == RunState.DISCARDED
    assert "已作废：重来" in text_of(page_of(first(scene), f"/funds/runs/{run.pk}/"))


def test_file_of_a_run_is_the_screen(scene: FundScene) -> None:
    run = scene.preview()
    body = first(scene).get(f"/funds/runs/{run.pk}/?format=xlsx").getvalue()
    rows = read_book(body).rows
    text = text_of(page_of(first(scene), f"/funds/runs/{run.pk}/"))
    assert len(rows) == 4
    for row in rows[1:]:
        assert row[3] in text
        assert f"{float(row[7]):,.2f} {row[9]}" in text
    assert first(scene).get(f"/funds/runs/{run.pk}/?format=csv").getvalue().decode().count("\n") == 4
    assert first(scene).get(f"/funds/runs/{run.pk}/?format=doc").status_code == 404


def test_papers_are_printed_of_confirmed_runs_only(scene: FundScene) -> None:
    run = scene.preview()
    assert first(scene).get(f"/funds/runs/{run.pk}/letters.pdf").status_code == 404
    scene.confirm(run)
    letters = first(scene).get(f"/funds/runs/{run.pk}/letters.pdf")
    assert (letters["Content-Type"], len(read(letters.getvalue()))) == ("application/pdf", 3)
    assert "签收表" in read(first(scene).get(f"/funds/runs/{run.pk}/list.pdf").getvalue())[0]
    assert first(scene).get(f"/funds/runs/{run.pk}/other.pdf").status_code == 404


def test_fund_page_counts_what_was_given(scene: FundScene) -> None:
    scene.confirm(scene.preview())
    text = text_of(page_of(first(scene), f"/funds/{scene.fund.pk}/"))
    assert "综合奖 2.5 万元，3 个" in text
    assert "剩余 75,000.00 元" in text
    assert "已按这条规则确认过，不能再改" in text
    assert fund_page(scene.fund).bar == [("comprehensive", 0, 2500)]


def test_fund_of_another_county_is_not_found(scene: FundScene) -> None:
    from households.models import Division

    other = Division.objects.create(code="430101", name="别县")
    fund = Fund.objects.create(county=other, year=2024, name="别县资金")
    for path in (f"/funds/{fund.pk}/", f"/funds/{fund.pk}/rules/goal/"):
        assert first(scene).get(path).status_code == 404
    assert "别县资金" not in page_of(first(scene), "/funds/")


# Suspension


def test_restated_basis_is_shown_and_decided_in_the_browser(scene: FundScene) -> None:
    run = scene.preview()
    scene.confirm(run)
    scene.restate()
    assert "3 笔奖励暂停使用" in page_of(first(scene), f"/funds/runs/{run.pk}/")
    assert "3 笔暂停" in page_of(first(scene), f"/funds/{scene.fund.pk}/")
    award = scene.award_of(SISTER)
    form = {"awards": [str(award.pk)], "choice": "reduce", "amount": "4000", "reason": "复核"}
    assert first(scene).post(f"/funds/runs/{run.pk}/review/", form).status_code == 302
    review = AwardReview.objects.get()
    second(scene).post(f"/funds/runs/{run.pk}/review/{review.pk}/", {"act": "confirm"})
    award.refresh_from_db()
    assert award.net_fen == 400_000
    assert "2 笔奖励暂停使用" in page_of(first(scene), f"/funds/runs/{run.pk}/")


def test_review_page_shows_what_it_would_be_now(scene: FundScene) -> None:
    scene.confirm(scene.preview())
    scene.restate()
    run = AwardRun.objects.get()
    text = text_of(page_of(first(scene), f"/funds/runs/{run.pk}/review/"))
    assert "东山村 罗坪乡 5,000.00 5,000.00 0.00" in text


def test_decision_without_an_award_keeps_what_was_typed(scene: FundScene) -> None:
    scene.confirm(scene.preview())
    scene.restate()
    run = AwardRun.objects.get()
    answer = first(scene).post(f"/funds/runs/{run.pk}/review/", {"choice": "keep", "reason": "没影响"})
    assert (answer.status_code, "请选择至少一笔" in answer.content.decode()) == (400, True)
    assert 'value="没影响"' in answer.content.decode()


def test_own_proposal_is_not_offered_for_confirmation(scene: FundScene) -> None:
    scene.confirm(scene.preview())
    scene.restate()
    run = AwardRun.objects.get()
    wishes = {scene.award_of(SISTER).pk: Wish(Choice.KEEP)}
    review = propose(run=run, wishes=wishes, reason="没影响", by=scene.first)
    assert "确认决定" not in page_of(first(scene), f"/funds/runs/{run.pk}/")
    assert "确认决定" in page_of(second(scene), f"/funds/runs/{run.pk}/")
    own = first(scene).post(f"/funds/runs/{run.pk}/review/{review.pk}/", {"act": "confirm"})
    assert own.status_code == 422
    first(scene).post(f"/funds/runs/{run.pk}/review/{review.pk}/", {"act": "discard"})
    assert AwardReview.objects.get().state == RunState.DISCARDED


# Queries


def test_lists_cost_the_same_for_one_and_for_three(scene: FundScene, django_assert_num_queries: object) -> None:
    run = scene.preview()
    run = AwardRun.objects.get(pk=run.pk)
    with django_assert_num_queries(2):
        assert len(run_lines(run)) == 3
    scene.confirm(run)
    with django_assert_num_queries(4):
        run_lines(run)
    with django_assert_num_queries(8):
        fund_page(scene.fund)


def test_only_those_with_the_key_come_in(scene: FundScene) -> None:
    run = scene.preview()
    for role in (Role.TOWNSHIP, Role.CADRE, Role.DEPARTMENT):
        client = scene.world.client(role)
        for path in ("/funds/", f"/funds/{scene.fund.pk}/", f"/funds/runs/{run.pk}/"):
            answer = client.get(path)
            assert (answer.status_code, scene.fund.name in whole(answer)) == (403, False)
            assert scene.fund.name in page_of(first(scene), path)


def test_county_office_finds_the_pages_in_the_navigation(setting: FundScene) -> None:
    page = page_of(first(setting), "/funds/")
    assert 'href="/funds/" aria-current="page"' in page
    assert BY_RANK.kind.label in page
    assert VILLAGE not in page
