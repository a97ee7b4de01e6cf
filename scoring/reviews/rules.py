"""Which households a reviewer must look at: drawn by what was published before, so that anybody works it out again. Pure.

seed   = SHA-256 of ``root|month|village|declaration|signed at`` in UTF-8: the newest root that was published before the signature, and the
         signature's own number and moment, which nobody can choose; of a sheet that its village took back and signed again it is the
         first signature since the township sent it back last, so that signing again draws nothing new
order  = the households that the declaration speaks for, by SHA-256 of ``seed|household``, the smallest first
drawn  = the first DRAWN of them
"""

from collections.abc import Collection
from datetime import UTC, datetime
from hashlib import sha256

DRAWN = 5  # households a village that a reviewer is shown
NO_ROOT = "0" * 64  # before anything was published


def digest(text: str) -> str:
    """SHA-256 in small hexadecimal digits."""
    return sha256(text.encode()).hexdigest()


def moment(at: datetime) -> str:
    """A moment as it stands in a seed: 2026-11-02T01:15:42.123456Z."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}Z"


def seed_text(root: str, month: str, village: str, declaration: int, signed_at: datetime) -> str:
    """What the seed is the digest of."""
    return f"{root}|{month}|{village}|{declaration}|{moment(signed_at)}"


def drawn(seed: str, households: Collection[str], size: int = DRAWN) -> list[str]:
    """The households drawn by a seed, in the order of the draw; all of them where there are no more than `size`."""
    return sorted(set(households), key=lambda code: digest(f"{seed}|{code}"))[:size]
