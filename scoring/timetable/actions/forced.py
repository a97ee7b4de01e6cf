"""Freezing one village's month before its time: one person asks with a reason, another one grants.

It is called what it is: a village that was not posted stays known as not posted.
"""

from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from households import audit
from households.accounts.hands import check_key
from households.inbox.actions import post_of, tell
from households.models import Division, User
from households.operations import Answer, once
from households.refusals import Refused
from scoring.freezing import FORCED, freeze_one
from scoring.models import ForcedFreeze, Sheet
from scoring.months.months import locked_sheet_of, readable
from scoring.states import SheetState
from scoring.timetable.actions.calendars import check_words
from scoring.timetable.states import FORCING, ForceAction


def ask(*, op_id: UUID, month: str, village: Division, reason: str, by: User) -> Answer:
    """Ask that the village's month be frozen before its time. Answers {"id", "state"}."""
    given = {"month": month, "village": village.code, "reason": reason}

    def act() -> Answer:
        readable(month)
        check_words(reason, "请写明为什么等不到锁定日")
        check_key(by)
        _check_state(locked_sheet_of(month=month, village=village))
        asked = ForcedFreeze(period_id=month, village=village, reason=reason.strip(), asked_by=by)
        try:
            with transaction.atomic():
                asked.save(force_insert=True)
        except IntegrityError:
            raise Refused("already_asked", "这个村这个月已经有人申请了。", hint="请看它的进展。", status=409) from None
        audit.record(
            by, "freeze.ask", place=village.code, subject=f"forced {asked.pk}", month=month, reason=asked.reason
        )
        return _answer(asked)

    return once(op_id=op_id, by=by, kind="freeze.ask", payload=given, act=act)


def decide(*, op_id: UUID, forced: int, grant: bool, answer: str = "", by: User) -> Answer:
    """Grant it, which freezes at once, or refuse with an answer. Of two who decide at once the second is told (409)."""
    given = {"forced": forced, "grant": grant, "answer": answer}

    def act() -> Answer:
        asked = _decided(forced, grant=grant, answer=answer, by=by)
        word = "freeze.grant" if grant else "freeze.refuse"
        if grant:
            _check_state(locked_sheet_of(month=asked.period_id, village=asked.village))
            freeze_one(month=asked.period_id, village=asked.village_id, by=by)
        about = [asked.period_id, asked.village_id, asked.state]
        tell("freeze.decided", key=asked.pk, to=[post_of(asked.asked_by)], about=about)
        audit.record(
            by, word, place=asked.village_id, subject=f"forced {asked.pk}", month=asked.period_id, answer=asked.answer
        )
        return _answer(asked)

    return once(op_id=op_id, by=by, kind="freeze.decide", payload=given, act=act)


def _decided(forced: int, *, grant: bool, answer: str, by: User) -> ForcedFreeze:
    asked = ForcedFreeze.objects.within(by.scope).select_related("village", "asked_by").filter(pk=forced).first()
    if asked is None:
        raise Refused("not_yours", "没有这一件，或不归您决定。", status=404)
    if asked.asked_by_id == by.pk:
        raise Refused("own_request", "自己申请的，要由另一个人决定。", status=403)
    if grant:
        check_key(by, asked.asked_by)
    else:
        check_words(answer, "请写明为什么不同意", "answer")
    move = FORCING.transition(ForceAction.GRANT if grant else ForceAction.REFUSE, FORCING.start)
    assert move
    decided = {"state": move.target, "decided_by": by, "decided_at": timezone.now(), "answer": answer.strip()}
    if not ForcedFreeze.objects.filter(pk=asked.pk, state=move.source).update(**decided):
        raise Refused("decided", "这一件刚才已经有了决定。", hint="请刷新后查看。", status=409)
    for name, value in decided.items():
        setattr(asked, name, value)
    return asked


def _check_state(sheet: Sheet) -> None:
    if sheet.state not in FORCED:
        state = SheetState(sheet.state).label
        raise Refused("sheet_state", f"现在是“{state}”，不能提前锁定；已申报、已审核、公示中的才可以。", status=409)


def _answer(asked: ForcedFreeze) -> Answer:
    return {"id": asked.pk, "state": str(asked.state)}
