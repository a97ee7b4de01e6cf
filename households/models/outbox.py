"""The outbox: what a household or the filer of a petition is told, by page, by paper and by SMS."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from households.models.division import CODE_COLLATION


class OutboxState(models.TextChoices):
    """What became of the SMS. The message itself stands behind the plate or on the petition's page in every state."""

    WAITING = "waiting", "短信等发送"
    SENDING = "sending", "短信正在发送"
    HANDED = "handed", "短信已交给短信平台"
    UNSURE = "unsure", "短信可能已送出"
    REFUSED = "refused", "短信没有发出"
    NO_NUMBER = "no_number", "没有手机号，没发短信"
    NO_SMS = "no_sms", "不发短信"


class OutboxMessage(models.Model):
    """One event, told once to one household or to the filer of one petition.

    There is no text: `kind` chooses a fixed sentence (`households.outbox.kinds`). `key` makes a repetition harmless. Who read it
    is kept nowhere (ADR 64). `quiet`: neither by SMS nor on paper, which pass through others' hands. What is said never changes
    and a state at its end stays (trigger); `due_at` is when the SMS is tried next, `tried_at` when it was last.
    """

    key = models.CharField(max_length=120, unique=True, db_collation=CODE_COLLATION)
    kind = models.CharField("种类", max_length=40)
    household = models.CharField("户编号", max_length=18, blank=True, default="", db_collation=CODE_COLLATION)
    petition = models.CharField("信访编号", max_length=18, blank=True, default="", db_collation=CODE_COLLATION)
    quiet = models.BooleanField("只在本人页面上", default=False)
    made_at = models.DateTimeField("时间", default=timezone.now)
    state = models.CharField("短信", max_length=10, choices=OutboxState.choices, default=OutboxState.WAITING)
    attempts = models.PositiveSmallIntegerField("试过几次", default=0)
    due_at = models.DateTimeField("何时再试", default=timezone.now)
    tried_at = models.DateTimeField("最近一次", null=True)
    handed_at = models.DateTimeField("交出时间", null=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = "发出的消息"
        indexes = [
            models.Index("household", "id", name="outbox_by_household", condition=~Q(household="")),
            models.Index("petition", "id", name="outbox_by_petition", condition=~Q(petition="")),
            models.Index("due_at", "id", name="outbox_due", condition=Q(state__in=["waiting", "sending"])),
            models.Index("made_at", name="outbox_by_time"),
        ]
        constraints = [
            models.CheckConstraint(name="outbox_to_one", condition=Q(household="") ^ Q(petition="")),
            models.CheckConstraint(name="outbox_whole", condition=~Q(kind="") & ~Q(key="")),
            models.CheckConstraint(name="outbox_state_known", condition=Q(state__in=OutboxState.values)),
            models.CheckConstraint(
                name="outbox_handed_at_a_time",
                condition=Q(state="handed", handed_at__isnull=False) | ~Q(state="handed") & Q(handed_at=None),
            ),
            models.CheckConstraint(name="outbox_quiet_is_not_sent", condition=Q(quiet=False) | Q(state="no_sms")),
        ]

    def __str__(self) -> str:
        return self.key


class NoSms(models.Model):
    """A household that wants no SMS, by its own word."""

    household = models.CharField("户编号", max_length=18, primary_key=True, db_collation=CODE_COLLATION)
    since = models.DateTimeField("从何时起", default=timezone.now)

    class Meta:
        verbose_name = "不要短信的户"

    def __str__(self) -> str:
        return self.household
