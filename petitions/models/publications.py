"""What everybody may read of a petition: its redacted copy; and whether its filer wants that."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from households.models import Division
from petitions.models.petitions import MAX_TITLE, Channel, Petition
from petitions.sealed import SealedTextField


class Publication(models.Model):
    """The redacted title, text and answer of one answered petition, under a number of its own.

    `year` is that of the filing, `serial` counts publications: neither leads to the petition's number. The original is
    not touched. Withdrawn, its words are gone for good, and who withdrew it and why remains (`withdrawn_by` empty: the
    filer). The database refuses any other change, and every petition that is or ever was an accusation (trigger).
    """

    petition = models.ForeignKey(Petition, on_delete=models.PROTECT, related_name="publications")
    county = models.CharField("县", max_length=6, db_collation="C")
    year = models.PositiveSmallIntegerField("年度")
    serial = models.PositiveIntegerField("公开号")
    channel = models.CharField("渠道", max_length=10, choices=Channel.choices)
    township = models.ForeignKey(Division, on_delete=models.PROTECT, null=True, related_name="+")
    title = models.CharField("公开标题", max_length=MAX_TITLE, blank=True)
    text = models.TextField("公开内容", blank=True)
    answer = models.TextField("公开答复", blank=True)
    published_at = models.DateTimeField("公开时间")
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField("撤下时间", null=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    reason = SealedTextField("撤下原因（密文）")

    class Meta:
        ordering = ["-id"]
        verbose_name = "公开件"
        constraints = [
            models.UniqueConstraint("county", "year", "serial", name="publication_number"),
            models.UniqueConstraint("petition", condition=Q(withdrawn_at__isnull=True), name="publication_one_stands"),
            models.CheckConstraint(name="publication_channel_known", condition=Q(channel__in=Channel.values)),
            models.CheckConstraint(
                name="publication_worded_while_it_stands",
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                & ~Q(title="")
                & ~Q(text="")
                & ~Q(answer="")
                | Q(withdrawn_at__isnull=False, title="", text="", answer=""),
            ),
        ]

    def __str__(self) -> str:
        return self.public_number

    @property
    def public_number(self) -> str:
        """公开 2026-12: what people call it by."""
        return f"{self.year}-{self.serial}"


class PublicWish(models.Model):
    """What the filer said about publishing; without a row nothing was said. `allowed` False: it is not published."""

    petition = models.OneToOneField(Petition, on_delete=models.PROTECT, related_name="public_wish")
    allowed = models.BooleanField("可以公开")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "公开意愿"

    def __str__(self) -> str:
        return f"wish {self.petition_id}"
