"""What a step needs beside role and state, each told in the words of who is missing it."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from households.models import User
from households.months import spoken
from households.refusals import Refused
from petitions import units
from petitions.clock_types import ClockKey
from petitions.clocks import clocks
from petitions.clocks.deadlines import bare, limits
from petitions.models import Assignment, Content, Petition, PetitionEvent, Tie
from petitions.states import Need, PetitionAction

if TYPE_CHECKING:
    from petitions.steps.step import Step


def check_needs(petition: Petition, step: "Step", needs: Iterable[Need]) -> None:
    """Refuse a step that lacks something; the same order every time."""
    for need in sorted(needs, key=_ORDER.index):
        _CHECKS[need](petition, step)


def is_named(petition: Petition, user: User) -> bool:
    """Whether the petition's own words name this person."""
    name = user.display_name.strip()
    return len(name) > 1 and (name in petition.title or name in petition.text)


def is_bound(petition: Petition, user: User) -> bool:
    """Whether this person must keep away: named in the petition, or tied to it by their own word or the office's."""
    return is_named(petition, user) or Tie.objects.filter(petition=petition, user=user).exists()


def _told(petition: Petition, step: "Step") -> None:
    if not step.words.told:
        raise Refused("told_missing", "请写清楚要告知来信人的话。", fields={"told": "必填"})


def _note(petition: Petition, step: "Step") -> None:
    if not step.words.note:
        raise Refused("note_missing", f"{step.action.label}要写明理由或情况。", fields={"note": "必填"})


def _unit(petition: Petition, step: "Step") -> None:
    if not step.unit:
        raise Refused("unit_missing", "请选择主办单位。", fields={"unit": "必填"})


def _lead(petition: Petition, step: "Step") -> None:
    if not _works(petition, step, lead=True):
        raise Refused("not_lead", "只有主办单位能做这一步。", hint="请与主办单位联系。", status=403)


def _member(petition: Petition, step: "Step") -> None:
    if not _works(petition, step):
        raise Refused("not_at_work", "您的单位没有承办这件信访。", status=403)


def _works(petition: Petition, step: "Step", **more: bool) -> bool:
    if step.by is None or not units.of(step.by):
        return False
    kind, _, code = units.of(step.by).partition(":")
    return Assignment.objects.filter(petition=petition, ended_at=None, **{kind: code}, **more).exists()


def _unbound(petition: Petition, step: "Step") -> None:
    if step.by is not None and is_bound(petition, step.by):
        raise Refused(
            "conflict_of_interest", "您与这件信访有关联，应当回避。", hint="请由本单位其他人办理。", status=403
        )


def _plain(petition: Petition, step: "Step") -> None:
    if petition.is_accusation:
        raise Refused(
            "accuser_protected", "检举控告人是谁，只有信访局知道。", hint="要核实情况，请信访局联系。", status=403
        )


def _contest_time(petition: Petition, step: "Step") -> None:
    due = _due(petition, ClockKey.CONTEST)
    if due is not None and _day(step.at) > due:
        raise Refused(
            "too_late",
            f"管辖异议应在{spoken(due)}以前（含当天）提出。",
            hint="请与信访局联系。",
            fields={"at": "超过期限"},
        )


def _objection_time(petition: Petition, step: "Step") -> None:
    due = _due(petition, ClockKey.OBJECT)
    if due is not None and _day(step.at) <= due:
        raise Refused(
            "filer_may_object",
            "来信人还没有确认。",
            hint=f"请等来信人确认，或等异议期在{spoken(due)}结束后再办结。",
            status=409,
        )


def _review_time(petition: Petition, step: "Step") -> None:
    due = _due(petition, _ASKED_BY[step.action])
    if due is not None and _day(step.at) > due:
        raise Refused("too_late", f"应在{spoken(due)}以前（含当天）申请。", hint="有新的事实可以另行提交。")


def _review_time_passed(petition: Petition, step: "Step") -> None:
    due = _due(petition, ClockKey.ASK_FINAL_REVIEW)
    if due is not None and _day(step.at) <= due:
        raise Refused(
            "filer_may_object", "来信人还可以申请复核。", hint=f"请等申请期在{spoken(due)}结束后再办结。", status=409
        )


_ASKED_BY = {
    PetitionAction.ASK_REVIEW: ClockKey.ASK_REVIEW,
    PetitionAction.ASK_FINAL_REVIEW: ClockKey.ASK_FINAL_REVIEW,
}


def _due(petition: Petition, key: ClockKey) -> date | None:
    """The last day of the latest clock of this kind, as every page shows it; None without one or while it is paused."""
    history = bare(PetitionEvent.objects.filter(petition=petition))
    found = [clock for clock in clocks.clocks(history, limits()) if clock.key == key]
    return found[-1].due if found else None


def _appeal(petition: Petition, step: "Step") -> None:
    if petition.content != Content.APPEAL:
        raise Refused(
            "no_extension",
            f"{petition.get_content_display()}不能延期：《信访工作条例》第三十四条的延期只用于申诉求决，这里的期限是县里的承诺。",
            hint="到期办不完的，请在到期以前告诉来信人办到哪一步、还要多久。",
        )


def _running(petition: Petition, step: "Step") -> None:
    if petition.paused:
        raise Refused("paused_already", "计时已经暂停。", status=409)


def _paused(petition: Petition, step: "Step") -> None:
    if not petition.paused:
        raise Refused("not_paused", "计时没有暂停。", status=409)


def _free(petition: Petition, step: "Step") -> None:
    if petition.held:
        raise Refused("held", "这件信访依法暂不清除。", hint="不再需要保留时，请先解除。", status=409)


def _held(petition: Petition, step: "Step") -> None:
    if not petition.held:
        raise Refused("not_held", "这件信访没有设为暂不清除。", status=409)


def _asked(petition: Petition, step: "Step") -> None:
    if petition.erasure_asked_at is None:
        raise Refused("not_asked", "来信人没有申请清除，或者已经答复过。", status=409)


def _unasked(petition: Petition, step: "Step") -> None:
    if petition.erasure_asked_at is not None:
        raise Refused("asked_already", "您已经申请过，信访局会答复您。", status=409)


def _day(at: datetime) -> date:
    return timezone.localdate(at)


_CHECKS: dict[Need, Callable[[Petition, "Step"], None]] = {
    Need.LEAD: _lead,
    Need.MEMBER: _member,
    Need.UNBOUND: _unbound,
    Need.PLAIN: _plain,
    Need.APPEAL: _appeal,
    Need.RUNNING: _running,
    Need.PAUSED: _paused,
    Need.FREE: _free,
    Need.HELD: _held,
    Need.ASKED: _asked,
    Need.UNASKED: _unasked,
    Need.CONTEST_TIME: _contest_time,
    Need.OBJECTION_TIME: _objection_time,
    Need.REVIEW_TIME: _review_time,
    Need.REVIEW_TIME_PASSED: _review_time_passed,
    Need.UNIT: _unit,
    Need.TOLD: _told,
    Need.NOTE: _note,
}
_ORDER = tuple(_CHECKS)
