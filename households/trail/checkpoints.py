"""How far the trail was found whole before: what need not be looked at again."""

from households.models import AuditEvent, TrailSeal
from households.trail.macs import audit_text, fits

CHECKED = "trail.check"  # the audit line of a check that found nothing wrong; its mac makes it nobody else's word
_LOOKED_AT = 5  # such lines; whoever writes false ones has every line looked at, no more
FIELDS = ("at", "actor", "role", "action", "place", "subject", "detail", "session", "mac")


def checked_upto() -> int:
    """The last line of the trail below which everything was found whole and explained; 0 before the first check.

    Believed only with the keyed digest of its audit line, and with the seal that stood there then.
    """
    for *fields, mac in AuditEvent.objects.filter(action=CHECKED).order_by("-pk").values_list(*FIELDS)[:_LOOKED_AT]:
        detail = fields[FIELDS.index("detail")]
        if (
            fits(audit_text(fields), mac)
            and TrailSeal.objects.filter(upto=detail["upto"], head=detail["head"]).exists()
        ):
            return int(detail["upto"])
    return 0
