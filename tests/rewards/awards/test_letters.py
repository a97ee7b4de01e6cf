"""Letters and the list for signature, read back from the PDF."""

import pytest
from django.utils import timezone

from households.files import papers
from households.refusals import Refused
from rewards.awards import letters
from rewards.awards.actions.decisions import Wish, confirm, propose
from rewards.models import AwardKind, AwardRun, Choice
from tests.rewards.awards.pdf_text import read
from tests.rewards.awards.scene import BY_GOAL, BY_POINTS, TOWNSHIPS, FundScene, awarded_scene
from tests.world import SISTER, VILLAGE

pytestmark = pytest.mark.django_db


def written(kind: AwardKind = AwardKind.COMPREHENSIVE) -> list[str]:
    return read(letters.letters(list(letters.awards_of(AwardRun.objects.get(kind=kind)))))


@pytest.fixture
def scene(db: None) -> FundScene:
    return awarded_scene()


def test_each_award_has_a_letter_of_its_own(scene: FundScene) -> None:
    numbers = scene.fund.awards.order_by("rank", "division").values_list("letter_no", flat=True)
    assert [number in page for number, page in zip(numbers, written(), strict=True)] == [True] * 3


def test_letter_says_to_whom_why_and_how_much(scene: FundScene) -> None:
    page = next(page for page in written() if "东山村：" in page)
    assert "石门县“六零”创建积分奖励通知书" in page
    assert "罗坪乡东山村：" in page
    assert "以2024年4月至2024年5月的排名为依据" in page
    assert scene.award_of(VILLAGE).reason in page
    assert "给予综合奖 5,000.00 元（人民币伍仟元整）" in page
    assert f"{timezone.localtime(scene.award_of(VILLAGE).run.confirmed_at):%Y年%m月}" in page


def test_letter_does_not_name_other_villages(scene: FundScene) -> None:
    page = next(page for page in written() if "东山村：" in page)
    assert "西河村" not in page
    assert "南坪村" not in page


def test_letter_for_points_says_what_they_cost(scene: FundScene) -> None:
    scene.awarded(BY_POINTS)
    points = scene.award_of(SISTER, AwardKind.POINTS).points
    assert any(f"本项使用积分 {points} 分" in page for page in written(AwardKind.POINTS))


def test_letter_for_goals_says_which_were_reached(scene: FundScene) -> None:
    scene.awarded(BY_GOAL)
    page = next(page for page in written(AwardKind.GOAL) if "东山村：" in page)
    assert "没有达到 95.00%；得分平均" in page


def test_township_is_addressed_without_a_village(scene: FundScene) -> None:
    scene.awarded(TOWNSHIPS)
    [page] = written(AwardKind.TOWNSHIP)
    assert "壶瓶乡：" in page


def test_lowered_award_says_so_in_its_letter(scene: FundScene) -> None:
    scene.restate()
    run, award = AwardRun.objects.get(), scene.award_of(SISTER)
    wishes = {award.pk: Wish(Choice.REDUCE, 400_000)}
    confirm(review=propose(run=run, wishes=wishes, reason="复核", by=scene.first), by=scene.second)
    page = next(page for page in written() if "西河村：" in page)
    assert "本项奖励收回6,000.00元，现为4,000.00元" in page.replace(" ", "")  # a line may end between them


def test_list_for_signature_names_everybody_and_the_sum(scene: FundScene) -> None:
    [page] = read(letters.signature_list(AwardRun.objects.get()))
    for words in ("罗坪乡东山村", "罗坪乡西河村", "壶瓶乡南坪村", "合计 3 个", "25,000.00", "贰万伍仟元整", "签收人"):
        assert words in page


def test_paper_carries_its_font(scene: FundScene) -> None:
    body = letters.letters(list(letters.awards_of(AwardRun.objects.get())))
    assert b"NotoSansSC" in body
    assert b"FontFile2" in body
    assert len(body) < 200_000


def test_markup_in_a_name_is_text(scene: FundScene) -> None:
    papers.use_fonts()
    [page] = read(papers.pdf([papers.text("<b>一 & 二</b>")], name="x"))
    assert "<b>一 & 二</b>" in page


def test_missing_font_is_told(settings: object, tmp_path: object) -> None:
    settings.NODE_MODULES = tmp_path
    papers.use_fonts.cache_clear()
    with pytest.raises(Refused) as refused:
        papers.use_fonts()
    assert refused.value.code == "font_missing"
