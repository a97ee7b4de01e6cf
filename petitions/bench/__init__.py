"""What this room brings to ``script/bench``: its `jobs(stage, runs)`, called by name, since scoring and petitions do not
know each other.
"""

from petitions.bench.run import jobs

__all__ = ["jobs"]
