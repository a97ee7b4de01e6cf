"""What this room brings to ``script/bench``: see `scoring.bench.rooms`."""

from rewards.bench.redeeming import jobs

__all__ = ["jobs"]
