"""The staging table: what goes in comes out, whatever it holds, and nothing stays behind."""

from collections.abc import Iterator

import pytest
from django.db import ProgrammingError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from households.imports import staging
from households.imports.staging import stage
from households.sql import as_bytea, as_text, escaped, rows, run

pytestmark = pytest.mark.django_db
WITHIN_ONE_TEST = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0", exclude_categories=("Cs",)), max_size=20)


def staged() -> list[str]:
    return [value for (value,) in rows("SELECT value FROM staged_thing ORDER BY line")]


def put(values: list[str]) -> None:
    lines = as_text(range(len(values)))
    stage("staged_thing", {"line": "int", "value": "text"}, [lines, escaped(values)])


@WITHIN_ONE_TEST
@given(st.lists(TEXT, min_size=1, max_size=8))
def test_any_text_comes_back_unchanged(values: list[str]) -> None:
    put(values)
    assert staged() == values


@pytest.mark.parametrize("value", ["\\N", "\\.", "\\", "\t", "a\nb", "\r\n", "\\t", "", " ", "'; DROP TABLE x; --"])
def test_signs_that_mean_something_to_copy_come_back_unchanged(value: str) -> None:
    put([value, "after"])
    assert staged() == [value, "after"]


@WITHIN_ONE_TEST
@given(st.lists(st.none() | st.binary(max_size=40), min_size=1, max_size=8))
def test_any_bytes_come_back_unchanged(values: list[bytes | None]) -> None:
    stage("staged_thing", {"line": "int", "value": "bytea"}, [as_text(range(len(values))), as_bytea(values)])
    found = [
        None if value is None else bytes(value) for (value,) in rows("SELECT value FROM staged_thing ORDER BY line")
    ]
    assert found == values


def test_plain_text_is_not_copied_in_memory() -> None:
    values = ["甲", "乙"]
    assert escaped(values) is values


@pytest.mark.parametrize("count", [1, 2, 3, 7])
def test_chunks_lose_nothing(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staging, "CHUNK", 3)
    values = [f"第{number}行" for number in range(count)]
    put(values)
    assert staged() == values


def test_progress_reaches_its_share(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staging, "CHUNK", 2)
    told: list[float] = []
    stage("staged_thing", {"value": "text"}, [["1", "2", "3"]], lambda doing, share: told.append(share), done=0.5)
    assert told == [pytest.approx(1 / 3), 0.5]


def test_staging_nothing_makes_an_empty_table() -> None:
    put([])
    assert staged() == []


def test_staging_twice_starts_anew() -> None:
    put(["一"])
    put(["二"])
    assert staged() == ["二"]


def test_a_wrong_cell_is_an_error_and_not_a_gap() -> None:
    with pytest.raises(Exception, match="integer"), transaction.atomic():
        stage("staged_thing", {"line": "int"}, [["1", "x"]])


@pytest.fixture
def other_session() -> Iterator[None]:
    """Nothing to do before; afterwards the table must be invisible to everybody else."""
    yield
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_class WHERE relname = 'staged_thing' AND relpersistence <> 't'")
        assert cursor.fetchone() == (0,)


def test_table_is_temporary(other_session: None) -> None:
    put(["一"])


@pytest.mark.django_db(transaction=True)
def test_table_goes_with_the_transaction() -> None:
    with transaction.atomic():
        put(["一"])
    with pytest.raises(ProgrammingError):
        staged()


def test_execute_tells_the_rows_written() -> None:
    put(["一", "二", "三"])
    assert run("UPDATE staged_thing SET value = '四' WHERE line > %(line)s", {"line": 0}) == 2
