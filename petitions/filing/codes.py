"""Following a petition by its number and the code that only its filer was given. The number alone opens nothing."""

import unicodedata
from uuid import UUID

from django.conf import settings
from django.utils.crypto import salted_hmac

from households.sealing.suites import digest

ALPHABET = "2346789ABCDEFGHJKMNPQRTUVWXY"  # no 0 O, 1 I L, 5 S, Z
LENGTH = 10
_NUMBER_PARTS = (6, 4, 6)  # county, year, serial
_LONGEST = 40  # nothing longer in any spelling is looked at


def new_code(op_id: UUID) -> str:
    """The follow code of the petition filed under `op_id`: ten characters, about 48 bits, keyed with the site's secret.

    Made from the id so that a repeated filing gets the same code without its being kept anywhere.
    """
    key = salted_hmac("petitions.code", op_id.hex, settings.CODE_KEY, algorithm="sha256").digest()
    number = int.from_bytes(key, "big")
    code = ""
    for _ in range(LENGTH):
        number, rest = divmod(number, len(ALPHABET))
        code += ALPHABET[rest]
    return code


def number_of(typed: str) -> str:
    """A petition's number as people type it: with or without dashes, in full width; empty for what is none."""
    digits = "".join(sign for sign in _plain(typed) if sign.isdecimal())
    if not digits.isascii() or len(digits) != sum(_NUMBER_PARTS):
        return ""
    county, year, _serial = _NUMBER_PARTS
    return f"{digits[:county]}-{digits[county : county + year]}-{digits[county + year :]}"


def code_of(typed: str) -> str:
    """A follow code as people type it: small letters, full width, blanks or dashes between."""
    return "".join(sign for sign in _plain(typed) if sign.isalnum()).upper()


def _plain(typed: str) -> str:
    return unicodedata.normalize("NFKC", typed[:_LONGEST])


def digest_of(number: str, code: str) -> str:
    """Keyed digest (HMAC-SHA-256, hexadecimal); the number makes equal codes of two petitions differ."""
    return salted_hmac(f"petitions.follow.{number}", code, settings.CODE_KEY, algorithm="sha256").hexdigest()


def filer_key(phone: str) -> str:
    """Keyed digest of a telephone number, under which one person's petitions are found; empty without a number."""
    digits = "".join(sign for sign in phone if sign.isdecimal())[-11:]
    return digest(settings.FIELD_KEYS.current, f"filer {digits}".encode()).hex() if digits else ""
