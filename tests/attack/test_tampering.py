"""What `verify` notices of everything that can be done to the rows behind its back."""

from collections.abc import Iterator
from typing import Any

import pytest

from households.models import TrailSeal
from tests import copies
from tests.attack import county
from tests.attack.tampering import AGAINST_THE_TRAIL, TAMPERINGS, Tampering, attempt, broken, table


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The county, committed: changes by plain SQL must not share the transaction that built it."""
    with django_db_blocker.unblock():
        copies.clear()
        county.build(tmp_path_factory.mktemp("county"))
        yield
        copies.clear()


@pytest.fixture
def attacked(built: None, db: None) -> None:
    """The same, for one test in a transaction of its own that is undone."""


def test_an_untouched_county_holds(attacked: None) -> None:
    assert broken() == []
    assert TrailSeal.objects.exists()


@pytest.mark.parametrize("tampering", TAMPERINGS + AGAINST_THE_TRAIL, ids=lambda tampering: tampering.name)
def test_tampering_is_noticed(attacked: None, tampering: Tampering) -> None:
    tried = attempt(tampering)
    print(table([tried]))
    assert tried.noticed


def test_there_are_as_many_as_were_ever_tried() -> None:
    assert len({tampering.name for tampering in TAMPERINGS}) == 46
