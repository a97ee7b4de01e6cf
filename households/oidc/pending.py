"""Who the provider named for an account that is to be bound: waits in its owner's session for some minutes, until they say yes."""

import time
from typing import TypedDict

from django.http import HttpRequest

from households.oidc.provider import Claims, Provider
from households.refusals import Refused

_KEY = "identity_to_bind"
_SECONDS = 10 * 60


class Pending(TypedDict):
    """`name` is what the provider calls the person, for them to know themselves again; `at` in seconds."""

    issuer: str
    claim: str
    subject: str
    name: str
    at: int


def remember(request: HttpRequest, provider: Provider, claims: Claims) -> None:
    """Keep whom the claims name. Refused when they name nobody by the claim that is asked for."""
    subject = provider.names(claims)
    if not subject:
        hint = "请告诉机房：身份认证返回的内容里没有约定的那一项（DONGKOU_OIDC_CLAIM）。"
        raise Refused("nobody_named", f"{provider.label}没有说明您是谁。", hint=hint, status=403)
    name = claims.get("name") or claims.get("preferred_username") or ""
    kept = Pending(
        issuer=provider.issuer, claim=provider.claim, subject=subject, name=str(name)[:50], at=int(time.time())
    )
    request.session[_KEY] = kept


def pending(request: HttpRequest, provider: Provider) -> Pending | None:
    """Whom the provider named a short while ago."""
    kept: Pending | None = request.session.get(_KEY)
    if not kept or time.time() - kept["at"] > _SECONDS:
        return None
    return kept if (kept["issuer"], kept["claim"]) == (provider.issuer, provider.claim) else None


def forget(request: HttpRequest) -> None:
    """It was bound, or is not wanted."""
    request.session.pop(_KEY, None)
