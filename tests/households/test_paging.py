"""Pages of a list whose length is known already; many rows, so many at a time: none left out, none twice."""

from operator import itemgetter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from households.models import AuditEvent, Division
from households.paging import CountedPaginator, batched, in_batches


@pytest.mark.django_db
def test_known_length_is_not_counted_again(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    pages = CountedPaginator(Division.objects.order_by("code"), 20, count=45)
    with django_assert_num_queries(0):
        assert (pages.count, pages.num_pages) == (45, 3)


@pytest.mark.django_db
def test_unknown_length_is_counted() -> None:
    assert CountedPaginator(Division.objects.order_by("code"), 20, count=None).count == Division.objects.count()


def test_length_of_nothing_is_known_too() -> None:
    assert CountedPaginator(["left", "out"], 20, count=0).count == 0


@given(st.lists(st.integers()), st.integers(1, 7))
def test_batches_hold_every_item_in_its_order(items: list[int], size: int) -> None:
    found = list(batched(items, size))
    assert [item for batch in found for item in batch] == items
    assert all(len(batch) == size for batch in found[:-1])
    assert all(found)


@pytest.mark.django_db
@pytest.mark.parametrize("many", [0, 1, 2, 3, 4, 5])
def test_rows_come_by_primary_key_and_none_twice(many: int) -> None:
    made = [AuditEvent.objects.create(action="test", actor="x").pk for _ in range(many)]
    rows = AuditEvent.objects.filter(action="test").order_by("-pk")
    assert [row.pk for batch in in_batches(rows, 2) for row in batch] == made
    values = in_batches(rows.values_list("pk", "action"), 2, key=itemgetter(0))
    assert [len(batch) for batch in values] == [2] * (many // 2) + [1] * (many % 2)
