"""A ticket of hotline, 红网 or mailbox that comes again under its old number with another text.

It is never filed twice and never lost: the new text becomes a supplement to the petition it belongs to, and what the table
of states allows is started: one that was answered is handled again, one that was reviewed goes into the final review.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from households.models import User
from households.operations import answered
from households.refusals import Refused
from households.words.keys import key
from petitions.models import Petition, Way
from petitions.models.events import MAX_TOLD
from petitions.states import FILER, SYSTEM, PetitionAction, PetitionState, transition
from petitions.steps import closing
from petitions.steps.history import last_at, take
from petitions.steps.step import Words

_REOPENED = (PetitionState.ANSWERED, PetitionState.CONFIRMED, PetitionState.CLOSED)
KEPT, HANDLED_AGAIN = "作为补充材料登记，原来的期限照常", "作为补充材料登记，重新办理，期限重新计算"
FINAL_REVIEW = "作为补充材料登记，进入复核"
DECIDE = "作为补充材料登记，不重新计时；要不要办理，请信访局决定"


@dataclass(frozen=True, slots=True)
class Ticket:
    """What came again: by which way, under which number, what it says, when it came in."""

    way: str
    number: str
    title: str
    text: str
    at: datetime

    @property
    def words(self) -> str:
        return f"{self.title}\n{self.text}"

    @property
    def op_id(self) -> UUID:
        """The same for the same words, however they are spaced: coming again once more, it is no news."""
        return uuid5(NAMESPACE_URL, f"resent:{self.way}:{key(self.number)}:{key(self.words)}")


def says_nothing_new(petition: Petition, ticket: Ticket) -> bool:
    """Whether it says what was filed, or what was taken in under this number before."""
    same = key(f"{petition.title}\n{petition.text}") == key(ticket.words)
    return same or ticket.op_id in answered([ticket.op_id])


def take_in(*, petition: Petition, ticket: Ticket, by: User | None) -> str:
    """Keep the new text with the petition, or with the one that it was merged into, and start what is due; says what was done.

    `by` None is the operator. Refused (409) when the content was erased.
    """
    found, done = _start(_standing(petition), ticket, by)
    absent = FILER if _goes_on(found) else SYSTEM
    for number, part in enumerate(_parts(ticket.words)):
        found = take(
            PetitionAction.SUPPLEMENT,
            op_id=uuid5(ticket.op_id, str(number)) if number else ticket.op_id,
            petition=found,
            by=by,
            absent=absent,
            words=Words(note=part),
            at=_at(found, ticket),
        )
    return done


def _standing(petition: Petition) -> Petition:
    while petition.merged_into is not None:
        petition = petition.merged_into
    return petition


def _start(petition: Petition, ticket: Ticket, by: User | None) -> tuple[Petition, str]:
    """Move the petition on where an answer was given already."""
    why = f"{Way(ticket.way).label} {ticket.number} 再次交来，内容与原来不同，见补充材料。"
    given: dict[str, Any] = {"petition": petition, "by": by, "note": why, "at": _at(petition, ticket)}
    if petition.status in _REOPENED:
        return closing.reopen(op_id=uuid5(ticket.op_id, "reopen"), **given), HANDLED_AGAIN
    if petition.status is PetitionState.REVIEWED:
        try:
            return closing.ask_final_review(op_id=uuid5(ticket.op_id, "final"), **given), FINAL_REVIEW
        except Refused as refusal:
            if refusal.code != "too_late":
                raise
    return petition, KEPT if _goes_on(petition) else DECIDE


def _goes_on(petition: Petition) -> bool:
    """Whether the filer may still add something: somebody is at work on it, or it waits for them."""
    return transition(PetitionAction.SUPPLEMENT, petition.status, FILER) is not None


def _at(petition: Petition, ticket: Ticket) -> datetime:
    """When it came in; what came in before the last step counts from that step."""
    return max(ticket.at, last_at(petition))


def _parts(words: str) -> list[str]:
    """As many lines of the history as the text needs."""
    return [words[start : start + MAX_TOLD] for start in range(0, len(words), MAX_TOLD)]
