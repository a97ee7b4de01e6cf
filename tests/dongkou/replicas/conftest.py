"""A replica of the session's database, and pages that are read from it."""

from collections.abc import Iterator

import pytest

from dongkou.replicas.replica import replicas
from tests.dongkou.replicas.standby import Standby, standby


@pytest.fixture(scope="module")
def copy(django_db_setup: None, django_db_blocker: object) -> Iterator[Standby]:
    """One for the tests of a file."""
    with django_db_blocker.unblock(), standby() as one:
        yield one


@pytest.fixture
def replica(copy: Standby, transactional_db: None, settings: object) -> Iterator[Standby]:
    """Pages are read from it, however far behind it is, until a test says otherwise."""
    settings.DATABASE_REPLICAS, settings.REPLICA_LAG_SECONDS = [copy.named], 3600
    copy.catch_up()
    replicas.cache_clear()
    yield copy
    for one in replicas().replicas:
        one.close()
    replicas.cache_clear()
