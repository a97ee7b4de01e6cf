"""The way to the provider and back: authorization code with PKCE, state and nonce (RFC 6749, 7636, 9207).

What must be known again on the way back lies signed in a cookie of this browser, for ten minutes and for one answer: whoever
comes back with another state, or in another browser, comes to nothing.
"""

from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import TypedDict
from urllib.parse import urlencode

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.crypto import constant_time_compare, get_random_string

from households.oidc import asking, metadata, tokens
from households.oidc.provider import Claims, Provider
from households.sessions import cookie_name

COOKIE = "dongkou_oidc"
SECONDS = 10 * 60
SIGNS = 64  # of letters and digits: what RFC 7636 lets a verifier hold
_SALT = "households.oidc.flow"


class SignInBegun(TypedDict):
    """`user` is the account that is to be bound, 0 when somebody wants to come in; `next` a page of ours."""

    state: str
    nonce: str
    verifier: str
    user: int
    next: str


class NotAnswered(Exception):
    """What came back is no answer to what this browser was sent for."""


def back_url() -> str:
    """Where the provider sends people back to, as the operator has registered it there."""
    return settings.PUBLIC_URL + reverse("oidc-back")


def begin(provider: Provider, *, user: int = 0, onward: str = "/") -> tuple[str, SignInBegun]:
    """Where to send the browser, and what it has to keep. Raises Away."""
    kept = SignInBegun(
        state=get_random_string(SIGNS),
        nonce=get_random_string(SIGNS),
        verifier=get_random_string(SIGNS),
        user=user,
        next=onward,
    )
    asked = {
        "response_type": "code",
        "client_id": provider.client,
        "redirect_uri": back_url(),
        "scope": provider.scope,
        "state": kept["state"],
        "nonce": kept["nonce"],
        "code_challenge": _challenge(kept["verifier"]),
        "code_challenge_method": "S256",
    }
    if provider.asked_for:
        asked["acr_values"] = " ".join(provider.asked_for)
    address = metadata.endpoint(provider, "authorization_endpoint")
    return f"{address}{'&' if '?' in address else '?'}{urlencode(asked)}", kept


def _challenge(verifier: str) -> str:
    """Its digest, which the provider keeps until the verifier itself comes with the code."""
    return urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def keep(response: HttpResponse, kept: SignInBegun) -> None:
    """Let the browser keep it. It must come along when another site leads back to us, so it is Lax."""
    secure = bool(settings.SESSION_COOKIE_SECURE)
    signed = signing.dumps(kept, salt=_SALT)
    response.set_cookie(cookie_name(COOKIE), signed, max_age=SECONDS, secure=secure, httponly=True, samesite="Lax")


def forget(response: HttpResponse) -> None:
    """One answer, and no second one."""
    response.delete_cookie(cookie_name(COOKIE), samesite="Lax")


def kept_by(request: HttpRequest) -> SignInBegun:
    """What this browser was sent for. Raises NotAnswered when it was not, or when the answer is to something else."""
    try:
        kept: SignInBegun = signing.loads(request.COOKIES.get(cookie_name(COOKIE), ""), salt=_SALT, max_age=SECONDS)
    except signing.BadSignature:
        raise NotAnswered("cookie") from None
    if not constant_time_compare(request.GET.get("state", ""), kept["state"]):
        raise NotAnswered("state")
    return kept


def claims_of(request: HttpRequest, provider: Provider, kept: SignInBegun) -> Claims:
    """What the provider says of the person who came back. Raises Away, Denied, Forged, NotAnswered."""
    if request.GET.get("iss", provider.issuer) != provider.issuer:
        raise NotAnswered("issuer")
    code = request.GET.get("code", "")
    if not code or len(code) > 4096:
        raise asking.Denied("no code")
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": back_url(),
        "code_verifier": kept["verifier"],
    }
    answer = asking.post(metadata.endpoint(provider, "token_endpoint"), form, provider)
    return tokens.believed(answer.get("id_token"), provider, kept["nonce"])
