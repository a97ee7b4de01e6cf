"""Awards as those read them who got them, the statement of a department, and what everybody may see."""

import re

import pytest
from django.test import Client

from households.files.workbooks import read as read_book
from households.models import Department, Division
from households.roles import Role
from rewards.awards.actions.decisions import Wish, confirm, propose
from rewards.awards.actions.performance import set_grades
from rewards.awards.reads import cards, public_lists
from rewards.awards.same_reward import sides
from rewards.models import Award, AwardKind, AwardRun, Choice, GradeBand, PerformanceCredit
from tests.answers import whole
from tests.rewards.awards.pdf_text import read
from tests.rewards.awards.scene import BEFORE, BY_POINTS, TOWNSHIPS, FundScene, awarded_scene, fund_scene
from tests.world import COUNTY, MONTH, SISTER, STRANGE, VILLAGE

pytestmark = pytest.mark.django_db
SHARED = f"/awards/shared/{MONTH}/{VILLAGE}/"


@pytest.fixture
def scene(db: None) -> FundScene:
    return awarded_scene()


def text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def decided(scene: FundScene, wish: Wish, code: str = VILLAGE) -> None:
    """The basis is restated and the county decides on one award."""
    scene.restate()
    run = AwardRun.objects.get(kind=AwardKind.COMPREHENSIVE)
    review = propose(run=run, wishes={scene.award_of(code).pk: wish}, reason="按更正后的名次", by=scene.first)
    confirm(review=review, by=scene.second)


# One's own awards


def test_village_reads_its_own_award_and_why(scene: FundScene) -> None:
    page = text(scene.world.client(Role.CADRE), "/awards/")
    award = scene.award_of(VILLAGE)
    for words in ("罗坪乡东山村", "2024 年度 综合奖", "5,000.00 元", award.reason, award.letter_no, "还剩 5,000.00 元"):
        assert words in page
    assert "西河村" not in page


def test_township_reads_the_awards_of_its_villages(scene: FundScene) -> None:
    page = text(scene.world.client(Role.TOWNSHIP), "/awards/")
    assert "东山村" in page
    assert "西河村" in page
    assert "南坪村" not in page


def test_county_searches_its_awards(scene: FundScene) -> None:
    client = scene.world.client(Role.COUNTY_OFFICE)
    page = text(client, "/awards/?words=西河")
    assert "西河村" in page and "东山村" not in page
    assert "南坪村" in text(client, "/awards/?words=壶瓶")
    assert "没有找到“桃花”的奖励" in text(client, "/awards/?words=桃花")


def test_department_reads_the_awards_of_its_villages(scene: FundScene) -> None:
    page = text(scene.world.client(scene.world.stranger(Role.DEPARTMENT)), "/awards/")
    assert "南坪村" in page
    assert "东山村" not in page
    assert "本部门绩效对账单" in page


def test_place_without_awards_is_told_what_will_stand_here() -> None:
    scene = fund_scene()
    assert "还没有奖励" in text(scene.world.client(Role.CADRE), "/awards/")


def test_suspended_award_is_marked(scene: FundScene) -> None:
    scene.restate()
    assert "暂停使用 5,000.00 元 依据的月份更正过" in text(scene.world.client(Role.CADRE), "/awards/")


def test_decision_is_shown_with_its_reason(scene: FundScene) -> None:
    decided(scene, Wish(Choice.REDUCE, 300_000))
    page = text(scene.world.client(Role.CADRE), "/awards/")
    assert "3,000.00 元 原 5,000.00 元" in page
    assert "核减，3,000.00 元：按更正后的名次" in page
    assert "暂停使用" not in page


def test_withdrawn_award_stays_readable(scene: FundScene) -> None:
    decided(scene, Wish(Choice.WITHDRAW))
    page = text(scene.world.client(Role.CADRE), "/awards/")
    assert "已撤销" in page
    assert "0.00 元 原 5,000.00 元" in page


def test_own_letter_is_printed(scene: FundScene) -> None:
    award = scene.award_of(VILLAGE)
    answer = scene.world.client(Role.CADRE).get(f"/awards/{award.pk}/letter.pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert award.letter_no in read(answer.getvalue())[0]


def test_letter_of_a_neighbour_is_not_found(scene: FundScene) -> None:
    other = scene.award_of(STRANGE)
    answer = scene.world.client(Role.CADRE).get(f"/awards/{other.pk}/letter.pdf")
    assert (answer.status_code, "application/pdf" in whole(answer)) == (404, False)


def test_cards_cost_the_same_for_one_and_for_three(scene: FundScene, django_assert_num_queries: object) -> None:
    for some in (Award.objects.filter(division=VILLAGE), Award.objects.all()):
        with django_assert_num_queries(4):
            cards(some)


# Same reward, same penalty


def test_village_township_and_departments_stand_side_by_side(scene: FundScene) -> None:
    village, township, department = sides(scene.world.village, MONTH)
    assert [side.name for side in (village, township, department)] == ["东山村", "罗坪乡", "林业局"]
    assert (village.line.shown_result, village.lost, village.line.change) == ("99.38", "−0.62", -2)
    assert (village.award_fen, township.award_fen, department.award_fen) == (500_000, 0, None)
    assert department.line.rank == 2


def test_month_without_faults_loses_nothing(scene: FundScene) -> None:
    assert {side.lost for side in sides(scene.world.village, BEFORE)} == {"0.00"}


def test_month_without_scores_says_so(scene: FundScene) -> None:
    found = sides(scene.world.village, "2023-06")
    assert [(side.name, side.lost) for side in found[:2]] == [("东山村", ""), ("罗坪乡", "")]


def test_award_of_the_township_stands_beside_the_village(scene: FundScene) -> None:
    scene.awarded(TOWNSHIPS)
    strange = Division.objects.get(code=STRANGE)
    assert [side.award_fen for side in sides(strange, MONTH)][:2] == [1_000_000, 1_000_000]


def test_shared_page_is_for_those_of_the_village(scene: FundScene) -> None:
    world = scene.world
    assert "林业局 联系部门 99.44 −0.56" in text(world.client(Role.CADRE), SHARED)
    assert world.client(world.stranger(Role.CADRE)).get(SHARED).status_code == 404
    assert world.client(Role.COUNTY_OFFICE).get(f"/awards/shared/{MONTH}/{COUNTY}/").status_code == 404


# Statement


def test_department_reads_its_statement(scene: FundScene) -> None:
    page = text(scene.world.client(Role.DEPARTMENT), "/performance/LYJ/2024/")
    assert "第 2 名（共 2 个）" in page
    assert "2024年5月 99.44" in page
    assert "东山村 2 8 795 99.38 7" in page


def test_statement_of_another_department_is_not_found(scene: FundScene) -> None:
    for role, code, name in ((Role.DEPARTMENT, "SLJ", "水利局"), (Role.CADRE, "LYJ", "林业局")):
        answer = scene.world.client(role).get(f"/performance/{code}/2024/")
        assert (answer.status_code, name in whole(answer)) == (404, False)
        assert name in text(scene.world.client(Role.COUNTY_OFFICE), f"/performance/{code}/2024/")


def test_statement_is_printed_with_every_village_and_month(scene: FundScene) -> None:
    pages = read(scene.world.client(Role.DEPARTMENT).get("/performance/LYJ/2024/?format=pdf").getvalue())
    whole = "".join(pages)
    for words in ("林业局2024年“六零”创建绩效对账单", "3590 ÷ 36", "2024-04", "2024-05", "东山村", "西河村", "1590"):
        assert words in whole


def test_statement_as_a_workbook_adds_up(scene: FundScene) -> None:
    body = scene.world.client(Role.DEPARTMENT).get("/performance/LYJ/2024/?format=xlsx").getvalue()
    head, *rows = read_book(body).rows
    assert head[-2:] == ["权重×户数", "权重×总分"]
    assert (sum(int(row[-2]) for row in rows), sum(int(row[-1]) for row in rows)) == (36, 3590)


def test_statement_of_a_year_without_months_is_empty(scene: FundScene) -> None:
    page = text(scene.world.client(Role.DEPARTMENT), "/performance/LYJ/2020/")
    assert "2020 年还没有锁定的月份" in page


# The county's page of departments


def test_county_sets_grades_and_issues_credits(scene: FundScene) -> None:
    client = scene.world.client(scene.first)
    grades = {"year": "2024", "excellent": "1", "good": "5", "passed": "9"}
    assert client.post("/performance/grades/", grades)["Location"] == "/performance/?year=2024"
    assert "水利局 1 优秀 100.00" in text(client, "/performance/?year=2024")
    assert client.post("/performance/issue/", {"year": "2024"})["Location"] == "/performance/?year=2024"
    assert PerformanceCredit.objects.count() == 2
    assert "第 1 版" in text(scene.world.client(Role.DEPARTMENT), "/performance/LYJ/2024/")


def test_grades_that_do_not_fit_are_told(scene: FundScene) -> None:
    client = scene.world.client(scene.first)
    wrong = client.post("/performance/grades/", {"year": "2024", "excellent": "5", "good": "5", "passed": "9"})
    assert (wrong.status_code, "这一等不对" in wrong.content.decode()) == (422, True)
    missing = client.post("/performance/grades/", {"year": "2024", "excellent": "5"})
    assert missing.status_code == 400
    assert not GradeBand.objects.exists()


def test_credits_of_a_year_without_months_are_refused(scene: FundScene) -> None:
    set_grades(county=scene.world.county, year=2024, bands=[(1, 1, "优秀")], by=scene.first)
    client = scene.world.client(scene.first)
    refused = client.post("/performance/issue/", {"year": "2020"})
    assert (refused.status_code, PerformanceCredit.objects.count()) == (422, 0)
    unread = client.get("/performance/?year=never")
    assert (unread.status_code, "林业局" in whole(unread)) == (404, False)


def test_statement_names_a_county_only_department_without_links(scene: FundScene) -> None:
    Department.objects.create(code="ZZZ", name="无村局")
    assert "没有联系的村有得分" in text(scene.world.client(scene.first), "/performance/ZZZ/2024/")


# Everybody


def test_public_page_lists_confirmed_awards(scene: FundScene) -> None:
    page = text(Client(), f"/awards/public/{COUNTY}/")
    assert "综合奖 3 个，共 25,000.00 元" in page
    assert "1 西河村 罗坪乡 10,000.00" in page


def test_public_page_knows_nothing_of_previews(scene: FundScene) -> None:
    scene.rule(BY_POINTS)
    scene.preview(AwardKind.POINTS)
    assert "积分换项目奖" not in text(Client(), f"/awards/public/{COUNTY}/")


def test_public_page_shows_what_was_taken_back(scene: FundScene) -> None:
    decided(scene, Wish(Choice.REDUCE, 400_000), SISTER)
    assert "4,000.00 原 10,000.00" in text(Client(), f"/awards/public/{COUNTY}/")


def test_public_page_of_nothing_is_a_page_or_not_found(scene: FundScene) -> None:
    Division.objects.create(code="430101", name="别县")
    assert "还没有确认的奖励" in text(Client(), "/awards/public/430101/")
    for path in ("999999/", f"{VILLAGE}/", f"{COUNTY}/?year=1999", f"{COUNTY}/?year=x"):
        assert Client().get(f"/awards/public/{path}").status_code == 404


def test_public_lists_cost_one_query(scene: FundScene, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(1):
        assert [one.total_fen for one in public_lists(scene.world.county, 2024, MONTH)] == [2_500_000]


def test_public_page_shows_one_month_and_leads_to_the_others(scene: FundScene) -> None:
    """However many years go by, a page is as long as the county has places."""
    scene.rule(BY_POINTS)
    scene.confirm(scene.preview(AwardKind.POINTS, last=BEFORE))
    newest, before = (
        text(Client(), f"/awards/public/{COUNTY}/{query}") for query in ("", f"?year=2024&month={BEFORE}")
    )
    assert "综合奖" in newest and "积分换项目奖" not in newest
    assert f"month={BEFORE}" in Client().get(f"/awards/public/{COUNTY}/").content.decode()
    assert "积分换项目奖" in before and "综合奖" not in before
    assert Client().get(f"/awards/public/{COUNTY}/?year=2024&month=2019-01").status_code == 404


def test_department_is_led_to_its_own_performance(scene: FundScene) -> None:
    answer = scene.world.client(Role.DEPARTMENT).get("/performance/")
    assert answer["Location"] == "/performance/LYJ/2024/"
    assert scene.world.client(Role.CADRE).get("/performance/").status_code == 403
