"""Points accounts, their entries and the chains that the entries hang on. The only door is `scoring.ledger.door`."""

from django.db import models
from django.db.models import F, Q

from scoring.reasons import listed


class OwnerKind(models.TextChoices):
    HOUSEHOLD = "household", "户"
    DIVISION = "division", "组、村、乡镇"
    DEPARTMENT = "department", "县直部门"


class EntryKind(models.TextChoices):
    FREEZE = "freeze", "考核获得"
    RESTATE = "restate", "考核更正"
    RECOVER = "recover", "扣还欠分"
    HOLD = "hold", "预留"
    RELEASE = "release", "取消预留"
    SPEND = "spend", "兑换"
    REVERSAL = "reversal", "兑换退回"
    EXPIRY = "expiry", "到期作废"
    ADJUST = "adjust", "人工调整"
    MOVED_OUT = "moved_out", "户籍变更转出"
    MOVED_IN = "moved_in", "户籍变更转入"
    FORFEIT = "forfeit", "注销作废"


class Account(models.Model):
    """What a household, division or department has in points. Each figure is the sum of its entries.

    `balance` is what it has, `held` what of that is reserved, `owed` what a restated month gave too much and is still to
    be taken back. Whoever owes has nothing free: it was taken before anything could be owed.
    """

    owner_kind = models.CharField(max_length=10, choices=OwnerKind.choices)
    owner = models.CharField("代码", max_length=20, db_collation="C")
    balance = models.BigIntegerField("余额", default=0)
    held = models.BigIntegerField("预留", default=0)
    owed = models.BigIntegerField("待扣还", default=0)

    class Meta:
        verbose_name = "积分账户"
        constraints = [
            models.UniqueConstraint("owner", "owner_kind", name="account_one_per_owner"),
            models.CheckConstraint(name="account_never_negative", condition=Q(balance__gte=0)),
            models.CheckConstraint(name="account_holds_what_it_has", condition=Q(held__gte=0, held__lte=F("balance"))),
            models.CheckConstraint(name="account_owed_not_negative", condition=Q(owed__gte=0)),
            models.CheckConstraint(name="account_owes_only_without_free", condition=Q(owed=0) | Q(balance=F("held"))),
        ]

    def __str__(self) -> str:
        return f"{self.owner_kind} {self.owner}"


_SIGNS = (
    Q(kind="freeze", amount__gt=0, held=0, owed=0)
    | Q(kind="restate", amount__gt=0, held=0, owed=0)
    | Q(kind="restate", amount__lte=0, held=0, owed__gte=0)
    | Q(kind="recover", amount__lt=0, held=0, owed=F("amount"))
    | Q(kind="hold", amount=0, held__gt=0, owed=0)
    | Q(kind="release", amount=0, held__lt=0, owed=0)
    | Q(kind="spend", amount__lt=0, held=F("amount"), owed=0)
    | Q(kind="spend", amount__lte=0, held=0, owed__gte=0)
    | Q(kind="reversal", amount__gt=0, held=0, owed=0)
    | Q(kind="expiry", amount__lt=0, held=0, owed=0)
    | Q(kind="adjust", held=0, owed=0)
    | Q(kind="moved_out", amount__lte=0, held=0, owed__lte=0)
    | Q(kind="moved_in", amount__gte=0, held=0, owed__gte=0)
    | Q(kind="forfeit", amount__lt=0, held=0, owed=0)
)


class PointEntry(models.Model):
    """One movement of points: what it adds to balance, held and owed. Append-only by trigger.

    `source_key` makes a repetition harmless. `month` is the month of the score behind it (empty without one), `year` the
    year in which points that come in count as earned. `text` tells the owner why. `chain`, `seq`, `salt` and `hash` are
    explained in `scoring.ledger.chains`.
    """

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="entries")
    month = models.CharField("所属月份", max_length=7, db_collation="C", blank=True, default="")
    year = models.SmallIntegerField("获得年份", null=True, blank=True)
    amount = models.IntegerField("积分")
    held = models.IntegerField("预留", default=0)
    owed = models.IntegerField("待扣还", default=0)
    kind = models.CharField("种类", max_length=20, choices=EntryKind.choices)
    source_key = models.CharField(max_length=120, unique=True, db_collation="C")
    text = models.CharField("事由", max_length=200)
    at = models.DateTimeField(auto_now_add=True)
    chain = models.CharField("账链", max_length=32, db_collation="C")
    seq = models.BigIntegerField("序号")
    salt = models.BinaryField(max_length=16)
    hash = models.BinaryField(max_length=32)

    class Meta:
        ordering = ["id"]
        verbose_name = "积分明细"
        indexes = [models.Index("id", condition=Q(kind__in=["restate", "adjust"]), name="entry_put_right")]
        constraints = [
            models.UniqueConstraint("chain", "seq", name="entry_one_per_link"),
            models.CheckConstraint(name="entry_moves_something", condition=~Q(amount=0, held=0, owed=0)),
            models.CheckConstraint(name="entry_fits_its_kind", condition=_SIGNS),
            models.CheckConstraint(
                name="entry_earns_in_a_year",
                condition=Q(amount__gt=0, year__isnull=False) | Q(amount__lte=0, year__isnull=True),
            ),
            # The canonical line is made of columns with tabs between them.
            models.CheckConstraint(
                name="entry_is_one_line",
                condition=~Q(text="") & ~Q(text__contains="\t") & ~Q(text__contains="\n"),
            ),
        ]

    def __str__(self) -> str:
        return self.source_key

    @property
    def shown_text(self) -> str:
        """`text` for its readers: free words of a correction, from before there was a list of reasons, are left out."""
        return listed(self.text)


class LedgerHead(models.Model):
    """The end of a chain: number and hash of its last entry. Locked before anything is added to the chain."""

    chain = models.CharField("账链", primary_key=True, max_length=32, db_collation="C")
    seq = models.BigIntegerField("序号", default=0)
    hash = models.BinaryField(max_length=32)

    class Meta:
        verbose_name = "账链末端"

    def __str__(self) -> str:
        return f"{self.chain} {self.seq}"


class PointNotice(models.Model):
    """A household, division or department was told: so many points of `year` lapse in `days` days."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="notices", db_index=False)
    year = models.SmallIntegerField("获得年份")
    days = models.SmallIntegerField("提前天数")
    amount = models.IntegerField("积分")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        verbose_name = "积分到期提醒"
        constraints = [
            models.UniqueConstraint("account", "year", "days", name="notice_once"),
            models.CheckConstraint(name="notice_of_something", condition=Q(amount__gt=0, days__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.year} {self.days}"
