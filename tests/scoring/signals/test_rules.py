"""What is said of a village's month, and what is not."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.signals.rules import MonthFacts, SignalKind, signals, together, usual_rate

AT = datetime(2024, 9, 29, 9, tzinfo=UTC)
QUIET = MonthFacts(
    households=600, history=[9, 8, 10, 7, 9, 9], entries=9, homes=9, reached=9, first=AT, last=AT, dates=8
)


def kinds(facts: MonthFacts, usual: float = 0.015) -> set[SignalKind]:
    return {signal.kind for signal in signals(facts, usual)}


def changed(**parts: object) -> MonthFacts:
    return MonthFacts(
        **{name: getattr(QUIET, name) for name in QUIET.__slots__} | {"last": AT + timedelta(hours=5)} | parts
    )


@pytest.mark.parametrize(
    ("parts", "kind"),
    [
        ({"history": [0, 0, 0, 0, 0, 0], "entries": 0, "homes": 0, "reached": 0}, SignalKind.STREAK),
        ({"history": [0, 9, 0, 9, 9, 9], "entries": 0, "homes": 0, "reached": 0}, None),  # one quiet month
        (
            {"history": [0] * 6, "households": 30, "entries": 0, "homes": 0, "reached": 0},
            None,
        ),  # a hamlet in which nothing happens
        (
            {"history": [0, None, 0, 0, 0, 0], "entries": 0, "homes": 0, "reached": 0},
            None,
        ),  # a month without a sheet ends a streak
        ({"last": AT + timedelta(seconds=60)}, SignalKind.SECONDS),
        ({"last": AT + timedelta(seconds=60), "reached": 1}, None),  # off line, and sent at once
        ({"last": AT + timedelta(seconds=60), "reached": 4, "homes": 4}, None),
        ({"alike": 8, "before": 9}, SignalKind.COPY),
        ({"alike": 3, "before": 3, "entries": 3}, None),
        ({"alike": 4, "before": 9}, None),
        ({"together": 3}, SignalKind.DEVICE),
        ({"together": 2}, None),  # two villages in one office
        ({"dates": 1, "at_end": 9}, SignalKind.BURST),
        ({"dates": 1, "at_end": 0}, None),  # an inspection in mid-month
        ({"dates": 8, "at_end": 9}, None),  # written down on the last evening, each with its day
        ({"own": 1}, SignalKind.KIN),
        ({}, None),
    ],
)
def test_month_is_remarked_on_for_its_reason_alone(parts: dict[str, object], kind: SignalKind | None) -> None:
    assert kinds(changed(**parts)) == ({kind} if kind else set())


def test_where_nobody_writes_anything_down_silence_says_nothing() -> None:
    silent = changed(history=[0] * 6, entries=0, homes=0, reached=0)
    assert usual_rate([silent, silent]) == 0 and kinds(silent, usual_rate([silent])) == set()


def test_reason_names_its_figures() -> None:
    [signal] = signals(changed(alike=8, before=9), 0.015)
    assert signal.reason == "9 条里有 8 条和上个月同一户、同一条款"


def test_seconds_are_of_households_not_of_entries() -> None:
    """Twenty entries on five households, a household a minute: nobody was in a hurry."""
    slow = changed(entries=20, homes=5, reached=5, last=AT + timedelta(minutes=4))
    assert kinds(slow) == set()
    [signal] = signals(changed(entries=20, homes=5, reached=5, last=AT + timedelta(seconds=20)), 0.015)
    assert signal.reason == "5 户是一户接一户录的，平均每户不到 6 秒"


def test_usual_is_the_middle_of_those_who_write() -> None:
    places = [changed(history=[entries] * 6) for entries in (0, 6, 12, 60)]
    assert usual_rate(places) == 12 / 600


def test_villages_in_one_browser_are_counted_together_whoever_signed_first() -> None:
    signed = {"v1": ("a", ["a"]), "v2": ("b", ["b", "a"]), "v3": ("c", ["c", "b", "a"]), "v4": ("d", ["d", "x"])}
    assert together(signed) == {"v1": 3, "v2": 3, "v3": 3, "v4": 1}


@given(st.lists(st.tuples(st.integers(0, 9), st.lists(st.integers(0, 12), max_size=4)), max_size=10))
def test_everybody_in_a_group_is_told_the_same_number(rows: list[tuple[int, list[int]]]) -> None:
    signed = {f"v{n}": (f"m{n}", [f"m{mark}" for mark in marks]) for n, (_, marks) in enumerate(rows)}
    counted = together(signed)
    assert set(counted) == set(signed)
    assert sum(1 / number for number in counted.values()) == pytest.approx(round(sum(1 / n for n in counted.values())))
