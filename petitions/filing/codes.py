"""Following a petition by its number and the code that only its filer was given. The number alone opens nothing."""

import hmac
from hashlib import sha256
from uuid import UUID

from django.conf import settings
from django.utils.crypto import salted_hmac

ALPHABET = "2346789ABCDEFGHJKMNPQRTUVWXY"  # no 0 O, 1 I L, 5 S, Z
LENGTH = 10


def new_code(op_id: UUID) -> str:
    """The follow code of the petition filed under `op_id`: ten characters, about 48 bits, keyed with the site's secret.

    Made from the id so that a repeated filing gets the same code without its being kept anywhere.
    """
    key = salted_hmac("petitions.code", op_id.hex, algorithm="sha256").digest()
    number = int.from_bytes(key, "big")
    code = ""
    for _ in range(LENGTH):
        number, rest = divmod(number, len(ALPHABET))
        code += ALPHABET[rest]
    return code


def digest_of(number: str, code: str) -> str:
    """Keyed digest (HMAC-SHA-256, hexadecimal); the number makes equal codes of two petitions differ."""
    return salted_hmac(f"petitions.follow.{number}", code, algorithm="sha256").hexdigest()


def filer_key(phone: str) -> str:
    """Keyed digest of a telephone number, under which one person's petitions are found; empty without a number."""
    digits = "".join(sign for sign in phone if sign.isdecimal())[-11:]
    return hmac.new(settings.FIELD_KEY, f"filer {digits}".encode(), sha256).hexdigest() if digits else ""
