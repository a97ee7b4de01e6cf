"""Seals the titles and enterprises that lie in clear, a few at a time.

Interrupted, it goes on where it stopped: each lot is a transaction of its own, and only what lies in clear is taken.
"""

from typing import Any, ClassVar

from django.db import migrations, transaction
from django.db.models.expressions import RawSQL

AT_ONCE = 500
CLEAR = RawSQL(
    "SELECT id FROM petitions_petition WHERE erased_at IS NULL AND get_byte(title, 0) >= 32 ORDER BY id LIMIT %s", [AT_ONCE]
)


def seal(apps: Any, _editor: Any) -> None:
    """Written back, they are sealed."""
    petitions = apps.get_model("petitions", "Petition").objects
    while rows := list(petitions.filter(pk__in=CLEAR).only("title", "enterprise")):
        with transaction.atomic():
            for row in rows:
                petitions.filter(pk=row.pk).update(title=row.title, enterprise=row.enterprise)


class Migration(migrations.Migration):
    atomic = False
    dependencies: ClassVar = [("petitions", "0014_sealed_titles")]
    operations: ClassVar = [migrations.RunPython(seal, migrations.RunPython.noop)]
