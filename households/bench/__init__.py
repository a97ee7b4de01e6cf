"""What this room brings to ``script/bench``: see `scoring.bench.rooms`."""

from households.bench.finding import jobs

__all__ = ["jobs"]
