"""A province's node, and a county beside the session's; both without anything in them."""

from collections.abc import Iterator

import pytest

from dongkou.province.published import PUBLICATION, publish
from dongkou.province.receiving import leave, links, prepare
from tests.dongkou.province.node import PROVINCE, Beside, beside


@pytest.fixture
def province(transactional_db: None, settings: object) -> Iterator[Beside]:
    """A node; the session's county publishes, and is not received from yet."""
    from django.db import connection

    from dongkou.database_roles import ADMINISTRATOR, BACKUP

    publish(BACKUP)
    owner = settings.DATABASE_ROLES["owner"] | {"USER": ADMINISTRATOR}  # of the databases beside
    settings.DATABASE_ROLES = settings.DATABASE_ROLES | {"owner": owner}
    settings.PROVINCE, settings.PROVINCE_NAME = PROVINCE, "湖南省"
    with beside() as node:
        try:
            with node.opened():
                prepare()
            yield node
        finally:
            node_leaves_all(node)
            with connection.cursor() as cursor:
                cursor.execute(f"DROP PUBLICATION {PUBLICATION}")


@pytest.fixture
def other_county(province: Beside) -> Iterator[Beside]:
    """Another one that publishes."""
    from dongkou.database_roles import BACKUP

    with beside() as county:
        with county.opened():
            publish(BACKUP)
        yield county
        node_leaves_all(province)  # a database goes once nobody follows it


def node_leaves_all(node: Beside) -> None:
    with node.opened():
        for link in links():
            leave(link.county)
