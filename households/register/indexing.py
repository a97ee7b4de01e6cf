"""Making the words that households are found by, for all that were marked since; and whether they are right."""

import hmac
from collections.abc import Callable, Iterator
from functools import lru_cache
from hashlib import blake2b, sha256

from django.conf import settings
from django.db import transaction

from households import sql
from households.codes import Level
from households.paging import in_rounds
from households.register.phones import PhoneUnreadable, decrypt
from households.register.sounds import words_of

AT_ONCE = 2_000  # households of one transaction
NUMBER = "#"  # begins the household's number, alone and behind that of its group
TAIL = 4
_GROUP = Level.GROUP.code_length
_MARKED = "SELECT id, household FROM households_wordsmark ORDER BY id LIMIT %(most)s"
_ROWS = "SELECT code, head_name, phone FROM households_household WHERE code = ANY (%(codes)s)"
_KEEP = """
    INSERT INTO households_householdwords (household_id, words, tail)
    SELECT code, words::tsvector, tail
    FROM unnest(%(codes)s::text[], %(words)s::text[], %(tails)s::bigint[]) AS made (code, words, tail)
    ON CONFLICT (household_id) DO UPDATE SET words = EXCLUDED.words, tail = EXCLUDED.tail
"""
_ALL = """
    SELECT h.code, h.head_name, h.phone, coalesce(tsvector_to_array(w.words), '{}'), w.tail
    FROM households_household h LEFT JOIN households_householdwords w ON w.household_id = h.code
    WHERE h.code > %(after)s AND NOT EXISTS (SELECT FROM households_wordsmark m WHERE m.household = h.code)
    ORDER BY h.code LIMIT %(most)s
"""
_ORPHANS = """
    SELECT household_id FROM households_householdwords w
    WHERE NOT EXISTS (SELECT FROM households_household h WHERE h.code = w.household_id) ORDER BY 1
"""


@lru_cache(maxsize=2)
def _key(secret: str) -> bytes:
    return hmac.digest(secret.encode(), b"dongkou household telephones v1", sha256)


def tail_digest(number: str) -> int | None:
    """The keyed digest of a telephone's last four digits, as a bigint; None for a number with fewer.

    Its key is derived from that of PINs, which stays: renewing the key of sealed texts changes nothing here.
    """
    digits = "".join(sign for sign in number.partition("转")[0] if sign.isdecimal())
    if len(digits) < TAIL:
        return None
    made = blake2b(digits[-TAIL:].encode(), key=_key(settings.CODE_KEY), digest_size=8).digest()
    return int.from_bytes(made, "big", signed=True)


def all_words(code: str, head_name: str) -> list[str]:
    """Everything that one household is found by, but its telephone."""
    number = code[_GROUP:]
    return [*words_of(head_name), NUMBER + number, NUMBER + code[_GROUP - 2 : _GROUP] + number]


def quoted(word: str) -> str:
    """A word as PostgreSQL's text search has it written."""
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"


def index_households(tell: Callable[[int], None] | None = None) -> int:
    """Make the words of all that are marked; returns how many marks went. Stopped halfway it goes on the next time."""
    return in_rounds(_index_some, tell)


@transaction.atomic
def _index_some() -> int:
    """The oldest marks. What changes meanwhile leaves a mark of its own; one run at a time, another one finds nothing to do."""
    if not sql.has_turn("households words"):
        return 0
    marks = sql.rows(_MARKED, {"most": AT_ONCE})
    if marks:
        _keep(sql.rows(_ROWS, {"codes": [household for _, household in marks]}))
        sql.run("DELETE FROM households_wordsmark WHERE id = ANY (%(ids)s)", {"ids": [pk for pk, _ in marks]})
    return len(marks)


def _keep(found: list[sql.Row]) -> None:
    made = {
        "codes": [code for code, *_ in found],
        "words": [" ".join(map(quoted, all_words(code, head))) for code, head, _ in found],
        "tails": [_tail(phone) for *_, phone in found],
    }
    sql.run(_KEEP, made)


def _tail(phone: memoryview | None) -> int | None:
    try:
        return tail_digest(decrypt(phone))
    except PhoneUnreadable:
        return None  # `verify` names it elsewhere


def wrong_words() -> Iterator[str]:
    """Codes of households that are not found by what they are called: there must be none. What is marked waits its turn."""
    yield from sql.column(_ORPHANS)
    after = ""
    while found := sql.rows(_ALL, {"after": after, "most": AT_ONCE * 5}):
        for code, head, phone, words, tail in found:
            if set(words) != set(all_words(code, head)) or tail != _tail(phone):
                yield code
        after = found[-1][0]
