"""Photos and papers that filers add to what they write."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from households.refusals import Refused
from households.sealing.sealing import Unreadable, seal, unseal
from petitions.models.petitions import Petition


class FileKind(models.TextChoices):
    PHOTO = "photo", "照片"
    PDF = "pdf", "PDF 文件"


class Attachment(models.Model):
    """One file of a petition, encrypted; made anew from what was uploaded when it is a photo. Never edited.

    `digest` is the keyed digest of the upload's content: the same file sent twice is one row. `by` empty: the filer.
    Gone with the petition's text when that is erased.
    """

    petition = models.ForeignKey(Petition, on_delete=models.PROTECT, related_name="attachments", db_index=False)
    kind = models.CharField("种类", max_length=6, choices=FileKind.choices)
    digest = models.CharField("摘要", max_length=64)
    sealed = models.BinaryField("内容（密文）")
    size = models.PositiveIntegerField("大小（字节）")
    at = models.DateTimeField("提交时间")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        ordering = ["petition", "id"]
        verbose_name = "信访附件"
        constraints = [
            models.UniqueConstraint("petition", "digest", name="attachment_once"),
            models.CheckConstraint(name="attachment_kind_known", condition=Q(kind__in=FileKind.values)),
            models.CheckConstraint(name="attachment_digest_shaped", condition=Q(digest__regex=r"^[0-9a-f]{64}$")),
            models.CheckConstraint(name="attachment_has_a_size", condition=Q(size__gt=0)),
        ]

    def __str__(self) -> str:
        return f"attachment {self.pk}"

    @property
    def content(self) -> bytes:
        """The file. Refused (409) when it was sealed under another key."""
        try:
            return unseal(self.sealed)
        except Unreadable as fault:
            hint = "它是用另一把密钥存的，请系统管理员核对密钥。"
            raise Refused("file_unreadable", "这个文件读不出。", hint=hint, status=409) from fault

    @content.setter
    def content(self, content: bytes) -> None:
        self.sealed, self.size = seal(content), len(content)

    @property
    def extension(self) -> str:
        return "pdf" if self.kind == FileKind.PDF else "jpg"
