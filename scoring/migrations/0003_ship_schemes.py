from typing import Any, ClassVar

from django.db import migrations
from django.utils import timezone

from scoring.schemes import rows as scheme_rows
from scoring.schemes.files import shipped


def publish(apps: Any, schema_editor: Any) -> None:
    """Every installation starts with the shipped schemes published; a county publishes its own versions after them."""
    scheme, indicator, clause = (apps.get_model("scoring", name) for name in ("Scheme", "Indicator", "Clause"))
    for draft in shipped():
        row = scheme_rows.write(draft, scheme=scheme, indicator=indicator, clause=clause)
        scheme.objects.filter(pk=row.pk).update(published_at=timezone.now())


class Migration(migrations.Migration):
    dependencies: ClassVar = [("scoring", "0002_guards")]
    operations: ClassVar = [migrations.RunPython(publish, migrations.RunPython.noop)]
