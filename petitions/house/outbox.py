"""What petitions tell filers, in fixed words that name no matter; and the telephone that they gave."""

from households.outbox.kinds import OutboxKind, register
from households.outbox.reads import wants_sms
from households.sms import recipients
from petitions.models import Petition

KINDS = (
    OutboxKind("petition.answered", "信访有答复", "您反映的事有答复了。"),
    OutboxKind("petition.told", "信访有话告诉来信人", "您反映的事有新的说明，可能要您补充。"),
    OutboxKind("petition.due_moved", "信访的期限有变", "您反映的事，办理期限有变动。"),
)


def phone_of(number: str) -> str | None:
    """What the filer gave, empty without one; None for what has become an accusation, or where the household wants no SMS."""
    found = Petition.objects.filter(number=number).first()
    if found is None:
        return ""
    closed = found.is_accusation or found.against_office
    unwanted = found.household_id is not None and not wants_sms(found.household_id)
    return None if closed or unwanted else str(found.filer_phone)


def speak() -> None:
    """Have the kinds known, and whom to ask for a number."""
    register(*KINDS)
    recipients.register(phone_of)
