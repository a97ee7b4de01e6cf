"""What is said at a reception is written down: one record through one door, on line or from a telephone that was off line."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.utils import timezone

from households.models import User
from households.operations import Answer, once
from households.refusals import Refused
from petitions.filing.actions import filing as filings
from petitions.filing.asked import Filing
from petitions.filing.codes import new_code
from petitions.models import (
    Petition,
    PetitionEvent,
    Promise,
    Reception,
    ReceptionItem,
    ReceptionOutcome,
    ReceptionRecord,
    Way,
)
from petitions.promises.actions import promises
from petitions.promises.actions.promises import Promised
from petitions.reception_states import ReceptionState
from petitions.receptions.actions.lists import accusing, append
from petitions.receptions.actions.planning import check_may_run, held_by_record, locked_reception
from petitions.states import PetitionAction
from petitions.steps import history
from petitions.steps.history import take
from petitions.steps.step import Words

ON_THE_SPOT = (Way.VISIT, Way.ENTERPRISE)  # how a matter that comes up at a reception comes in
ABSENT_WORDS = "来访人没有来。"


@dataclass(frozen=True)
class MadeRecord:
    """A record and what it made. `code` is the filer's for a new matter, else empty."""

    record: ReceptionRecord
    petition: Petition
    promise: Promise | None
    code: str = ""

    @property
    def listed(self) -> bool:
        """Whether the petition stands on the reception's list: not when it accuses who was there."""
        return self.record.item_id is not None


def record_on_the_spot(
    *,
    op_id: UUID,
    reception: Reception,
    by: User,
    outcome: str,
    note: str,
    petition: Petition | None = None,
    filing: Filing | None = None,
    told: str = "",
    promise: Promised | None = None,
    at: datetime | None = None,
    seen: int | None = None,
) -> MadeRecord:
    """Write down what was said about one petition, or about a new matter (`filing`), once for `op_id`.

    `note` is what was said and decided, inside; `told` is for the filer. `at` is when it was said: a record that was
    made off line may come in late, and one about a petition that has gone on meanwhile (or whose `seq` is no longer
    `seen`), or for a reception that was called off, is kept and marked `moved_on`, never refused for that. A clock that
    runs ahead is taken as now. `promise` goes with the outcome "promise" and with no other.

    Refused 403 for who does not run these days or must keep away, 404 for a petition out of sight, 422 with `fields`
    for what is missing; a refusal is final for its `op_id`: send what was put right under a new one.
    """
    check_may_run(by, reception.place_id)
    words = _words(outcome, note, promise)
    _check_one(petition, filing)

    def act() -> Answer:
        found = locked_reception(reception)
        said = _Saying(op_id, found, by, outcome, words, told, min(at or timezone.now(), timezone.now()), seen)
        line = _write(said, petition or _file(said, filing))
        made = _promise(said, line, promise) if promise else None
        record = _keep(said, line, on_the_spot=filing is not None)
        held_by_record(found, by)
        return {"record": record.pk, "promise": made and made.pk}

    about = [petition and petition.pk, filing and _told_of(filing)]
    payload = [reception.pk, about, outcome, note, told, promise and vars(promise)]
    answer = once(op_id=op_id, by=by, kind="reception.record", payload=payload, act=act)
    return _recorded(answer, new_code(_part(op_id, "file")) if filing else "")


@dataclass(frozen=True, slots=True)
class _Saying:
    """What was said, with the reception's row locked; `at` never in the future."""

    op_id: UUID
    reception: Reception
    by: User
    outcome: str
    note: str
    told: str
    at: datetime
    seen: int | None

    def part(self, name: str) -> UUID:
        return _part(self.op_id, name)


@dataclass(frozen=True, slots=True)
class _Line:
    """What stands in the petition's history now; `moved_on` when the history had gone further than what was said."""

    petition: Petition
    event: PetitionEvent
    moved_on: bool


def _recorded(answer: Answer, code: str) -> MadeRecord:
    record = ReceptionRecord.objects.select_related("petition__place", "event", "reception").get(pk=answer["record"])
    made = Promise.objects.select_related("made").filter(pk=answer["promise"] or 0).first()
    return MadeRecord(record, record.petition, made, code)


def _words(outcome: str, note: str, promise: Promised | None) -> str:
    """What was said, or the one thing that needs no words; refused for what does not fit together."""
    if outcome not in ReceptionOutcome.values:
        raise Refused("outcome_missing", "请选择接访结果。", fields={"outcome": "必填"})
    if (outcome == ReceptionOutcome.PROMISE) != (promise is not None):
        reason = "请写明承诺的内容、责任人和日期。" if promise is None else "有承诺的，结果请选“作出承诺”。"
        raise Refused("promise_missing", reason, fields={"promise": "与结果不符"})
    words = note.strip() or (ABSENT_WORDS if outcome == ReceptionOutcome.ABSENT else "")
    if not words:
        raise Refused("note_missing", "请写明说了什么、当场怎么定的。", fields={"note": "必填"})
    return words


def _check_one(petition: Petition | None, filing: Filing | None) -> None:
    if (petition is None) == (filing is None):
        raise Refused("petition_missing", "请选一件信访，或登记一件新的。", fields={"petition": "必填"})
    if filing is not None and filing.way not in ON_THE_SPOT:
        raise Refused("invalid", "接访时登记的，来源应是来访或企业表单。", fields={"way": "不属于接访"})


def _file(said: _Saying, filing: Filing | None) -> Petition:
    assert filing is not None
    return filings.file(op_id=said.part("file"), filing=filing, by=said.by, at=said.at).petition


def _write(said: _Saying, petition: Petition) -> _Line:
    """The line in the petition's history: at the time it was said, or now when the history has gone further than that."""
    standing = history.locked(petition)
    late = said.at < history.last_at(standing)
    data: dict[str, Any] = {"reception": said.reception.pk, "result": said.outcome}
    if late:
        data["said"] = timezone.localtime(said.at).isoformat(timespec="minutes")
    moved = take(
        PetitionAction.RECEIVE,
        op_id=said.part("line"),
        petition=petition,
        by=said.by,
        words=Words(said.told, said.note),
        data=data,
        at=None if late else said.at,
    )
    event = PetitionEvent.objects.get(petition=moved, seq=moved.seq)
    return _Line(moved, event, late or (said.seen is not None and said.seen != standing.seq))


def _promise(said: _Saying, line: _Line, promised: Promised) -> Promise:
    return promises.make(
        op_id=said.part("promise"),
        petition=line.petition,
        by=said.by,
        promised=promised,
        reception=said.reception,
        at=line.event.at,
        said_on=timezone.localdate(said.at),
    )


def _keep(said: _Saying, line: _Line, *, on_the_spot: bool) -> ReceptionRecord:
    """The record itself, on the list's row of the petition; put on the list when it was not there and may be."""
    reception = said.reception
    item = ReceptionItem.objects.filter(reception=reception, petition=line.petition, removed_at=None).first()
    if item is None and not accusing(reception, [line.petition]):
        item = append(reception, line.petition, said.by)
    record = ReceptionRecord(
        op_id=said.op_id,
        reception=reception,
        petition=line.petition,
        item=item,
        event=line.event,
        outcome=said.outcome,
        said_at=said.at,
        on_the_spot=on_the_spot,
        moved_on=line.moved_on or reception.status in (ReceptionState.CANCELLED, ReceptionState.FOLLOWED_UP),
    )
    record.save(force_insert=True)
    return record


def _part(op_id: UUID, name: str) -> UUID:
    """The id of one of the writes that a record is made of."""
    return uuid5(op_id, f"record:{name}")


def _told_of(filing: Filing) -> dict[str, Any]:
    given = {name: value for name, value in vars(filing).items() if name not in ("household", "case")}
    return given | {"household": filing.household and filing.household.code, "case": filing.case and filing.case.pk}
