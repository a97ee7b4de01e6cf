"""Many petitions with whole lives, as the benchmark writes them down: a few dozen, multiplied."""

from datetime import timedelta

from django.utils import timezone

from petitions.bench import world

DRAWN = 60
AGO = timedelta(days=120)  # nothing that they did falls on the days of which the tests tell


def plant(many: int) -> None:
    """About so many, over three years; through the doors they would take minutes."""
    world.plant(min(many, DRAWN), timezone.localdate() - AGO, world.cast())
    world.multiply(max(1, many // world.size()))
