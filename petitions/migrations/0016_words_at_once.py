from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.db import migrations

# As the model has it: without a word about it, an index collects what is pending.
INDEX = "petitionwords_by_word"


class Migration(migrations.Migration):
    dependencies: ClassVar = [("petitions", "0015_publication_guard")]

    operations: ClassVar = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    f"ALTER INDEX {INDEX} SET (fastupdate = on)", f"ALTER INDEX {INDEX} SET (fastupdate = off)"
                )
            ],
            state_operations=[
                migrations.RemoveIndex("petitionwords", INDEX),
                migrations.AddIndex("petitionwords", GinIndex("words", name=INDEX)),
            ],
        )
    ]
