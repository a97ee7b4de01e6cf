"""Many rows, so many at a time: none left out, none twice."""

from operator import itemgetter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from households.models import AuditEvent
from households.paging import batched, in_batches


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
