"""What is written once and for all: the database refuses to change it, through the ORM and raw."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, connection, transaction

from scoring.models import Clause, Indicator, PointEntry, RankingSnapshot, Review, Scheme, ScoreEvent
from tests.scoring.facts import record
from tests.world import VILLAGE, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def full(world: World) -> World:
    """One row at least in every append-only table."""
    record((f"{VILLAGE}010001", "WR04"))
    world.declare()
    world.approve()
    world.freeze()
    return world


def refused(act: Callable[[], object]) -> None:
    with pytest.raises(IntegrityError, match=r"append-only|never|once"), transaction.atomic():
        act()


def raw(sql: str) -> Callable[[], object]:
    def execute() -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql)

    return execute


@pytest.mark.parametrize(
    ("model", "column"), [(PointEntry, "amount"), (RankingSnapshot, "body"), (Review, "reason"), (ScoreEvent, "points")]
)
def test_row_written_once_cannot_be_edited(full: World, model: type, column: str) -> None:
    row = model.objects.first()
    value = 77 if column in ("amount", "points") else "改过"
    setattr(row, column, value)
    refused(lambda: row.save(update_fields=[column]))
    refused(lambda: model.objects.filter(pk=row.pk).update(**{column: value}))
    refused(raw(f"UPDATE {model._meta.db_table} SET {column} = '{value}' WHERE id = {row.pk}"))


@pytest.mark.parametrize("model", [PointEntry, RankingSnapshot, Review, ScoreEvent])
def test_row_written_once_cannot_be_removed(full: World, model: type) -> None:
    row = model.objects.first()
    refused(row.delete)
    refused(lambda: model.objects.filter(pk=row.pk).delete())
    refused(raw(f"DELETE FROM {model._meta.db_table} WHERE id = {row.pk}"))
    refused(raw(f"SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE {model._meta.db_table} CASCADE"))
    assert model.objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize(("model", "column"), [(Scheme, "note"), (Indicator, "name"), (Clause, "text")])
def test_published_scheme_cannot_be_edited(world: World, model: type, column: str) -> None:
    row = model.objects.first()
    setattr(row, column, "改")
    refused(lambda: row.save(update_fields=[column]))
    refused(raw(f"UPDATE {model._meta.db_table} SET {column} = '改' WHERE id = {row.pk}"))


@pytest.mark.parametrize("model", [Scheme, Indicator, Clause])
def test_published_scheme_cannot_be_removed(world: World, model: type) -> None:
    refused(raw(f"DELETE FROM {model._meta.db_table} WHERE id = {model.objects.first().pk}"))


def test_published_scheme_takes_no_further_clause(world: World) -> None:
    clause = Clause.objects.first()
    clause.pk, clause.code = None, "XX99"
    refused(lambda: clause.save(force_insert=True))


def test_event_is_withdrawn_once(full: World) -> None:
    event = ScoreEvent.objects.filter(code=f"{VILLAGE}010001")
    assert event.update(withdrawn_at="2024-06-05T08:00:00+08:00", withdraw_reason="异议成立")
    refused(lambda: event.update(withdrawn_at=None, withdraw_reason=""))
    refused(lambda: event.update(withdraw_reason="另有原因"))


def test_event_is_confirmed_once(full: World) -> None:
    event = ScoreEvent.objects.filter(code=f"{VILLAGE}010001")
    refused(lambda: event.update(confirmed_at="2024-06-05T08:00:00+08:00"))
    refused(lambda: event.update(confirmed_at=None))
