"""Preview and confirmation: two people, exactly what both saw, the fund pays, points are spent, nothing twice."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from households.models import AuditEvent
from households.refusals import Refused
from households.roles import Role
from rewards.awards.actions.runs import confirm, discard, preview
from rewards.models import Award, AwardKind, AwardLine, AwardRun, RunState
from scoring.ledger import door as ledger
from tests.audit_failure import audit_down
from tests.refusals import refusal_code
from tests.rewards.awards.scene import (
    BEFORE,
    BY_GOAL,
    BY_POINTS,
    BY_RANK,
    TEN_THOUSAND,
    TOTAL,
    TOWNSHIPS,
    FundScene,
    fund_scene,
)
from tests.world import MONTH, OTHER_TOWNSHIP, SISTER, STRANGE, TOWNSHIP, VILLAGE

pytestmark = pytest.mark.django_db


def given() -> dict[str, int]:
    return dict(Award.objects.values_list("division_id", "amount_fen"))


def free(village: str) -> int:
    return ledger.state_of(ledger.division(village)).free


# What comes out


def test_award_by_rank_pays_ties_alike(scene: FundScene) -> None:
    scene.awarded()
    assert given() == {SISTER: TEN_THOUSAND, STRANGE: TEN_THOUSAND, VILLAGE: 500_000}
    award = scene.award_of(VILLAGE)
    assert (award.rank, award.committed_fen, award.net_fen, award.left_fen) == (3, 0, 500_000, 500_000)
    assert award.reason.startswith("2 个月平均 99.")


def test_award_by_goals_says_which_were_reached(scene: FundScene) -> None:
    scene.awarded(BY_GOAL)
    assert given() == {SISTER: 500_000, STRANGE: 500_000, VILLAGE: 200_000}
    assert "六零户占比各月最低 87.50%，没有达到 95.00%" in scene.award_of(VILLAGE, AwardKind.GOAL).reason


def test_award_for_points_spends_them(scene: FundScene) -> None:
    before = free(SISTER)
    scene.awarded(BY_POINTS)
    awards = {award.division_id: award for award in Award.objects.all()}
    assert sum(award.points for award in awards.values()) == 200  # 20,000 yuan at 100 a point
    assert all(award.amount_fen == award.points * 10_000 for award in awards.values())
    assert free(SISTER) == before - awards[SISTER].points


def test_spent_points_are_told_with_the_letter(scene: FundScene) -> None:
    from scoring.models import PointEntry

    scene.awarded(BY_POINTS)
    award = scene.award_of(SISTER, AwardKind.POINTS)
    entry = PointEntry.objects.get(source_key=f"spend:award:{award.pk}")
    assert (entry.amount, award.letter_no in entry.text) == (-award.points, True)


def test_townships_compete_with_townships(scene: FundScene) -> None:
    scene.awarded(TOWNSHIPS)
    assert given() == {OTHER_TOWNSHIP: TEN_THOUSAND}
    assert set(AwardLine.objects.values_list("division_id", flat=True)) == {TOWNSHIP, OTHER_TOWNSHIP}


def test_fund_pays_exactly_what_was_given(scene: FundScene) -> None:
    scene.awarded()
    assert scene.left() == TOTAL - sum(given().values())
    scene.awarded(TOWNSHIPS)
    assert scene.left() == TOTAL - sum(Award.objects.values_list("amount_fen", flat=True))


def test_every_village_is_listed_awarded_or_not(scene: FundScene) -> None:
    scene.rule(bands=[BY_RANK.bands[0]])
    run = scene.preview()
    assert run.lines.count() == 3
    assert run.lines.get(division=VILLAGE).reason.endswith("不在有奖的名次内。")
    scene.confirm(run)
    assert VILLAGE not in given()


def test_village_that_missed_a_month_is_listed_with_why() -> None:
    scene = fund_scene()
    scene.world.declare(scene.world.village, scene.world.sister, month="2024-06")
    from scoring.months.months import open_month

    open_month("2024-06")
    scene.world.freeze("2024-06")
    scene.rule()
    run = scene.preview(last="2024-06")
    line = run.lines.get(division=STRANGE)
    assert (line.rank, line.amount_fen, line.reason) == (None, 0, "2024-06没有评齐或没有锁定，不排名，没有奖励。")


def test_letters_are_numbered_by_rank(scene: FundScene) -> None:
    awards = scene.awarded()
    run = awards[0].run_id
    assert [award.letter_no for award in awards] == [f"六零奖〔2024〕{run}-00{n}号" for n in (1, 2, 3)]


# Preview


def test_preview_gives_nothing_yet(scene: FundScene) -> None:
    scene.rule()
    run = scene.preview()
    assert (run.state, run.total_fen) == (RunState.PREVIEWED, 2_500_000)
    assert not Award.objects.exists()
    assert scene.left() == TOTAL


def test_preview_without_a_rule_is_refused(scene: FundScene) -> None:
    assert refusal_code(scene.preview) == "no_rule"


@pytest.mark.parametrize(
    ("first", "last", "code"),
    [
        (MONTH, BEFORE, "months_in_order"),
        ("2020-01", MONTH, "too_many_months"),
        (BEFORE, "2024-06", "basis_not_published"),
    ],
)
def test_preview_of_wrong_months_is_refused(scene: FundScene, first: str, last: str, code: str) -> None:
    scene.rule()
    assert refusal_code(scene.preview, first=first, last=last) == code


def test_preview_waits_until_a_declared_village_is_frozen(scene: FundScene) -> None:
    """A ranking archived while a village was on its way is not published, so nothing is awarded by it."""
    scene.world.declare(scene.world.village, scene.world.sister, month="2024-06")
    from scoring.freezing import freeze
    from scoring.sheets.actions.sheets import declare

    freeze(month="2024-06", on=date(2024, 12, 31), force=True)
    declare(sheet=scene.world.sheet(scene.world.strange, "2024-06"), by=None)
    scene.restate("2024-06")
    scene.rule()
    assert refusal_code(scene.preview, last="2024-06") == "basis_not_published"


def test_second_preview_of_a_kind_waits_for_the_first(scene: FundScene) -> None:
    scene.rule()
    scene.preview()
    assert refusal_code(scene.preview) == "run_waits"


def test_pool_too_small_says_how_much_is_missing(scene: FundScene) -> None:
    scene.rule(pool_fen=2_000_000)
    with pytest.raises(Refused) as refused:
        scene.preview()
    assert refused.value.code == "pool_too_small"
    assert "差 5,000.00 元" in refused.value.reason


def test_pool_too_small_is_shared_when_the_rule_says_so(scene: FundScene) -> None:
    scene.rule(pool_fen=2_000_000, proportional=True)
    scene.confirm(scene.preview())
    assert sum(given().values()) == 2_000_000
    assert given()[SISTER] == given()[STRANGE] == 800_000


def test_preview_needs_the_key(scene: FundScene) -> None:
    scene.rule()
    township = scene.world.user(Role.TOWNSHIP)
    code = refusal_code(preview, fund=scene.fund, kind=AwardKind.COMPREHENSIVE, first=BEFORE, last=MONTH, by=township)
    assert code == "no_key"


# Confirmation


def test_nobody_confirms_his_own_preview(scene: FundScene) -> None:
    scene.rule()
    run = scene.preview()
    assert refusal_code(confirm, run=run, seen=run.digest, by=scene.first) == "same_person"
    assert not Award.objects.exists()


def test_confirmation_needs_the_key(scene: FundScene) -> None:
    scene.rule()
    run = scene.preview()
    assert refusal_code(confirm, run=run, seen=run.digest, by=scene.world.user(Role.TOWNSHIP)) == "no_key"


def test_another_list_than_the_one_seen_is_not_confirmed(scene: FundScene) -> None:
    scene.rule()
    assert refusal_code(confirm, run=scene.preview(), seen="0" * 64, by=scene.second) == "page_moved"


def test_restated_month_before_confirmation_moves_the_basis(scene: FundScene) -> None:
    scene.rule()
    run = scene.preview()
    scene.restate()
    assert refusal_code(scene.confirm, run) == "basis_moved"
    assert scene.left() == TOTAL


def test_points_spent_before_confirmation_move_the_basis(scene: FundScene) -> None:
    scene.rule(BY_POINTS, pool_fen=8 * TEN_THOUSAND)
    run = scene.preview(AwardKind.POINTS)
    ledger.adjust(ledger.division(SISTER), -100, key="elsewhere", text="别处用了")
    assert refusal_code(scene.confirm, run) == "basis_moved"


def test_confirmed_run_is_not_confirmed_again(scene: FundScene) -> None:
    scene.rule()
    run = scene.preview()
    scene.confirm(run)
    assert refusal_code(scene.confirm, run) == "run_ended"
    assert Award.objects.count() == 3


def test_months_are_awarded_once_per_kind(scene: FundScene) -> None:
    scene.awarded()
    assert refusal_code(scene.preview, first=MONTH) == "months_awarded"


def test_later_run_of_a_kind_has_what_the_first_left_of_the_pool(scene: FundScene) -> None:
    scene.rule()
    scene.confirm(scene.preview(last=BEFORE))
    with pytest.raises(Refused) as refused:
        scene.preview(first=MONTH)
    assert "本项只剩 10,000.00 元" in refused.value.reason


def test_nobody_is_awarded_by_an_empty_list(scene: FundScene) -> None:
    from rewards.awards.engine import Band

    scene.rule(bands=[Band(9, 9, 100)])
    assert refusal_code(scene.confirm, scene.preview()) == "nothing_to_give"


def test_failed_log_leaves_nothing_behind(scene: FundScene) -> None:
    scene.rule(BY_POINTS)
    run, before = scene.preview(AwardKind.POINTS), free(SISTER)

    with audit_down():
        scene.confirm(run)
    assert (Award.objects.count(), scene.left(), free(SISTER)) == (0, TOTAL, before)


def test_both_keys_are_in_the_audit_log(scene: FundScene) -> None:
    scene.awarded()
    turned = dict(AuditEvent.objects.filter(action__startswith="award.").values_list("action", "actor"))
    assert turned == {"award.preview": scene.first.username, "award.confirm": scene.second.username}


# Discarding


def test_discarded_run_makes_room_for_the_next(scene: FundScene) -> None:
    scene.rule()
    run = scene.preview()
    discard(run=run, reason="金额要改", by=scene.first)
    scene.rule(pool_fen=3 * TEN_THOUSAND)
    assert scene.confirm(scene.preview())
    assert AwardRun.objects.get(pk=run.pk).discard_reason == "金额要改"


def test_discarding_needs_a_reason_and_a_waiting_run(scene: FundScene) -> None:
    scene.rule()
    run = scene.preview()
    assert refusal_code(discard, run=run, reason="  ", by=scene.first) == "reason_missing"
    scene.confirm(run)
    assert refusal_code(discard, run=run, reason="晚了", by=scene.first) == "run_ended"


def test_discarding_needs_the_key(scene: FundScene) -> None:
    scene.rule()
    assert refusal_code(discard, run=scene.preview(), reason="x", by=scene.world.user(Role.CADRE)) == "no_key"


# What the database itself refuses

REFUSED = [
    "UPDATE rewards_award SET amount_fen = amount_fen - 1",
    "UPDATE rewards_award SET withdrawn_fen = -1",
    "UPDATE rewards_award SET committed_fen = amount_fen + 1",
    "UPDATE rewards_award SET committed_fen = -1",
    "UPDATE rewards_award SET withdrawn_fen = 1",  # the fund's sum no longer fits
    "UPDATE rewards_award SET withdrawn_fen = 600000, committed_fen = 500000",
    "UPDATE rewards_award SET letter_no = 'x' || letter_no",
    "DELETE FROM rewards_award",
    "UPDATE rewards_awardrun SET total_fen = 1",
    "UPDATE rewards_awardrun SET state = 'previewed', confirmed_by_id = NULL, confirmed_at = NULL",
    "DELETE FROM rewards_awardrun",
    "UPDATE rewards_awardline SET amount_fen = 1",
    "DELETE FROM rewards_awardline",
    (
        "INSERT INTO rewards_awardline (run_id, division_id, households, total, six_zero, points, amount_fen, reason) "
        "SELECT id, '430726', 1, 1, 1, 0, 0, 'x' FROM rewards_awardrun"
    ),
]


def taken(sql: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    except IntegrityError:
        return False
    return True


def test_database_refuses_changes_of_what_was_confirmed(scene: FundScene) -> None:
    scene.awarded()
    assert [sql for sql in REFUSED if taken(sql)] == []


def test_database_lets_projects_take_their_part(scene: FundScene) -> None:
    """The twin: what projects took may move within the amount."""
    scene.awarded()
    assert taken("UPDATE rewards_award SET committed_fen = amount_fen")


STAMPS = [
    "state = 'confirmed', confirmed_at = now()",
    "state = 'confirmed', confirmed_by_id = proposed_by_id, confirmed_at = now()",
    "state = 'discarded', discarded_by_id = proposed_by_id, discarded_at = now()",
    "confirmed_by_id = {other}",
    "months = '{{}}', versions = '{{}}'",
    "versions = versions || 1",
]


def test_database_holds_a_run_to_its_stamps(scene: FundScene) -> None:
    scene.rule()
    scene.preview()
    wrong = [f"UPDATE rewards_awardrun SET {stamp.format(other=scene.second.pk)}" for stamp in STAMPS]
    assert [sql for sql in wrong if taken(sql)] == []
    good = f"state = 'confirmed', confirmed_by_id = {scene.second.pk}, confirmed_at = now()"
    assert taken(f"UPDATE rewards_awardrun SET {good}")


def test_database_gives_awards_only_by_a_confirmed_run(scene: FundScene) -> None:
    scene.rule()
    run = scene.preview()
    line = run.lines.filter(amount_fen__gt=0).first()
    award = {"run": run, "line": line, "fund": scene.fund, "division": line.division, "kind": run.kind, "rank": 1}
    with pytest.raises(IntegrityError), transaction.atomic():
        Award.objects.create(**award, reason="x", amount_fen=line.amount_fen, letter_no="1")


def test_database_awards_a_month_once(scene: FundScene) -> None:
    """What the action refuses by name, the trigger refuses too."""
    scene.rule(pool_fen=8 * TEN_THOUSAND)
    scene.confirm(scene.preview())
    run = AwardRun.objects.get()
    again = AwardRun.objects.create(
        fund=run.fund, rule=run.rule, kind=run.kind, months=[MONTH], versions=[1], total_fen=0, digest="x",
        proposed_by=scene.first,
    )  # fmt: skip
    assert not taken(
        f"UPDATE rewards_awardrun SET state = 'confirmed', confirmed_by_id = {scene.second.pk}, confirmed_at = now() "
        f"WHERE id = {again.pk}"
    )
