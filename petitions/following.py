"""Following a petition by its number and the code that only its filer was given. The number alone opens nothing."""

import hmac
from hashlib import sha256
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare, salted_hmac

from households import attempts
from households.refusals import Refused
from petitions.models import Petition

ALPHABET = "2346789ABCDEFGHJKMNPQRTUVWXY"  # no 0 O, 1 I L, 5 S, Z
LENGTH = 10
ATTEMPTS = "petition"  # the counter of wrong codes, by network address
_LOOKALIKES = str.maketrans("０１２３４５６７８９", "0123456789", " -　")


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


def follow(*, number: str, code: str, request: HttpRequest) -> Petition:
    """The petition with this number and code. Every wrong pair gets the same refusal, and is counted by address."""
    attempts.check(ATTEMPTS, request)
    petition = opened_by(number, code)
    if petition is None:
        attempts.note_failure(ATTEMPTS, request)
        raise Refused(
            "code_wrong",
            "编号或查询码不对。",
            hint="请照回执上的编号和查询码再输一次。",
            status=404,
        )
    return petition


def opened_by(number: str, code: str) -> Petition | None:
    """The petition that this number and code open; None for every wrong pair. Counts nothing: see `follow`."""
    typed = code[:40].translate(_LOOKALIKES).upper()
    number = number[:40].translate(str.maketrans("０１２３４５６７８９", "0123456789", " 　"))
    found = Petition.objects.filter(number=number).select_related("place").first() if "\0" not in number else None
    wanted = found.follow_digest if found else "0" * 64
    return found if constant_time_compare(digest_of(number, typed), wanted) and found else None
