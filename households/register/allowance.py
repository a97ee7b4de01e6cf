"""How many names and telephones an official may see in full in a day: enough for the work, too few for a list of people.

Counted by the lines of the day in the audit log, whichever door they came through.
"""

from django.conf import settings
from django.utils import timezone

from households import audit
from households.models import AuditEvent, User
from households.refusals import Refused
from households.sql import run

LIMIT = "household.unmask_limit"
_COUNTED = ("household.unmask", "household.name", "petition.unmask")


def left(user: User) -> int:
    """How many this person may still see today."""
    return max(0, settings.UNMASK_DAILY - _used(user))


def spend(by: User, number: int) -> None:
    """Refuse (429) more than are left today; who spends the last one is told to those who watch. In the caller's transaction,
    before the lines that count: two at once of one person wait for one another.
    """
    run("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"households.allowance.{by.pk}"])
    used, most = _used(by), settings.UNMASK_DAILY
    if used + number > most:
        hint = f"今天还能看 {max(0, most - used)} 次，明天重新算。确有急事，请让同事查，或者通过村里联系。"
        raise Refused("unmask_limit", f"一个人一天最多看 {most} 次完整的姓名和电话。", hint=hint, status=429)
    if number and used + number == most:
        audit.record(by, LIMIT, place=by.division_id or "", subject=by.username, most=most)


def _used(user: User) -> int:
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    lines = AuditEvent.objects.filter(at__gte=midnight, actor=user.username, action__in=_COUNTED)
    return lines.count()
