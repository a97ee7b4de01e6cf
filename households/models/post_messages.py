"""Messages to posts: what happened that whoever holds the post should know of. What waits is asked live, never stored here."""

from django.db import models
from django.utils import timezone

from households.models.division import CODE_COLLATION
from households.roles import Role


class PostMessage(models.Model):
    """One thing that happened, told once to one post: `role` at `place` (a division's or department's code).

    `key` makes a repetition harmless. `about` are the few words by which `households.inbox.kinds` says what it was and where it is
    seen: codes, months and numbers, never anything personal. Who has read it is kept nowhere (ADR 62).
    """

    key = models.CharField(max_length=120, unique=True, db_collation=CODE_COLLATION)
    kind = models.CharField("种类", max_length=40)
    role = models.CharField("岗位", max_length=20)
    place = models.CharField("地点代码", max_length=20, db_collation=CODE_COLLATION)
    about = models.JSONField("关于", default=list)
    at = models.DateTimeField("时间", default=timezone.now)

    class Meta:
        ordering = ["-id"]
        verbose_name = "岗位消息"
        indexes = [models.Index("role", "place", "id", name="message_by_post")]
        constraints = [
            models.CheckConstraint(name="message_to_a_known_post", condition=models.Q(role__in=sorted(Role))),
            models.CheckConstraint(
                name="message_whole", condition=~models.Q(place="") & ~models.Q(kind="") & ~models.Q(key="")
            ),
        ]

    def __str__(self) -> str:
        return self.key
