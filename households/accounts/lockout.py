"""How long an account stays locked after failed sign-ins. django-axes counts; this reads and clears its counters.

The counters hold a keyed digest instead of what was typed: people type their password into the wrong box.
"""

import math
from typing import Any

from axes.models import AccessAttempt
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from households.models import User


def digest_of(username: str) -> str:
    """What the counters know of a user name."""
    return salted_hmac("households.lockout", username).hexdigest()


def counted_name(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """AXES_USERNAME_CALLABLE: whose failures these are."""
    typed = (credentials or {}).get("username") or request.POST.get("username") or ""
    return digest_of(str(typed))


def minutes_left(name_digest: str, address: str | None) -> int:
    """Whole minutes, rounded up and at least 1, until the account may be tried again from this address."""
    attempts = AccessAttempt.objects.filter(username=name_digest, ip_address=address)
    latest = attempts.order_by("-attempt_time").values_list("attempt_time", flat=True).first()
    if latest is None:
        return math.ceil(settings.AXES_COOLOFF_TIME.total_seconds() / 60)
    left = latest + settings.AXES_COOLOFF_TIME - timezone.now()
    return max(1, math.ceil(left.total_seconds() / 60))


def unlock(user: User) -> None:
    """Forget the failures counted against an account: its owner just got a new password."""
    AccessAttempt.objects.filter(username=digest_of(user.username)).delete()
