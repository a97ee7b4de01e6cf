"""Pages of a list whose length is known already."""

import pytest
from pytest_django import DjangoAssertNumQueries

from households.models import Division
from households.paging import CountedPaginator


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
