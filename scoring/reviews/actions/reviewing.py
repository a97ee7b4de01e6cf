"""The township's review: exceptions and drawn households opened first, then approved, or returned with a reason."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from households import audit
from households.codes import township_of
from households.inbox.actions import tell
from households.models import User
from households.refusals import Refused
from households.roles import Role
from households.scope import lies_in
from scoring.models import Decision, Declaration, LookFound, Review, ReviewLook, ScoreEvent, Sheet
from scoring.months.months import locked
from scoring.reviews.draws import draw_of
from scoring.reviews.looks import Looked, holding, looked_at
from scoring.rollup import marks
from scoring.sheets.actions.signing import reopen
from scoring.sheets.contradictions import contradictions_of, is_explained
from scoring.states import SheetAction, SheetState, why_not

MAX_NOTE = 200


class DrawnFinding(NamedTuple):
    """What was found at a drawn household, one of `LookFound`, and in words how it differs."""

    found: str
    note: str = ""


def exceptions_of(sheet: Sheet) -> list[ScoreEvent]:
    """Standing events inside the village: what a reviewer must open. Households first by code, then by time."""
    inside = ScoreEvent.objects.standing().filter(lies_in(sheet.village_id), period=sheet.period_id)
    people = ("clause__indicator", "recorded_by__department", "confirmed_by")
    return list(inside.select_related(*people).with_photo_counts().order_by("code", "id"))


@transaction.atomic
def look(*, sheet: Sheet, opened: Collection[int], households: Mapping[str, DrawnFinding], by: User) -> Looked:
    """Write down what somebody has opened of a declared sheet. What is of another village or was not drawn counts for nothing.

    Answers what they have opened by now. The same look twice is written once; another finding at a household is added.
    """
    sheet = locked(sheet)
    _check(SheetAction.APPROVE, sheet)
    exceptions, declaration = exceptions_of(sheet), _declaration(sheet)
    before = holding(looked_at([sheet], by).get(sheet.pk, []), exceptions, declaration)
    drawn = draw_of(declaration).households if declaration and households else []
    fresh = [
        *_at_events(sheet, before, {event.pk for event in exceptions} & set(opened), by),
        *_at_households(
            sheet, declaration, before, {code: households[code] for code in drawn if code in households}, by
        ),
    ]
    if fresh:
        ReviewLook.objects.bulk_create(fresh)
        drawn_of = sum(1 for one in fresh if one.household)
        audit.record(
            by, "review.look", place=sheet.village_id, subject=sheet, opened=len(fresh) - drawn_of, drawn=drawn_of
        )
    return holding(looked_at([sheet], by).get(sheet.pk, []), exceptions, declaration) if fresh else before


def _at_events(sheet: Sheet, before: Looked, opened: set[int], by: User) -> list[ReviewLook]:
    return [ReviewLook(sheet=sheet, event=event, by=by) for event in sorted(opened - before.events)]


def _at_households(
    sheet: Sheet, declaration: Declaration | None, before: Looked, findings: Mapping[str, DrawnFinding], by: User
) -> list[ReviewLook]:
    fresh = []
    for code, (found, note) in findings.items():
        _check_finding(found, note)
        last = before.households.get(code)
        if last is None or (last.found, last.note) != (found, note.strip()):
            more = {"household": code, "found": found, "note": note.strip(), "by": by}
            fresh.append(ReviewLook(sheet=sheet, declaration=declaration, **more))
    return fresh


def _check_finding(found: str, note: str) -> None:
    if found not in LookFound.values:
        raise Refused("found_unknown", "抽查的结果请从列出的里面选。", fields={"households": "不认识"})
    if len(note) > MAX_NOTE or (found == LookFound.DIFFERS and not note.strip()):
        raise Refused(
            "note_missing", f"抽查与申报不符的，请写明哪里不符，最多 {MAX_NOTE} 字。", fields={"households": "请写明"}
        )


@transaction.atomic
def approve(*, sheet: Sheet, opened: Collection[int], by: User | None, looked: bool = False) -> Review:
    """Approve a declared sheet. Refused while an exception has not been opened, now or in a look that still holds.

    With `looked` the drawn households must have been opened as well; they may not be found otherwise than declared in
    any case. The reviewer is the second person for entries that still wait for one, unless they recorded them themselves.
    """
    sheet = locked(sheet)
    _check(SheetAction.APPROVE, sheet)
    exceptions, declaration = exceptions_of(sheet), _declaration(sheet)
    known = look(sheet=sheet, opened=opened, households={}, by=by) if by else Looked(set(opened))
    drawn = draw_of(declaration).households if declaration and (looked or known.households) else []
    _check_looked(known, exceptions, drawn if looked else [])
    _check_contradictions(sheet)
    _confirm_waiting(exceptions, by=by)
    Sheet.objects.filter(pk=sheet.pk).update(state=SheetState.REVIEWED, version=F("version") + 1)
    marks.touch(sheet.period_id, [sheet.village_id])
    seen = [code for code in drawn if code in known.households]
    return _record(sheet, Decision.APPROVE, opened=[e.pk for e in exceptions], drawn=seen, by=by)


def _check_looked(known: Looked, exceptions: Collection[ScoreEvent], drawn: Collection[str]) -> None:
    unseen, not_asked = known.lacking(exceptions, drawn)
    if unseen:
        raise Refused("not_opened", f"还有 {len(unseen)} 条例外没有打开看过。", hint="请逐条打开后再通过。")
    if not_asked:
        raise Refused(
            "draw_not_opened",
            f"抽中的户还有 {len(not_asked)} 户没有打开看过。",
            hint="请打开每一户，选好看到的情况再通过。",
            fields={"households": f"{len(not_asked)} 户没有看"},
        )
    if known.differing:
        raise Refused(
            "found_otherwise",
            f"抽查发现 {known.differing} 户与申报不符，不能通过。",
            hint="请写明原因，退回给村里修改。",
        )


def _check_contradictions(sheet: Sheet) -> None:
    """What a department found and the declaration says nothing of is explained by the village first, or put on the sheet."""
    open_ones = [one for one in contradictions_of(sheet) if not is_explained(one)]
    if open_ones:
        raise Refused(
            "contradiction",
            f"有 {len(open_ones)} 件部门认定和申报不符，村里还没有说明，不能通过。",
            hint="请村里说明，或者退回：退回以后自动记到台账上。",
        )


def _confirm_waiting(exceptions: Collection[ScoreEvent], *, by: User | None) -> None:
    waiting = [event for event in exceptions if event.confirmed_at is None]
    own = [event for event in waiting if by and event.recorded_by_id == by.pk]
    if own:
        raise Refused("second_person", f"有 {len(own)} 条是您自己登记的，要由另一个人确认后才能通过。")
    ids = [event.pk for event in waiting]
    ScoreEvent.objects.pending().filter(pk__in=ids).update(confirmed_at=timezone.now(), confirmed_by=by)


@transaction.atomic
def return_sheet(*, sheet: Sheet, reason: str, opened: Collection[int] = (), by: User | None) -> Review:
    """Send a sheet back to the village with a reason; its declaration is withdrawn."""
    sheet = locked(sheet)
    reopen(sheet, SheetAction.RETURN, reason=reason)
    Sheet.objects.filter(pk=sheet.pk).update(version=F("version") + 1)
    marks.touch(sheet.period_id, [sheet.village_id])
    return _record(sheet, Decision.RETURN, reason=reason, opened=sorted(opened), by=by)


@transaction.atomic
def revoke(*, sheet: Sheet, reason: str, by: User | None) -> Review:
    """The county has a township review a sheet again, until it is posted. What was opened before must be opened again."""
    sheet = locked(sheet)
    _check(SheetAction.REVOKE, sheet)
    if not 0 < len(reason.strip()) <= MAX_NOTE:
        raise Refused("reason_missing", f"退回审核要写明原因，最多 {MAX_NOTE} 字。", fields={"reason": "请填写"})
    Sheet.objects.filter(pk=sheet.pk).update(state=SheetState.DECLARED, version=F("version") + 1)
    marks.touch(sheet.period_id, [sheet.village_id])
    return _record(sheet, Decision.REVOKE, reason=reason.strip(), opened=[], by=by)


def _declaration(sheet: Sheet) -> Declaration | None:
    return Declaration.objects.select_related("sheet").filter(sheet=sheet, withdrawn_at=None).first()


def _check(action: SheetAction, sheet: Sheet) -> None:
    refused = why_not(action, SheetState(sheet.state))
    if refused:
        raise Refused("sheet_state", refused, status=409)


def _tell(sheet: Sheet, review: Review) -> None:
    """What was sent back is told to the post that goes on with it."""
    about = [sheet.period_id, sheet.village_id]
    if review.decision == Decision.RETURN:
        tell("sheet.return", key=review.pk, to=[(Role.CADRE, sheet.village_id)], about=about)
    elif review.decision == Decision.REVOKE:
        tell("sheet.revoke", key=review.pk, to=[(Role.TOWNSHIP, township_of(sheet.village_id))], about=about)


def _record(
    sheet: Sheet,
    decision: Decision,
    *,
    opened: list[int],
    by: User | None,
    reason: str = "",
    drawn: Collection[str] = (),
) -> Review:
    review = Review.objects.create(
        sheet=sheet, decision=decision, reason=reason, opened=opened, drawn=list(drawn), by=by
    )
    _tell(sheet, review)
    audit.record(
        by, f"sheet.{decision.value}", place=sheet.village_id, subject=sheet, reason=reason, opened=len(opened)
    )
    return review
