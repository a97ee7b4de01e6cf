"""``GET /metrics`` for Prometheus: to named addresses that ask directly, or with a token; to all others there is no such page."""

import ipaddress
import secrets

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from dongkou.watching.counted import counters
from dongkou.watching.gathered import gathered
from households.attempts import FORWARDED

BEARER = "Bearer "


def may_ask(request: HttpRequest) -> bool:
    """Whether this is a monitoring system. Whoever comes through a proxy needs the token: the proxy's address is no name."""
    said = request.headers.get("Authorization", "")
    token: str = settings.METRICS_TOKEN
    if token and said.startswith(BEARER):
        return secrets.compare_digest(said.removeprefix(BEARER).encode(), token.encode())
    if FORWARDED in request.META:
        return False
    try:
        address = ipaddress.ip_address(str(request.META.get("REMOTE_ADDR", "")))
    except ValueError:
        return False
    known = getattr(address, "ipv4_mapped", None) or address
    return any(known in network for network in settings.METRICS_FOR)


@never_cache
@require_safe
def metrics(_request: HttpRequest) -> HttpResponse:
    """Requests as all processes of this server counted them, and the rest as it is now."""
    body = generate_latest(counters()) + generate_latest(gathered())
    return HttpResponse(body, content_type=CONTENT_TYPE_LATEST)
