"""Signing for a month and taking that back, over a locked sheet."""

from django.db.models import Q
from django.utils import timezone

from households import audit
from households.changes import locks
from households.kin.reads import households_of
from households.models import Household, User
from households.months import last_day
from households.refusals import Refused
from households.roles import Role
from households.scope import lies_in
from scoring.models import Decision, Declaration, Review, ScoreEvent, Sheet
from scoring.parts.reads import is_archived
from scoring.parts.rules import archivable_before, sentence
from scoring.sheets.actions.landing import land_late
from scoring.states import SheetAction, SheetState, why_not

MARKS = 8  # of a browser, kept with a signature


def sent_back_unchanged(sheet: Sheet) -> bool:
    """Whether the township sent the sheet back, and no entry has been made, confirmed or taken back since."""
    last = Review.objects.filter(sheet=sheet).first()
    if last is None or last.decision != Decision.RETURN:
        return False
    moved = Q(recorded_at__gt=last.at) | Q(confirmed_at__gt=last.at) | Q(withdrawn_at__gt=last.at)
    return not ScoreEvent.objects.filter(lies_in(sheet.village_id), moved, period=sheet.period_id).exists()


def confirm_leaders(village: str, month: str, by: User | None) -> None:
    """Whoever signs for the month confirms what leaders wrote down and nobody has looked at, but of their own kin.

    What its clause has a second person look at waits on.
    """
    waiting = ScoreEvent.objects.pending().filter(lies_in(village), period=month)
    own = waiting.filter(recorded_by__role=Role.GROUP_LEADER, clause__second_person=False)
    if by:
        own = own.exclude(recorded_by=by).exclude(code__in=households_of(by))
    own.update(confirmed_at=timezone.now(), confirmed_by=by)


def sign(sheet: Sheet, *, by: User | None) -> Declaration:
    """Sign 「其余 N 户六项为零」 over a locked sheet: the snapshot of its households is taken here."""
    refused = why_not(SheetAction.DECLARE, SheetState(sheet.state))
    if refused:
        raise Refused("sheet_state", refused)
    village, month = sheet.village_id, sheet.period_id
    if month < archivable_before(timezone.localdate()) and is_archived(month):
        raise Refused("archived", sentence(month))
    locks.hold([village])  # nobody joins or leaves while they are signed for
    active = Household.objects.filter(lies_in(village)).active(last_day(month))
    codes = list(active.values_list("code", flat=True))
    if not codes:
        raise Refused("no_households", f"{sheet.village.name}没有在册的户，不能申报。", hint="请先导入户名册。")
    confirm_leaders(village, month, by)
    standing = ScoreEvent.objects.standing().filter(lies_in(village), period=month)
    exceptions = len(set(standing.values_list("code", flat=True)) & set(codes))
    origin = audit.ORIGIN.get()
    browser = origin.browser()[:MARKS] if origin else []
    signed = Declaration.objects.create(
        sheet=sheet,
        households=codes,
        exceptions=exceptions,
        signed_by=by,
        browser=browser,
        drawn_by_id=_first_signature(sheet),
    )
    _move(sheet, SheetState.DECLARED)
    return signed


def _first_signature(sheet: Sheet) -> int | None:
    """The one that the draw hangs on already: the cadre's own since the township sent the sheet back last, whoever took it back."""
    last = Declaration.objects.filter(sheet=sheet).first()
    if last is None or Review.objects.filter(sheet=sheet, decision=Decision.RETURN, at__gte=last.signed_at).exists():
        return None
    return last.drawn_by_id or last.pk


def reopen(sheet: Sheet, action: SheetAction, *, reason: str) -> None:
    """Take the standing declaration back (by the cadre or by the township) and open the locked sheet again, to what came meanwhile."""
    refused = why_not(action, SheetState(sheet.state))
    if refused:
        raise Refused("sheet_state", refused)
    if not reason:
        raise Refused("reason_missing", f"{action.label}要写明原因。", fields={"reason": "必填"})
    standing = Declaration.objects.filter(sheet=sheet, withdrawn_at=None)
    standing.update(withdrawn_at=timezone.now(), withdraw_reason=reason)
    _move(sheet, SheetState.OPEN)
    land_late(sheet)


def _move(sheet: Sheet, state: SheetState) -> None:
    Sheet.objects.filter(pk=sheet.pk).update(state=state)
    sheet.state = state
