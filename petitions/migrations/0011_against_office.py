from typing import ClassVar

from django.conf import settings
from django.db import migrations, models

# What accused the office before it could be kept from it: from now on it is.
FILL = """
UPDATE petitions_petition p SET against_office = TRUE
WHERE p.content = 'accusation' AND EXISTS (
    SELECT FROM petitions_accused a LEFT JOIN households_user u ON u.id = a.user_id
    WHERE a.petition_id = p.id AND (a.department_id = %s OR u.role = 'petition_office')
)
"""
KEPT = """
CREATE TRIGGER against_office_stays BEFORE UPDATE OF against_office ON petitions_petition
    FOR EACH ROW WHEN (OLD.against_office AND NOT NEW.against_office) EXECUTE FUNCTION refuse_change()
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("petitions", "0010_external_numbers"), ("households", "0007_year_arrangement")]
    operations: ClassVar = [
        migrations.AddField(
            "petition",
            "against_office",
            models.BooleanField(db_default=False, default=False, verbose_name="反映信访局自身"),
        ),
        migrations.RunSQL([(FILL, [settings.PETITION_OFFICE_CODE])], migrations.RunSQL.noop),
        migrations.AddIndex(
            "petition",
            models.Index("id", condition=models.Q(("against_office", True)), name="petition_against_office"),
        ),
        migrations.AddConstraint(
            "petition",
            models.CheckConstraint(
                condition=models.Q(("against_office", False), ("content", "accusation"), _connector="OR"),
                name="petition_against_office_accuses",
            ),
        ),
        migrations.RunSQL(KEPT, "DROP TRIGGER against_office_stays ON petitions_petition"),
    ]
