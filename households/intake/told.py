"""What a rehearsal said by line, as it is kept with the run."""

import json
import zlib
from collections.abc import Sequence
from dataclasses import asdict

from households.files.tables import Problem, Severity

MAX_PROBLEMS = 200_000  # more lines nobody reads, and the first of them say it all


def packed(problems: Sequence[Problem]) -> bytes:
    """Problems as bytes, not yet sealed."""
    return zlib.compress(json.dumps([asdict(one) for one in problems[:MAX_PROBLEMS]], ensure_ascii=False).encode(), 1)


def unpacked(kept: bytes | None) -> list[Problem]:
    """The same again."""
    if not kept:
        return []
    return [Problem(**{**one, "severity": Severity(one["severity"])}) for one in json.loads(zlib.decompress(kept))]
