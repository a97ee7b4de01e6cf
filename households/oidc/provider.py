"""The county's OpenID provider as the operator describes it, and what its word counts for here. Pure of the product: no database.

A provider narrows and never widens: what it says opens no account that was not bound, and gives no post (ADR 87).
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from households.outgoing.lines import safe_parts

PLACE = "{place}"  # in a value that a post is known by: the code of the person's division or department
_LABEL = "统一身份认证"
_SHORTEST = 16  # signs of a secret
Claims = Mapping[str, Any]
Told = Mapping[str, Any]  # an object of JSON that the provider answers with


class BadProvider(ValueError):
    """What was set describes no provider; in the operator's language."""


@dataclass(frozen=True)
class Provider:
    """`claim` names the person, `posts` the values of `posts_claim` that each role needs (none: posts are not asked about),
    `counted` pairs of `amr` or `acr` and the value that says that a second factor was shown.
    """

    issuer: str
    client: str
    secret: str = field(repr=False)
    label: str = _LABEL
    claim: str = "sub"
    scope: str = "openid profile"
    posts: Mapping[str, Sequence[str]] = field(default_factory=dict)
    posts_claim: str = "groups"
    counted: Collection[tuple[str, str]] = ()

    @property
    def asked_for(self) -> list[str]:
        """The values of `acr` that would count."""
        return [value for name, value in self.counted if name == "acr"]

    def names(self, claims: Claims) -> str:
        """Whom the claims name; empty when they name nobody. A mail address counts only when the provider has looked at it."""
        named = claims.get(self.claim)
        if self.claim == "email" and claims.get("email_verified") is not True:
            return ""
        text = str(named) if isinstance(named, str | int) and not isinstance(named, bool) else ""
        return text if text.isprintable() and len(text) <= 255 else ""

    def holds_post(self, claims: Claims, role: str, place: str) -> bool:
        """Whether the claims say that the person has this post. A role that is left out of `posts` nobody has."""
        if not self.posts:
            return True
        wanted = {value.replace(PLACE, place) for value in self.posts.get(role, ())}
        return bool(wanted & set(words(claims.get(self.posts_claim))))

    def shows_second_factor(self, claims: Claims) -> bool:
        """Whether the provider saw one, in a way that the operator has said counts."""
        return any(value in words(claims.get(name)) for name, value in self.counted)


def words(value: object) -> list[str]:
    """A claim that is one word or a list of them."""
    found = value if isinstance(value, list) else [value]
    return [word for word in found if isinstance(word, str)]


def is_safe(url: object) -> bool:
    """Whether it is an address that is asked over TLS, or on this very machine."""
    if not (isinstance(url, str) and url.isascii() and url.isprintable() and " " not in url):
        return False
    parts = safe_parts(url)
    return parts is not None and not (parts.username or parts.password or parts.fragment)


def provider_from(given: Mapping[str, str], roles: Collection[str]) -> Provider | None:
    """What DONGKOU_OIDC_ISSUER and its companions describe; None for none. Raises BadProvider."""
    issuer, client, secret = given["issuer"], given["client"], given["secret"]
    if not (issuer or client or secret):
        return None
    if not is_safe(issuer) or "?" in issuer:
        raise BadProvider("DONGKOU_OIDC_ISSUER 应是 https:// 地址（本机的可以是 http://），和服务方公布的一字不差。")
    if not client or len(secret) < _SHORTEST:
        raise BadProvider(f"有 DONGKOU_OIDC_ISSUER 就要有 DONGKOU_OIDC_CLIENT，和至少 {_SHORTEST} 个字符的密钥。")
    scope = given["scope"] or "openid profile"
    if "openid" not in scope.split():
        raise BadProvider("DONGKOU_OIDC_SCOPE 里要有 openid。")
    return Provider(
        issuer,
        client,
        secret,
        given["label"] or _LABEL,
        given["claim"] or "sub",
        scope,
        _posts(given["posts"], roles),
        given["posts_claim"] or "groups",
        _counted(given["second_factor"]),
    )


def _posts(text: str, roles: Collection[str]) -> dict[str, list[str]]:
    try:
        found: Any = json.loads(text) if text else {}
    except ValueError:
        found = None
    fits = isinstance(found, dict) and set(found) <= set(roles)
    if not fits or not all(isinstance(value, list) and value and words(value) == value for value in found.values()):
        example = '{"township": ["dongkou-township-{place}"]}'
        raise BadProvider(f"DONGKOU_OIDC_POSTS 应是 JSON，如 {example}，岗位只能是 {'、'.join(roles)}。")
    return dict(found)


def _counted(text: str) -> tuple[tuple[str, str], ...]:
    pairs = [word.strip().partition("=") for word in text.split(",") if word.strip()]
    if any(name not in ("amr", "acr") or not value for name, _, value in pairs):
        raise BadProvider("DONGKOU_OIDC_SECOND_FACTOR 应是用逗号隔开的 amr=… 或 acr=…，如 amr=mfa,amr=otp。")
    return tuple((name, value) for name, _, value in pairs)
