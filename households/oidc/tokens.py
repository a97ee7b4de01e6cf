"""An ID token, believed only when this provider signed it, for us, now, and in answer to this very question.

OpenID Connect Core 1.0, 3.1.3.7.
"""

import jwt
from django.utils.crypto import constant_time_compare

from households.oidc import metadata
from households.oidc.provider import Claims, Provider, Told

# By a key that the provider alone has: never `none`, never one that we share with it or that anybody can read.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
LEEWAY = 60  # seconds that clocks may differ
_LONGEST = 32 * 1024


class Forged(Exception):
    """It is not to be believed; the reason is for the log and holds nothing of the token's."""


def believed(token: object, provider: Provider, nonce: str) -> Claims:
    """The token's claims. Raises Forged, Away."""
    if not isinstance(token, str) or len(token) > _LONGEST:
        raise Forged("no token")
    try:
        claims = _signed(token, provider)
    except (jwt.PyJWTError, ValueError) as wrong:
        raise Forged(type(wrong).__name__) from None
    if not constant_time_compare(str(claims.get("nonce", "")), nonce):
        raise Forged("nonce")
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if claims.get("azp", provider.client) != provider.client or (several and "azp" not in claims):
        raise Forged("azp")
    return claims


def can_verify(key: Told) -> bool:
    """Whether this is a public key of a kind that we believe."""
    if key.get("use", "sig") != "sig":
        return False
    try:
        return jwt.PyJWK(dict(key), key.get("alg")).algorithm_name in ALGORITHMS
    except (jwt.PyJWTError, ValueError, TypeError):
        return False


def _signed(token: str, provider: Provider) -> Claims:
    header = jwt.get_unverified_header(token)
    algorithm, kid = header.get("alg"), header.get("kid")
    if algorithm not in ALGORITHMS:
        raise Forged("algorithm")
    found = metadata.keys(provider, kid if isinstance(kid, str) else None)
    if len(found) != 1:
        raise Forged("key")
    claims: Claims = jwt.decode(
        token,
        jwt.PyJWK(dict(found[0]), found[0].get("alg") or algorithm),
        algorithms=list(ALGORITHMS),
        audience=provider.client,
        issuer=provider.issuer,
        leeway=LEEWAY,
        options={"require": ["iss", "aud", "exp", "iat", "sub"]},
    )
    return claims
