"""Codes that prove one's telephone: six digits by time (RFC 6238), and recovery codes that stand in for it.

Digits change every 30 seconds; those of the step before and after are taken too, for no two clocks agree.
"""

import base64
import secrets
import unicodedata
from urllib.parse import quote, urlencode

from django.conf import settings
from django.utils.crypto import salted_hmac
from django_otp.oath import TOTP

DIGITS = 6
SKEW = 1  # steps of 30 seconds that a telephone may be early or late
SECRET_BYTES = 20  # as RFC 4226 recommends
ISSUER = "洞口六零积分"
RECOVERY_CODES = 10
_RECOVERY_SIGNS = "23456789abcdefghjkmnpqrstuvwxyz"  # without 0 o 1 l i: they are copied from paper
_RECOVERY_LENGTH = 10  # 49 bits
_LONGEST = 40


def new_secret() -> bytes:
    """What the telephone and the server share."""
    return secrets.token_bytes(SECRET_BYTES)


def spelled(secret: bytes) -> str:
    """The secret for typing it in, in groups of four."""
    plain = base64.b32encode(secret).decode("ascii")
    return " ".join(plain[at : at + 4] for at in range(0, len(plain), 4))


def uri(secret: bytes, username: str) -> str:
    """What the picture says to the telephone (otpauth://)."""
    key = base64.b32encode(secret).decode("ascii")
    return f"otpauth://totp/{quote(f'{ISSUER}:{username}')}?{urlencode({'secret': key, 'issuer': ISSUER})}"


def plain(typed: str) -> str:
    """A code as people type it, in full width, with blanks, dashes or capitals."""
    text = unicodedata.normalize("NFKC", typed[:_LONGEST]).lower()
    return "".join(sign for sign in text if not sign.isspace() and sign != "-")


def is_digits(code: str) -> bool:
    """Whether it has the form of a code of the telephone."""
    return len(code) == DIGITS and code.isascii() and code.isdecimal()


def step_of(secret: bytes, code: str, *, at: float, after: int) -> int | None:
    """The step whose code it is, at the moment `at` (seconds since the epoch) and later than the step `after`; else None."""
    if not is_digits(code):
        return None
    clock = TOTP(secret, digits=DIGITS)
    clock.time = at
    return int(clock.t()) if clock.verify(int(code), tolerance=SKEW, min_t=after + 1) else None


def recovery_codes() -> list[str]:
    """New ones, such as ab3de-fgh45."""
    half = _RECOVERY_LENGTH // 2
    drawn = ["".join(secrets.choice(_RECOVERY_SIGNS) for _ in range(_RECOVERY_LENGTH)) for _ in range(RECOVERY_CODES)]
    return [f"{code[:half]}-{code[half:]}" for code in drawn]


def recovery_digest(user: int, code: str) -> str:
    """What is kept of a recovery code: a keyed digest, bound to the account."""
    found: str = salted_hmac(
        "households.recovery", f"{user} {plain(code)}", secret=settings.CODE_KEY, algorithm="sha256"
    ).hexdigest()
    return found
