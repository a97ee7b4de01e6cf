"""Fills a county's cell with people made of numbers: ``python -m tests.attack.province.fill NUMBER VILLAGES HOUSEHOLDS MONTH``."""

import sys

import django

from dongkou.acting import acting_as


def main(words: list[str]) -> None:
    """As the owner; the month is declared by every village, and the one after it is open with nothing in it."""
    number, villages, households, month = int(words[0]), int(words[1]), int(words[2]), words[3]
    django.setup()
    from django.db import transaction

    from households.months import shift
    from households.sql import run
    from scoring.bench import world
    from scoring.months.months import open_month
    from scoring.rollup import marks

    with acting_as("owner"), transaction.atomic():
        world.add_counties(world.Shape(villages, households), number, number + 1)
        world.add_month(month, number, number + 1)
        open_month(shift(month, 1))
        for each in (month, shift(month, 1)):
            marks.touch_all(each)
    with acting_as("owner"):
        run("ANALYZE")


if __name__ == "__main__":
    main(sys.argv[1:])
