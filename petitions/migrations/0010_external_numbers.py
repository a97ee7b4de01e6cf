from typing import ClassVar

from django.db import migrations

# As `petitions.filing.external` folds a number; not unique: the same ticket may have been filed twice before.
FOLDED = (
    "translate(lower(normalize(external_no, NFKC)),"
    " U&'\\2010\\2011\\2012\\2013\\2014\\2015\\2212\\2500\\30FC\\3014[\\3010\\3016{\\3015]\\3011\\3017}"
    " \\00AD\\0009\\000A\\000D\\200B\\200C\\200D\\200E\\200F\\2060\\FEFF',"
    " '---------(((((' || ')))))')"
)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("petitions", "0009_urgency")]
    operations: ClassVar = [
        migrations.RunSQL(
            f"CREATE INDEX petition_by_external_key ON petitions_petition (way, ({FOLDED})) WHERE external_no <> ''",
            "DROP INDEX petition_by_external_key",
        ),
    ]
