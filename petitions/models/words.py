"""By which words petitions are found, as keyed digests: see `petitions.search.index`."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from petitions.models.petitions import Petition


class PetitionWords(models.Model):
    """The digests of what one petition's texts hold, sorted, each once; a table of its own, because every step of a
    petition writes its row anew, and with it everything that is indexed there.

    `seq` is the last line of the history that was looked at, `recipe` by which key and rules: a row of another recipe is
    found by nothing until `manage.py index_petitions` has made it anew. Gone as soon as the petition's content is erased
    (trigger).

    Fresh rows wait on the index's list of what is pending (fastupdate) and go into it many at once: one by one each of
    their hundreds of digests rewrites a leaf that is the longer the more petitions there are. A search looks through the
    list, too, which PostgreSQL keeps below 4 MB (`gin_pending_list_limit`): some 450 petitions, two milliseconds.
    """

    petition = models.OneToOneField(Petition, on_delete=models.PROTECT, primary_key=True, related_name="indexed")
    words = ArrayField(models.BigIntegerField())
    seq = models.PositiveIntegerField()
    recipe = models.BigIntegerField()

    class Meta:
        verbose_name = "信访检索词"
        indexes = [GinIndex("words", name="petitionwords_by_word")]

    def __str__(self) -> str:
        return f"words of {self.petition_id}"
