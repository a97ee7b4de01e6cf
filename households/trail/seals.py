"""What a seal is made of, and the newest there is."""

from dataclasses import dataclass
from hashlib import sha256

from households.models import TrailSeal
from households.sql import row

AT_ONCE = 50_000  # lines in one seal: what the database puts together in memory
START = "0" * 64  # stands before the first seal

# SQL: the lines of the trail `t` that follow `after`, up to `upto`: how many there are, and one digest over all of them.
OVER = """
    SELECT count(*), sha256(convert_to(coalesce(string_agg(concat_ws('|', t.id, t.source, t.key, t.op,
               coalesce(encode(t.digest, 'hex'), ''), t.transaction, extract(epoch FROM t.at)), E'\\n' ORDER BY t.id), ''), 'UTF8'))
    FROM households_trail t WHERE t.id > {after} AND t.id <= {upto}
"""
_ONE = OVER.format(after="%(after)s", upto="%(upto)s")


@dataclass(frozen=True, slots=True)
class SealText:
    """A seal's own line, and the digest over it: the head that the next one holds."""

    line: str
    head: str


def seal_text(number: int, upto: int, size: int, before: str, digest: bytes) -> SealText:
    """What a seal with this number says of the lines up to `upto`, after the head `before`."""
    line = f"v1|{number}|{upto}|{size}|{before}|{digest.hex()}"
    return SealText(line, sha256(line.encode()).hexdigest())


def digest_of(after: int, upto: int) -> tuple[int, bytes]:
    """How many lines of the trail there are between, and the digest over them."""
    found = row(_ONE, {"after": after, "upto": upto})
    assert found
    return found[0], bytes(found[1])


def newest_seal() -> TrailSeal | None:
    return TrailSeal.objects.order_by("-number").first()
