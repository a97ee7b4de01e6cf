"""What keeps accounts in more than one hand: open sign-ins, identities at a provider, passwords used before, the second factor, and
requests that a second person confirms.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from households.models.division import Division
from households.roles import HIGH, Role
from households.sealing.fields import SealedBytesField


class SignIn(models.Model):
    """One sign-in of a person in a browser, for as long as its session lasts; `key` is the session's own.

    Whoever reads this table can open nothing that the session table beside it would not open.
    """

    key = models.CharField(max_length=40, primary_key=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="sign_ins")
    browser = models.CharField("浏览器", max_length=40)
    at = models.DateTimeField("登录时间")
    through_provider = models.BooleanField("经统一身份认证", default=False, db_default=False)

    class Meta:
        verbose_name = "登录"

    def __str__(self) -> str:
        return f"sign-in {self.user_id}"


class OutsideIdentity(models.Model):
    """Who the owner of an account is at an OpenID provider (ADR 87): the `subject` in this `claim` of tokens of this `issuer`.

    Under another claim the same word may name somebody else, so the claim is part of the identity. `by` is an administrator, or
    the owner.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="outside_identity"
    )
    issuer = models.CharField(max_length=300, db_collation="C")
    claim = models.CharField(max_length=100, db_collation="C")
    subject = models.CharField("身份", max_length=255, db_collation="C")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField("绑定时间", default=timezone.now)

    class Meta:
        verbose_name = "统一身份认证"
        constraints = [
            models.UniqueConstraint("issuer", "claim", "subject", name="outside_identity_of_one_account"),
            models.CheckConstraint(name="outside_identity_names_somebody", condition=~Q(subject="")),
        ]

    def __str__(self) -> str:
        return f"outside identity {self.user_id}"


class UsedPassword(models.Model):
    """The digest of a password that an account had: it is not taken again."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="used_passwords")
    digest = models.CharField(max_length=128)

    class Meta:
        verbose_name = "用过的密码"

    def __str__(self) -> str:
        return f"used {self.user_id}"


class SecondFactor(models.Model):
    """The telephone whose codes open the account together with the password. `pending` is the secret of one being bound.

    A code is good once: none of a step up to `last_step` is taken again. After some wrong ones none is, until `paused_until`.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="second_factor"
    )
    secret = SealedBytesField(null=True)
    pending = SealedBytesField(null=True)
    since = models.DateTimeField("启用时间", null=True)
    last_step = models.BigIntegerField(default=0, db_default=0)
    failures = models.PositiveSmallIntegerField(default=0, db_default=0)
    paused_until = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "动态口令"
        constraints = [
            models.CheckConstraint(
                name="second_factor_since_it_is_there",
                condition=Q(secret__isnull=True, since__isnull=True) | Q(secret__isnull=False, since__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"second factor {self.user_id}"


class RecoveryCode(models.Model):
    """The keyed digest of a code that stands in for the telephone, once."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "备用码"
        constraints = [models.UniqueConstraint("user", "digest", name="recovery_code_once")]

    def __str__(self) -> str:
        return f"recovery {self.user_id}"


class RequestKind(models.TextChoices):
    CREATE = "create", "新建账号"
    RESET = "reset", "换一次性密码"
    REOPEN = "reopen", "重新启用"
    FACTOR = "factor", "解除动态口令"


class RequestState(models.TextChoices):
    OPEN = "open", "等待确认"
    DONE = "done", "已确认"
    REFUSED = "refused", "未同意"
    WITHDRAWN = "withdrawn", "已撤回"


class AccountRequest(models.Model):
    """What one administrator asks for about an account of a high post, and a second one decides. Never deleted.

    To take the second factor from an account takes two whatever its post.

    `subject` is the account it is about; of a new one empty until it is made, and then `predecessor` closes. After `expires_at`
    nobody can confirm it.
    """

    kind = models.CharField("事项", max_length=10, choices=RequestKind.choices)
    state = models.CharField("状态", max_length=10, choices=RequestState.choices, default=RequestState.OPEN)
    username = models.CharField("账号", max_length=50)
    display_name = models.CharField("姓名", max_length=30)
    role = models.CharField("角色", max_length=20)
    place = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+")
    subject = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="account_requests"
    )
    phone = models.BinaryField("电话（密文）", null=True)
    predecessor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField("原因", max_length=100)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField("申请时间")
    expires_at = models.DateTimeField("过期时间")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField("处理时间", null=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = "账号申请"
        constraints = [
            models.CheckConstraint(
                name="account_request_of_a_high_post", condition=Q(role__in=sorted(HIGH)) | Q(kind="factor")
            ),
            models.CheckConstraint(name="account_request_kind_known", condition=Q(kind__in=RequestKind.values)),
            models.CheckConstraint(
                name="account_request_decided_or_open",
                condition=Q(state="open", decided_by=None, decided_at=None)
                | ~Q(state="open") & Q(decided_by__isnull=False, decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="account_request_two_hands",
                condition=~Q(state__in=("done", "refused")) | ~Q(decided_by=models.F("asked_by")),
            ),
            models.UniqueConstraint("username", condition=Q(state="open"), name="account_request_one_open"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.username}"

    @property
    def is_waiting(self) -> bool:
        """Whether a second hand can still confirm it."""
        return self.state == RequestState.OPEN and self.expires_at > timezone.now()

    @property
    def has_expired(self) -> bool:
        """Whether nobody confirmed it in its time."""
        return self.state == RequestState.OPEN and not self.is_waiting

    @property
    def role_label(self) -> str:
        """The post in Chinese."""
        return Role(self.role).label
