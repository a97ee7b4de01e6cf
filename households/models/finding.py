"""What households are found by. Kept beside them, so that neither an import nor a change of a name waits for it."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from households.models.division import CODE_COLLATION, Household


class HouseholdWords(models.Model):
    """One household's words (`households.register.indexing`) and the keyed digest of its telephone's last four digits.

    The database deletes the row together with the household.
    """

    household = models.OneToOneField(
        Household, models.DO_NOTHING, primary_key=True, related_name="words", db_constraint=False
    )
    words = SearchVectorField()
    tail = models.BigIntegerField("电话后四位的指纹", null=True)

    class Meta:
        verbose_name = "户的检索词"
        indexes = [
            GinIndex("words", name="household_by_words", fastupdate=False),
            models.Index("tail", name="household_by_tail", condition=models.Q(tail__isnull=False)),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class WordsMark(models.Model):
    """A household whose words are to be made anew: the database writes it with every change, whoever makes it.

    Never unique: who changes a household waits for nobody.
    """

    household = models.CharField(max_length=18, db_collation=CODE_COLLATION, db_index=True)

    class Meta:
        verbose_name = "待建检索词的户"

    def __str__(self) -> str:
        return self.household
