import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from django.db import migrations
from django.utils import timezone

# Both were shipped when this was written. A scheme that comes later has a migration of its own.
SHIPPED = ("2022.toml", "2023.toml")
FOLDER = Path(__file__).parent.parent / "schemes"


def publish(apps: Any, schema_editor: Any) -> None:
    """Every installation starts with the shipped schemes published; a county publishes its own versions after them."""
    for name in SHIPPED:
        scheme = _write(tomllib.loads((FOLDER / name).read_text(encoding="utf-8")), apps)
        type(scheme).objects.filter(pk=scheme.pk).update(published_at=timezone.now())


def _write(draft: Mapping[str, Any], apps: Any) -> Any:
    scheme, indicator, clause = (apps.get_model("scoring", name) for name in ("Scheme", "Indicator", "Clause"))
    row = scheme.objects.create(**{key: draft[key] for key in ("code", "name", "effective_from", "note")})
    for position, written in enumerate(draft["indicator"], 1):
        facts = {key: value for key, value in written.items() if key != "clause"}
        owner = indicator.objects.create(scheme=row, position=position, **facts)
        clause.objects.bulk_create(clause(scheme=row, indicator=owner, **each) for each in written.get("clause", []))
    return row


class Migration(migrations.Migration):
    dependencies: ClassVar = [("scoring", "0002_guards")]
    operations: ClassVar = [migrations.RunPython(publish, migrations.RunPython.noop)]
