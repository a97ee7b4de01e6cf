"""Who writes in this browser, so that a form can still be told its writer's when the session has run out (ADR 29).

A signed cookie says who was here, account or plate by its key, with which token in their forms; it opens nothing. The token
changes with every sign-in, so a form that one person left open is never taken for the next one's. Whoever leaves takes it away.
"""

import hashlib
import json
import string

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse

from households.models import User
from households.sessions import cookie_name, opened

COOKIE = "dongkou_writer"
MAX_SIGN_INS = 6  # sign-ins of one browser that are remembered
_SIGNS, _SECRET = string.ascii_letters + string.digits, 32  # what Django's tokens are made of
_signer = Signer(salt="households.drafts.writers")


def present(request: HttpRequest) -> list[str]:
    """Who asks: `account:17` of the person signed in, `household:33` of a plate whose session is open, and so on."""
    user = request.user
    account = [f"account:{user.pk}"] if isinstance(user, User) else []
    return account + opened(request)


def of_form(request: HttpRequest, kind: str) -> str:
    """`account:17`, `household:33`: who was here when the form that came was made; empty when nobody knows, or they left."""
    owners = _known(request).get(_digest(request), [])
    return next((owner for owner in owners if owner.startswith(f"{kind}:")), "")


def note(request: HttpRequest, response: HttpResponse) -> None:
    """Let the browser remember who is here and who just came in. Asks the database nothing."""
    account = request.session.get(SESSION_KEY) if request.session.accessed else None
    here = [f"account:{account}"] if account else []
    here += [str(response.opened)] if hasattr(response, "opened") else []
    token, known = _digest_of(request.META.get("CSRF_COOKIE", "")), _known(request)
    sent = _digest_of(request.COOKIES.get(settings.CSRF_COOKIE_NAME, ""))
    others = [owner for owner in known.get(sent, []) if not _replaced(owner, here) and token != sent]
    owners = sorted({*here, *others, *known.get(token, [])})
    if not token or not here or owners == known.get(token):
        return
    kept = {token: owners, **{other: known[other] for other in known if other != token}}
    secure = bool(settings.SESSION_COOKIE_SECURE)
    signed = _signer.sign(json.dumps(dict(list(kept.items())[:MAX_SIGN_INS])))
    response.set_cookie(cookie_name(COOKIE), signed, secure=secure, httponly=True, samesite="Lax")


def _replaced(owner: str, here: list[str]) -> bool:
    """Whether somebody else is here now in their place. Whose session is of another kind may still be."""
    kind = owner.partition(":")[0]
    return kind == "account" or any(other.startswith(f"{kind}:") for other in here)


def forget(response: HttpResponse) -> None:
    """Everybody has left."""
    response.delete_cookie(cookie_name(COOKIE), samesite="Lax")


def _known(request: HttpRequest) -> dict[str, list[str]]:
    """The newest first."""
    try:
        return dict(json.loads(_signer.unsign(request.COOKIES.get(cookie_name(COOKIE), ""))))
    except (BadSignature, ValueError):
        return {}


def _digest(request: HttpRequest) -> str:
    """Of the token that the form carried, with its mask taken off."""
    return _digest_of(request.POST.get("csrfmiddlewaretoken") or request.headers.get("X-CSRFToken", ""))


def _digest_of(token: str) -> str:
    if len(token) not in (_SECRET, 2 * _SECRET) or not set(token) <= set(_SIGNS):
        return ""
    mask, secret = token[:-_SECRET], token[-_SECRET:]
    if mask:  # as Django masks it: each sign is moved on by one of the mask
        secret = "".join(_SIGNS[_SIGNS.index(sign) - _SIGNS.index(by)] for sign, by in zip(secret, mask, strict=True))
    return hashlib.sha256(f"writer {secret}".encode()).hexdigest()[:24]
