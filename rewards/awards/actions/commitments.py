"""The door through which projects take money from an award. Caller's transaction; the award's row is locked first."""

from django.db.models import F

from households.refusals import Refused
from rewards.awards.suspension import suspended_among
from rewards.models import Award
from rewards.money import yuan


def lock_open(award_id: int) -> Award:
    """The award, locked until the transaction ends. Refused "award_suspended" (409) while the county has to decide on it.

    Raises Award.DoesNotExist for an award that nobody confirmed.
    """
    award = Award.objects.select_for_update(of=("self",)).select_related("run").get(pk=award_id)
    if suspended_among([award]):
        raise Refused(
            "award_suspended",
            "这笔奖励依据的月份更正过，现在暂停使用。",
            hint="请等县六零办作出维持、核减或撤销的决定。",
            status=409,
        )
    return award


def commit(award: Award, fen: int) -> None:
    """Take `fen` (> 0) of a locked award for a project. Refused "award_too_small" (409) when less is left."""
    taken = Award.objects.filter(pk=award.pk, committed_fen__lte=F("amount_fen") - F("withdrawn_fen") - fen)
    if fen <= 0 or not taken.update(committed_fen=F("committed_fen") + fen):
        raise Refused(
            "award_too_small",
            f"这笔奖励还剩 {yuan(award.left_fen)} 元，不够 {yuan(fen)} 元。",
            hint="请减少金额或换一笔奖励。",
            status=409,
        )
    award.refresh_from_db(fields=["committed_fen"])


def give_back(award: Award, fen: int) -> None:
    """Put `fen` (> 0) that a project does not need back into a locked award; allowed while it is suspended too."""
    freed = Award.objects.filter(pk=award.pk, committed_fen__gte=fen)
    if fen <= 0 or not freed.update(committed_fen=F("committed_fen") - fen):
        raise Refused("award_not_committed", f"这笔奖励只用出 {yuan(award.committed_fen)} 元，退不了 {yuan(fen)} 元。")
    award.refresh_from_db(fields=["committed_fen"])


def lock(award_id: int) -> Award:
    """The award, locked, suspended or not: for giving back."""
    return Award.objects.select_for_update(of=("self",)).select_related("run").get(pk=award_id)
