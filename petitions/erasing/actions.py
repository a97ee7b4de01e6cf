"""What people wrote goes: at their wish, where the law allows it, and by itself when the time of keeping is over.

Number, dates, states and figures stay. Every action takes `op_id`, `petition`, `by`, `seen` and `at` as
`petitions.steps.history.take` explains them.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.apps import apps
from django.db import transaction
from django.utils import timezone

from households.models import User
from households.outbox import actions as outbox
from households.refusals import Refused
from households.sql import column, run
from petitions.erasing.rules import Extent, allowed, expired, most_erasable
from petitions.models import Petition
from petitions.states import FILER, PetitionAction
from petitions.steps.history import take
from petitions.steps.step import Step, Words

GONE = "（内容已清除）"
NAMELESS = "（已清除）"
# Every table that holds words about a petition, and what becomes of them with the petition's text: a column and what it
# then holds, or nothing at all. `tests/petitions/erasing/test_plan.py` finds a table or column that is missing here.
EMPTIED: dict[str, dict[str, Any]] = {
    "PetitionEvent": {"told": None, "note": None},
    "Rating": {"comment": None},
    "Promise": {"person": None},
    "Publication": {"reason": None},
}
DELETED: tuple[str, ...] = ("Attachment", "PetitionWords")
# A public copy is taken back, as if its filer had asked for it.
WITHDRAWN: dict[str, Any] = {"title": "", "text": "", "answer": "", "reason": None}


def hold(*, op_id: UUID, petition: Petition, by: User, note: str, seen: int | None = None) -> Petition:
    """Keep the whole matter from being erased: a court case, an inquiry; `note` says which. Any state."""

    def act(found: Petition, step: Step) -> None:
        step.changes["held"] = True

    return take(PetitionAction.HOLD, op_id=op_id, petition=petition, by=by, words=Words(note=note), seen=seen, act=act)


def release(*, op_id: UUID, petition: Petition, by: User, note: str, seen: int | None = None) -> Petition:
    """It need not be kept any longer."""

    def act(found: Petition, step: Step) -> None:
        step.changes["held"] = False

    return take(
        PetitionAction.RELEASE, op_id=op_id, petition=petition, by=by, words=Words(note=note), seen=seen, act=act
    )


def ask_erasure(*, op_id: UUID, petition: Petition, note: str) -> Petition:
    """The filer asks; refused at once, with the reason, when nothing may go."""

    def act(found: Petition, step: Step) -> None:
        most_erasable(found).refuse()
        step.changes["erasure_asked_at"] = step.at

    return take(
        PetitionAction.ASK_ERASURE,
        op_id=op_id,
        petition=petition,
        by=None,
        absent=FILER,
        words=Words(note=note),
        act=act,
    )


def refuse_erasure(*, op_id: UUID, petition: Petition, by: User, told: str, seen: int | None = None) -> Petition:
    """The petition office keeps it; `told` gives the filer the reason."""

    def act(found: Petition, step: Step) -> None:
        step.changes["erasure_asked_at"] = None

    return take(
        PetitionAction.REFUSE_ERASURE, op_id=op_id, petition=petition, by=by, words=Words(told), seen=seen, act=act
    )


@transaction.atomic
def erase(*, op_id: UUID, petition: Petition, by: User | None, extent: str, seen: int | None = None) -> Petition:
    """Empty what `extent` names. The petition office, at the filer's wish; `by` None is the schedule, when time is over.

    The line in the history holds no words of its own: they would have to go as well.
    """

    def act(found: Petition, step: Step) -> None:
        _check_extent(found, by, extent)
        step.changes |= _emptied(found, Extent(extent), step.at)

    data = {"extent": extent, "why": "asked" if by else "expired"}
    moved = take(PetitionAction.ERASE, op_id=op_id, petition=petition, by=by, data=data, seen=seen, act=act)
    _empty_the_rest(moved, Extent(extent))
    return moved


def _check_extent(petition: Petition, by: User | None, extent: str) -> None:
    if by is None:
        if extent not in (Extent.ALL, Extent.PAPERS) or not expired(Extent(extent)).filter(pk=petition.pk).exists():
            raise Refused("not_expired", "保存期还没有满。", status=409)
        return
    most_erasable(petition).refuse()
    if extent not in allowed(petition):
        raise Refused("extent_too_wide", most_erasable(petition).why, fields={"extent": "不能清除这么多"})


def _emptied(petition: Petition, extent: Extent, at: datetime) -> dict[str, Any]:
    """The columns of the petition's own row, as they are from now on."""
    changes: dict[str, Any] = {"erasure_asked_at": None} if extent is not Extent.PAPERS else {}
    if extent is not Extent.PAPERS and petition.contact_erased_at is None:
        changes |= {"filer_name": "", "filer_phone": "", "filer_key": "", "household": None, "contact_erased_at": at}
    if extent is not Extent.CONTACT and petition.papers_erased_at is None:
        changes["papers_erased_at"] = at
    if extent is Extent.ALL:
        enterprise = NAMELESS if petition.enterprise else ""
        changes |= {"title": GONE, "text": "", "enterprise": enterprise, "external_link": "", "erased_at": at}
    return changes


def _empty_the_rest(petition: Petition, extent: Extent) -> None:
    if extent is Extent.CONTACT:
        return
    for name in DELETED if extent is Extent.ALL else ("Attachment",):
        rows_of(name, [petition]).delete()
    if extent is Extent.ALL:
        outbox.erase(petitions=[petition.number])
        rows_of("Publication", [petition]).filter(withdrawn_at=None).update(withdrawn_at=timezone.now(), **WITHDRAWN)
        for name, columns in EMPTIED.items():
            rows_of(name, [petition]).update(**columns)


def rows_of(name: str, petitions: Iterable[Petition]) -> Any:
    """The rows that a table of the plan holds about these petitions."""
    return apps.get_model("petitions", name)._default_manager.filter(petition__in=petitions)


def erase_expired(now: datetime | None = None, *, dry_run: bool = False) -> dict[Extent, list[str]]:
    """Erase whatever has been kept long enough; returns the numbers by what went, or would go in a `dry_run`.

    Petition by petition, each in its own transaction: broken off, the next run goes on. Refused (409) while another run
    is under way.
    """
    moment = now or timezone.now()
    with _alone():
        return {extent: list(_erase_all(extent, moment, dry_run)) for extent in (Extent.ALL, Extent.PAPERS)}


def _erase_all(extent: Extent, now: datetime, dry_run: bool) -> Iterator[str]:
    for petition in list(expired(extent, now).only("pk", "number").order_by("pk")):
        if dry_run or erase_one(petition, extent):
            yield petition.number


def erase_one(petition: Petition, extent: Extent) -> bool:
    """As the schedule does it; False when it is not to be erased any more."""
    op_id = uuid5(NAMESPACE_URL, f"dongkou:petition:{petition.number}:erase:{extent}")
    try:
        erase(op_id=op_id, petition=petition, by=None, extent=extent)
    except Refused:  # it has moved on, or was held, since the list was made
        return False
    return True


_LOCK = "SELECT pg_try_advisory_lock(hashtextextended('petitions erase', 0))"
_UNLOCK = "SELECT pg_advisory_unlock(hashtextextended('petitions erase', 0))"


@contextmanager
def _alone() -> Iterator[None]:
    if column(_LOCK) != [True]:
        raise Refused("erasing_already", "另一次清除正在进行。", hint="请等它结束。", status=409)
    try:
        yield
    finally:
        run(_UNLOCK)
