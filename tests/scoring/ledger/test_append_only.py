"""What is written once and for all: the database refuses to change it, through the ORM and raw."""

import pytest

from scoring.models import Clause, Indicator, PointEntry, RankingSnapshot, Review, Scheme, ScoreEvent
from tests.constraints import broken, raw
from tests.scoring.facts import record
from tests.world import VILLAGE, World

pytestmark = pytest.mark.django_db
RULE = "append-only|never|once"


@pytest.fixture
def full(world: World) -> World:
    """One row at least in every append-only table."""
    record((f"{VILLAGE}010001", "WR04"))
    world.declare()
    world.approve()
    world.freeze()
    return world


@pytest.mark.parametrize(
    ("model", "column"), [(PointEntry, "amount"), (RankingSnapshot, "body"), (Review, "reason"), (ScoreEvent, "points")]
)
def test_row_written_once_cannot_be_edited(full: World, model: type, column: str) -> None:
    row = model.objects.first()
    value = 77 if column in ("amount", "points") else "改过"
    setattr(row, column, value)
    broken(lambda: row.save(update_fields=[column]), RULE)
    broken(lambda: model.objects.filter(pk=row.pk).update(**{column: value}), RULE)
    broken(raw(f"UPDATE {model._meta.db_table} SET {column} = '{value}' WHERE id = {row.pk}"), RULE)


@pytest.mark.parametrize("model", [PointEntry, RankingSnapshot, Review, ScoreEvent])
def test_row_written_once_cannot_be_removed(full: World, model: type) -> None:
    row = model.objects.first()
    broken(row.delete, RULE)
    broken(lambda: model.objects.filter(pk=row.pk).delete(), RULE)
    broken(raw(f"DELETE FROM {model._meta.db_table} WHERE id = {row.pk}"), RULE)
    broken(raw(f"SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE {model._meta.db_table} CASCADE"), RULE)
    assert model.objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize(("model", "column"), [(Scheme, "note"), (Indicator, "name"), (Clause, "text")])
def test_published_scheme_cannot_be_edited(world: World, model: type, column: str) -> None:
    row = model.objects.first()
    setattr(row, column, "改")
    broken(lambda: row.save(update_fields=[column]), RULE)
    broken(raw(f"UPDATE {model._meta.db_table} SET {column} = '改' WHERE id = {row.pk}"), RULE)


@pytest.mark.parametrize("model", [Scheme, Indicator, Clause])
def test_published_scheme_cannot_be_removed(world: World, model: type) -> None:
    broken(raw(f"DELETE FROM {model._meta.db_table} WHERE id = {model.objects.first().pk}"), RULE)


def test_published_scheme_takes_no_further_clause(world: World) -> None:
    clause = Clause.objects.first()
    clause.pk, clause.code = None, "XX99"
    broken(lambda: clause.save(force_insert=True), RULE)


def test_event_is_withdrawn_once(full: World) -> None:
    event = ScoreEvent.objects.filter(code=f"{VILLAGE}010001")
    assert event.update(withdrawn_at="2024-06-05T08:00:00+08:00", withdraw_reason="异议成立")
    broken(lambda: event.update(withdrawn_at=None, withdraw_reason=""), RULE)
    broken(lambda: event.update(withdraw_reason="另有原因"), RULE)


def test_event_is_confirmed_once(full: World) -> None:
    event = ScoreEvent.objects.filter(code=f"{VILLAGE}010001")
    broken(lambda: event.update(confirmed_at="2024-06-05T08:00:00+08:00"), RULE)
    broken(lambda: event.update(confirmed_at=None), RULE)
