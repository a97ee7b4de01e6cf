"""What this room brings to ``script/bench``: see `scoring.bench.rooms`."""

from collections.abc import Iterator
from typing import Any

from households.bench.borders import border_job
from households.bench.finding import finding_job


def jobs(stage: Any, _runs: int) -> Iterator[tuple[str, str, str, str, str, bool]]:
    """A line for each, on databases of their own."""
    yield finding_job(stage)
    yield border_job(stage)
