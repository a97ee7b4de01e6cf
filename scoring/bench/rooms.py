"""Jobs that rooms above this one bring to the benchmark: an installed application's package `bench`, if it has one.

Its `jobs(stage, runs)` measures on copies of the database "declared" and returns its lines, as `Result` or as a tuple of
the same parts. Found by name, because scoring
knows nothing of the rooms above it.
"""

from collections.abc import Iterator
from importlib import import_module

from django.apps import apps
from django.utils.module_loading import module_has_submodule

from scoring.bench.results import Result
from scoring.bench.stage import Stage

OWN = "scoring"


def jobs_of_rooms(stage: Stage, runs: int) -> Iterator[Result]:
    """The lines of every other room, one after the other."""
    for config in apps.get_app_configs():
        if config.name != OWN and config.module and module_has_submodule(config.module, "bench"):
            for line in import_module(f"{config.name}.bench").jobs(stage, runs):
                yield Result(*line) if isinstance(line, tuple) else line
