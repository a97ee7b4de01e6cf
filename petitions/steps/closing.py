"""How it ends: confirmed by the filer, closed, reopened, reviewed, withdrawn; and what the filer thinks of it.

`by` None is the filer (their page, by plate and PIN or number and code) in confirm, reopen, ask_review, ask_final_review,
withdraw, supplement and rate; in close it is the schedule. The unit that handles has none of these.
"""

from datetime import datetime
from uuid import UUID

from households.models import User
from households.refusals import Refused
from petitions.clocks import deadlines
from petitions.models import Petition, RatedSubject, Rating, ReviewOutcome, Score, Via
from petitions.states import FILER, PetitionAction
from petitions.steps.handling import rounds
from petitions.steps.history import take
from petitions.steps.step import Step, Words


def confirm(*, op_id: UUID, petition: Petition, note: str = "", at: datetime | None = None) -> Petition:
    """answered or reviewed -> confirmed: the filer says that it is solved. Nobody else can."""
    return take(
        PetitionAction.CONFIRM, op_id=op_id, petition=petition, by=None, absent=FILER, words=Words(note=note), at=at
    )


def close(
    *,
    op_id: UUID,
    petition: Petition,
    by: User | None,
    told: str = "",
    note: str = "",
    seen: int | None = None,
    at: datetime | None = None,
) -> Petition:
    """-> closed: after the filer's confirmation, or once the time to object (or to ask for a final review) is over."""
    return take(PetitionAction.CLOSE, op_id=op_id, petition=petition, by=by, words=Words(told, note), seen=seen, at=at)


def reopen(
    *,
    op_id: UUID,
    petition: Petition,
    by: User | None,
    note: str,
    told: str = "",
    seen: int | None = None,
    at: datetime | None = None,
) -> Petition:
    """answered, confirmed or closed -> assigned, to the same units: "not solved", `note` says what is not."""

    def act(found: Petition, step: Step) -> None:
        step.data |= deadlines.promised_days(found.content)

    return take(
        PetitionAction.REOPEN,
        op_id=op_id,
        petition=petition,
        by=by,
        act=act,
        absent=FILER,
        words=Words(told, note),
        seen=seen,
        at=at,
    )


def ask_review(
    *, op_id: UUID, petition: Petition, by: User | None, note: str, seen: int | None = None, at: datetime | None = None
) -> Petition:
    """answered or closed -> reviewing, within 30 days of the answer. The petition office enters one made on paper."""
    return take(
        PetitionAction.ASK_REVIEW,
        op_id=op_id,
        petition=petition,
        by=by,
        absent=FILER,
        words=Words(note=note),
        seen=seen,
        at=at,
    )


def review(
    *,
    op_id: UUID,
    petition: Petition,
    by: User,
    outcome: str,
    told: str,
    note: str = "",
    seen: int | None = None,
    at: datetime | None = None,
) -> Petition:
    """reviewing -> reviewed: the opinion (复查意见书); `outcome` is a `ReviewOutcome`."""
    data = {"outcome": _outcome(outcome)}
    return take(
        PetitionAction.REVIEW,
        op_id=op_id,
        petition=petition,
        by=by,
        data=data,
        words=Words(told, note),
        seen=seen,
        at=at,
    )


def ask_final_review(
    *, op_id: UUID, petition: Petition, by: User | None, note: str, seen: int | None = None, at: datetime | None = None
) -> Petition:
    """reviewed -> final_reviewing, within 30 days of the review."""
    return take(
        PetitionAction.ASK_FINAL_REVIEW,
        op_id=op_id,
        petition=petition,
        by=by,
        absent=FILER,
        words=Words(note=note),
        seen=seen,
        at=at,
    )


def final_review(
    *,
    op_id: UUID,
    petition: Petition,
    by: User,
    outcome: str,
    told: str,
    note: str = "",
    seen: int | None = None,
    at: datetime | None = None,
) -> Petition:
    """final_reviewing -> final (复核意见书): the end of the petition procedure."""
    data = {"outcome": _outcome(outcome)}
    return take(
        PetitionAction.FINAL_REVIEW,
        op_id=op_id,
        petition=petition,
        by=by,
        data=data,
        words=Words(told, note),
        seen=seen,
        at=at,
    )


def _outcome(outcome: str) -> str:
    if outcome not in ReviewOutcome.values:
        raise Refused("outcome_missing", "请选择维持还是改变原处理意见。", fields={"outcome": "必填"})
    return outcome


def withdraw(*, op_id: UUID, petition: Petition, note: str, at: datetime | None = None) -> Petition:
    """-> withdrawn, by the filer alone, while nobody has answered yet."""
    return take(
        PetitionAction.WITHDRAW, op_id=op_id, petition=petition, by=None, absent=FILER, words=Words(note=note), at=at
    )


def supplement(*, op_id: UUID, petition: Petition, by: User | None, note: str, at: datetime | None = None) -> Petition:
    """The filer adds something; or the petition office, what they said on the telephone."""
    return take(
        PetitionAction.SUPPLEMENT, op_id=op_id, petition=petition, by=by, absent=FILER, words=Words(note=note), at=at
    )


def rate(
    *,
    op_id: UUID,
    petition: Petition,
    by: User | None,
    subject: str,
    score: str,
    comment: str = "",
    at: datetime | None = None,
) -> Petition:
    """Judge the last answer, once for each `RatedSubject`: by the filer, or as they told the petition office on a call-back.

    A call-back needs the `comment`: what the filer said. The petition office does not call back about itself.
    """
    if subject not in RatedSubject.values or score not in Score.values:
        raise Refused("invalid", "请选择评价对象和满意程度。", fields={"score": "必填"})
    if by is not None and subject == RatedSubject.OFFICE:
        raise Refused(
            "own_rating", "对信访部门的评价只能由来信人自己填写。", fields={"subject": "不能代填"}, status=403
        )

    def act(found: Petition, step: Step) -> None:
        step.data = {"round": rounds(found), "subject": subject, "score": score}
        _keep_rating(found, step, comment.strip())

    data = {"subject": subject, "score": score}
    return take(
        PetitionAction.RATE,
        op_id=op_id,
        petition=petition,
        by=by,
        absent=FILER,
        words=Words(note=comment),
        data=data,
        at=at,
        act=act,
    )


def _keep_rating(petition: Petition, step: Step, comment: str) -> None:
    if Rating.objects.filter(petition=petition, round=step.data["round"], subject=step.data["subject"]).exists():
        raise Refused("rated_already", "这次答复已经评价过。", hint="重新办理并再次答复后可以再评价。", status=409)
    via = Via.CALL_BACK if step.by else Via.PAGE
    rating = Rating(petition=petition, via=via, comment=comment, at=step.at, by=step.by, **step.data)
    rating.save(force_insert=True)
