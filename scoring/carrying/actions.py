"""Handing in what somebody else recorded without a line."""

from collections import Counter
from dataclasses import dataclass

from django.db import transaction

from households import audit
from households.models import User
from scoring.carrying.carried import read, receipts_file
from scoring.models import Sheet
from scoring.sheets.actions.sheets import apply_ops
from scoring.sheets.ops import Status
from scoring.sheets.reads import event_item, place_in_reach
from scoring.sheets.receipts import answered_item


@dataclass(frozen=True)
class HandedIn:
    """What whoever carried it may know: whose it is, and how many operations became what. `receipts` goes back."""

    author: str
    village: str
    month: str
    taken: int
    others: int
    receipts: bytes


@transaction.atomic
def hand_in(*, data: bytes, by: User) -> HandedIn:
    """Carry out the operations of a file in the name of whoever recorded them; sent twice, they are answered the same.

    Refused when the file cannot be read (`carried.read`); 404 when the village is not the bearer's, or not its author's any more.
    """
    found = read(data)
    village = place_in_reach(by, found.village, found.month).village
    place_in_reach(found.author, found.village, found.month)
    done = apply_ops(month=found.month, village=village, raws=found.ops, base_version=found.base, by=found.author)
    where = {"month": found.month, "village": found.village}
    results = [
        answered_item(outcome, raw, done=done.answered, **where)
        for outcome, raw in zip(done.outcomes, found.ops, strict=True)
    ]
    events = [event_item(event, by=found.author, state=done.state) for event in done.events]
    answer = {"book": f"{found.month} {found.village}", "version": done.version, "results": results, "events": events}
    became = Counter(outcome.status in (Status.APPLIED, Status.EXISTS) for outcome in done.outcomes)
    sheet = Sheet.objects.get(period=found.month, village=village)
    audit.record(
        by, "sheet.carry", place=village.code, subject=sheet, author=found.author.username, operations=len(found.ops)
    )
    receipts = receipts_file(answer, found.reply)
    name = found.author.display_name
    return HandedIn(name, village.name, found.month, became[True], became[False], receipts)
