"""What became of awards is told to the posts of the places that have them, once; and of a run to who worked it out."""

import pytest
from django.urls import reverse

from households.inbox.reads import told
from households.models import PostMessage, User
from households.roles import Role
from rewards.awards.actions import runs
from rewards.awards.actions.decisions import Wish, confirm, propose
from rewards.awards.actions.performance import issue, set_grades
from rewards.awards.engine import Band
from rewards.models import Choice
from tests.audit_failure import audit_down
from tests.rewards.awards.scene import BEFORE, BY_RANK, TEN_THOUSAND, TOWNSHIPS, FundScene
from tests.scoring.restatements.adjusting import ask, grant
from tests.world import MONTH, VILLAGE

pytestmark = pytest.mark.django_db


def words(user: User) -> list[str]:
    return [one.words for one in told(user)]


def posts(kind: str) -> set[tuple[str, str]]:
    return set(PostMessage.objects.filter(kind=kind).values_list("role", "place"))


def given(scene: FundScene) -> None:
    """One class of villages, one of townships: a point less moves nobody's rank but the line itself."""
    scene.rule(BY_RANK, bands=[Band(1, 3, TEN_THOUSAND)])
    scene.confirm(scene.preview())
    scene.rule(TOWNSHIPS, bands=[Band(1, 2, 100_000)])
    scene.confirm(scene.preview(TOWNSHIPS.kind))


def corrected(scene: FundScene) -> None:
    grant(scene.world, ask(scene.world, household=f"{VILLAGE}010002", clause="WR04", date="2024-05-21"))


def test_places_with_an_award_and_who_worked_it_out_are_told(scene: FundScene) -> None:
    given(scene)
    award, county = scene.award_of(VILLAGE), (Role.COUNTY_OFFICE, scene.world.county.code)
    for role in (Role.CADRE, Role.SUPERVISOR):
        assert words(scene.world.user(role))[0] == f"综合奖发给您这里了，通知书是 {award.letter_no}。"
    said, *_ = words(scene.world.user(Role.TOWNSHIP))
    assert said.startswith("乡镇奖励发给您这里了")
    assert posts("award.run") == {county}
    assert "您这里测算的综合奖已确认。" in words(scene.first)
    page = scene.world.client(Role.CADRE).get("/inbox/").content.decode()
    assert award.letter_no in page and reverse("awards") in page


def test_run_that_was_given_up_is_told_who_worked_it_out_and_no_place(scene: FundScene) -> None:
    scene.rule()
    runs.discard(run=scene.preview(), reason="名单不对", by=scene.second)
    assert words(scene.first) == ["您这里测算的综合奖已作废。"]
    assert posts("award.given") == set()


def test_correction_tells_those_alone_whose_award_it_stops(scene: FundScene) -> None:
    given(scene)
    scene.archive_unmoved()
    assert posts("award.suspended") == set()
    corrected(scene)
    stopped = {(Role.CADRE, VILLAGE), (Role.SUPERVISOR, VILLAGE), (Role.TOWNSHIP, VILLAGE[:9])}
    assert posts("award.suspended") == stopped
    scene.archive_unmoved()
    assert PostMessage.objects.filter(kind="award.suspended").count() == len(stopped)
    assert "暂停使用，等县六零办复核" in words(scene.world.user(Role.CADRE))[0]


def test_award_whose_line_is_what_it_was_is_told_to_be_payable_again(scene: FundScene) -> None:
    given(scene)
    scene.restate(BEFORE, VILLAGE)  # a version that is wrong, and then the truth again
    scene.archive_unmoved(BEFORE)
    assert posts("award.payable") == {(Role.CADRE, VILLAGE), (Role.SUPERVISOR, VILLAGE), (Role.TOWNSHIP, VILLAGE[:9])}
    assert "恢复使用了" in words(scene.world.user(Role.CADRE))[0]


def test_decision_on_an_award_is_told_the_place(scene: FundScene) -> None:
    given(scene)
    corrected(scene)
    award = scene.award_of(VILLAGE)
    review = propose(run=award.run, wishes={award.pk: Wish(Choice.KEEP)}, reason="名次没有变", by=scene.first)
    assert posts("award.decided") == set()
    confirm(review=review, by=scene.second)
    assert posts("award.decided") == {(Role.CADRE, VILLAGE), (Role.SUPERVISOR, VILLAGE)}
    assert words(scene.world.user(Role.CADRE))[0] == f"您这里的综合奖（{award.letter_no}）复核有了决定：维持。"


def test_department_is_told_that_its_year_is_issued(scene: FundScene) -> None:
    set_grades(county=scene.world.county, year=2024, bands=[(1, 9, "合格")], by=scene.first)
    given = {"county": scene.world.county, "year": 2024, "first": BEFORE, "last": MONTH, "by": scene.first}
    issue(**given)
    assert words(scene.world.user(Role.DEPARTMENT)) == ["2024年的绩效定了。"]
    issue(**given)
    assert len(words(scene.world.user(Role.DEPARTMENT))) == 2  # another version is another event


def test_nothing_is_told_of_a_run_whose_confirmation_failed(scene: FundScene) -> None:
    scene.rule()
    run = scene.preview()
    with audit_down():
        scene.confirm(run)
    assert posts("award.given") == posts("award.run") == set()
