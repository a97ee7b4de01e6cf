"""Tests for the planter to run; no file of the usual name, so that nobody else does."""

import pytest

from tests.house.ground import shelf, till


def test_total() -> None:
    assert [till.total(ware, 2) for ware in ("salt", "tea", "silk")] == [6, 200, 202]
    assert till.total("salt", 1) == 3
    with pytest.raises(ValueError, match="0"):
        till.total("salt", 0)


def test_dozen() -> None:
    assert till.dozen("salt") == 36


def test_few() -> None:
    assert [till.few(count) for count in (2, 3, 4)] == [True, True, False]


def test_rows() -> None:
    assert shelf.ROWS == ["salt: cheap", "tea: cheap", "silk: dear"]


def test_labels() -> None:
    assert shelf.LABELS == ("SALT", "TEA", "SILK")


def test_change_asserts_nothing() -> None:
    till.change(10, 7)


def test_red_before_any_fault() -> None:
    assert till.total("salt", 1) == 4
