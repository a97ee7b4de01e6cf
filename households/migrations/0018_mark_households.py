from typing import ClassVar

from django.db import migrations

# Apart from the triggers, so that nothing that writes households waits for it. Until their turn comes, the marked ones are
# found by reading their names.
MARK = "INSERT INTO households_wordsmark (household) SELECT code FROM households_household ORDER BY code"


class Migration(migrations.Migration):
    dependencies: ClassVar = [("households", "0017_finding")]
    operations: ClassVar = [migrations.RunSQL(MARK, migrations.RunSQL.noop)]
