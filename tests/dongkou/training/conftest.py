"""The training villages' own database: made once a session, its villages made anew by each test that wants one."""

import pytest


@pytest.fixture(scope="session")
def training_database(django_db_setup: None, django_db_blocker: object) -> None:
    """As `set_up` makes it, which finds the copy that `django_db_setup` has made of the county's."""
    from dongkou.training import database

    with django_db_blocker.unblock():
        assert database.prepare() == ""


@pytest.fixture
def village(world: object, training_database: None) -> object:
    """The training village of 罗坪乡."""
    from dongkou.training.villages import make_village

    return make_village(township=world.township, by=None)
