"""As which of the database's roles this process acts: as the application, and for the length of a block as another."""

import contextlib
from collections.abc import Iterator

from django.conf import settings
from django.db import connection, transaction

from dongkou import database_roles

WHO = ("USER", "PASSWORD", "HOST", "PORT", "OPTIONS")


@contextlib.contextmanager
def acting_as(role: str) -> Iterator[None]:
    """Connect anew as "owner" or "reader", and as before afterwards. Within a transaction nothing can be changed."""
    present, wanted = connection.settings_dict, settings.DATABASE_ROLES[role]
    if connection.in_atomic_block or wanted["USER"] == present["USER"]:
        yield
        return
    before = {name: present.get(name, "") for name in WHO}
    connection.close()
    present.update({name: wanted.get(name, "") for name in WHO})
    try:
        yield
    finally:
        connection.close()
        present.update(before)


def renew_grants() -> None:
    """After a migration, as the owner: what application and reader may do with the tables there are now."""
    owner, application, reader = (settings.DATABASE_ROLES[name]["USER"] for name in ("owner", "application", "reader"))
    if owner == application or connection.settings_dict["USER"] != owner:
        return
    with transaction.atomic(), connection.cursor() as cursor:
        database_roles.grant(cursor, owner=owner, application=application, reader=reader)


def not_separated() -> str:
    """One sentence when the application's role may do more than read and write rows; empty when it may not."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper, EXISTS (SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
            " AND pg_has_role(relowner, 'USAGE')) FROM pg_roles WHERE rolname = current_user"
        )
        superuser, owner = cursor.fetchone()
    if superuser:
        return "数据库帐号没有分开：网站用的帐号是超级用户，能改动只增不改的记录，见 docs/operations.md。"
    return (
        "数据库帐号没有分开：网站用的帐号拥有数据表，能停用保护记录的触发器，见 docs/operations.md。" if owner else ""
    )
