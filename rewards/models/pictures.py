"""Pictures and signatures, kept in the database: a backup of it is whole, and a row and its picture stand or fall together."""

from django.db import models
from django.db.models import Q

from households.models import User
from households.sealing.fields import SealedBytesField


class Picture(models.Model):
    """One picture, made anew from what was uploaded (`rewards.pictures.pictures`). Never edited.

    It lies sealed: a signature is personal, and a photo may show somebody.

    The digest is the key, so a row that refers to a picture needs no join to show it: `item.picture_id` is its address.
    `place` is empty for what everybody may see; else it is the code of the division whose staff may (a signature).
    """

    digest = models.CharField("摘要", primary_key=True, max_length=64, db_collation="C")
    content = SealedBytesField("内容（密文）")
    width = models.PositiveSmallIntegerField("宽（像素）")
    height = models.PositiveSmallIntegerField("高（像素）")
    place = models.CharField("仅限此地工作人员", max_length=18, blank=True, default="", db_collation="C")
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "图片"
        constraints = [
            models.CheckConstraint(name="picture_digest_is_sha256", condition=Q(digest__regex=r"^[0-9a-f]{64}$")),
            models.CheckConstraint(name="picture_has_a_size", condition=Q(width__gt=0, height__gt=0)),
            models.CheckConstraint(name="picture_place_is_a_code", condition=Q(place__regex=r"^([0-9]{6,18})?$")),
        ]

    def __str__(self) -> str:
        return self.digest[:12]

    @property
    def private(self) -> bool:
        return bool(self.place)
