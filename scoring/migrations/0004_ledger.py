from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q

# The canonical line of an entry, and the hash that joins it to the entry before: see scoring/ledger/chains.py.
FUNCTIONS = r"""
CREATE FUNCTION ledger_leaf(chain text, seq bigint, owner_kind text, owner text, kind text, month text, year int,
                            amount int, held int, owed int, source_key text, text text, at timestamptz, salt bytea)
RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT sha256('\x00'::bytea || convert_to(concat_ws(E'\t',
        'v1', chain, seq, owner_kind, owner, kind, month, coalesce(year::text, ''), amount, held, owed, source_key, text,
        to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), encode(salt, 'hex')), 'UTF8'))
$$;
CREATE FUNCTION ledger_link(state bytea, before bytea, leaf bytea)
RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT sha256(coalesce(state, before) || leaf) $$;
CREATE AGGREGATE ledger_links(before bytea, leaf bytea) (SFUNC = ledger_link, STYPE = bytea);
"""
FUNCTIONS_DOWN = """
DROP AGGREGATE ledger_links(bytea, bytea);
DROP FUNCTION ledger_link(bytea, bytea, bytea);
DROP FUNCTION ledger_leaf(text, bigint, text, text, text, text, int, int, int, int, text, text, timestamptz, bytea);
"""

# What was credited before there were chains is chained in the order it was written. Points of a month that had lapsed
# when they were credited count as earned in the year of the credit.
CHAIN_WHAT_IS_THERE = r"""
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE scoring_pointentry DISABLE TRIGGER entry_append_only;
WITH named AS MATERIALIZED (
    SELECT e.id, e.kind, e.month, e.amount, e.held, e.owed, e.source_key, e.at, a.owner_kind, a.owner,
           CASE a.owner_kind WHEN 'department' THEN 'department:' || a.owner ELSE left(a.owner, 12) END AS chain,
           uuid_send(gen_random_uuid()) AS salt, left(e.month, 4)::int AS earned,
           extract(year FROM e.at AT TIME ZONE 'Asia/Shanghai')::int AS written,
           left(e.month, 4) || '年' || right(e.month, 2)::int || '月考核所得' AS text
    FROM scoring_pointentry e JOIN scoring_account a ON a.id = e.account_id
),
numbered AS (
    SELECT n.*, row_number() OVER (PARTITION BY chain ORDER BY id) AS seq,
           CASE WHEN earned + 1 < written THEN written ELSE earned END AS year
    FROM named n
),
linked AS (
    SELECT n.*, ledger_links(decode(repeat('00', 32), 'hex'),
                    ledger_leaf(chain, seq, owner_kind, owner, kind, month, year, amount, held, owed, source_key, text, at, salt)
                ) OVER (PARTITION BY chain ORDER BY seq ROWS UNBOUNDED PRECEDING) AS hash
    FROM numbered n
)
UPDATE scoring_pointentry e
SET chain = l.chain, seq = l.seq, salt = l.salt, year = l.year, text = l.text, hash = l.hash
FROM linked l WHERE l.id = e.id;
ALTER TABLE scoring_pointentry ENABLE TRIGGER entry_append_only;
INSERT INTO scoring_ledgerhead (chain, seq, hash)
SELECT DISTINCT ON (chain) chain, seq, hash FROM scoring_pointentry ORDER BY chain, seq DESC;
"""
NOTICES_STAND = """
CREATE TRIGGER notice_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON scoring_pointnotice
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
SIGNS = (
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
)
KINDS = [
    ("freeze", "考核获得"),
    ("restate", "考核更正"),
    ("recover", "扣还欠分"),
    ("hold", "预留"),
    ("release", "取消预留"),
    ("spend", "兑换"),
    ("reversal", "兑换退回"),
    ("expiry", "到期作废"),
    ("adjust", "人工调整"),
]


def field(model: str, name: str, column: models.Field, *, new: bool = True) -> migrations.operations.base.Operation:
    return (migrations.AddField if new else migrations.AlterField)(model, name, column)


def check(model: str, name: str, condition: Q) -> migrations.AddConstraint:
    return migrations.AddConstraint(model, models.CheckConstraint(name=name, condition=condition))


class Migration(migrations.Migration):
    dependencies: ClassVar = [("scoring", "0003_ship_schemes"), ("households", "0002_append_only")]
    operations: ClassVar = [
        field("account", "held", models.BigIntegerField("预留", default=0)),
        field("account", "owed", models.BigIntegerField("待扣还", default=0)),
        check("account", "account_holds_what_it_has", Q(held__gte=0, held__lte=F("balance"))),
        check("account", "account_owed_not_negative", Q(owed__gte=0)),
        check("account", "account_owes_only_without_free", Q(owed=0) | Q(balance=F("held"))),
        field("pointentry", "month", models.CharField("所属月份", max_length=7, db_collation="C", blank=True, default=""), new=False),
        field("pointentry", "source_key", models.CharField(max_length=120, unique=True, db_collation="C"), new=False),
        field("pointentry", "kind", models.CharField("种类", max_length=20, choices=KINDS), new=False),
        field("pointentry", "year", models.SmallIntegerField("获得年份", null=True, blank=True)),
        field("pointentry", "held", models.IntegerField("预留", default=0)),
        field("pointentry", "owed", models.IntegerField("待扣还", default=0)),
        field("pointentry", "text", models.CharField("事由", max_length=200, null=True)),
        field("pointentry", "chain", models.CharField("账链", max_length=32, db_collation="C", null=True)),
        field("pointentry", "seq", models.BigIntegerField("序号", null=True)),
        field("pointentry", "salt", models.BinaryField(max_length=16, null=True)),
        field("pointentry", "hash", models.BinaryField(max_length=32, null=True)),
        migrations.CreateModel(
            name="LedgerHead",
            fields=[
                ("chain", models.CharField("账链", primary_key=True, max_length=32, db_collation="C", serialize=False)),
                ("seq", models.BigIntegerField("序号", default=0)),
                ("hash", models.BinaryField(max_length=32)),
            ],
            options={"verbose_name": "账链末端"},
        ),
        migrations.RunSQL(FUNCTIONS, FUNCTIONS_DOWN),
        migrations.RunSQL(CHAIN_WHAT_IS_THERE, migrations.RunSQL.noop),
        field("pointentry", "text", models.CharField("事由", max_length=200), new=False),
        field("pointentry", "chain", models.CharField("账链", max_length=32, db_collation="C"), new=False),
        field("pointentry", "seq", models.BigIntegerField("序号"), new=False),
        field("pointentry", "salt", models.BinaryField(max_length=16), new=False),
        field("pointentry", "hash", models.BinaryField(max_length=32), new=False),
        migrations.RemoveConstraint("pointentry", "entry_moves_something"),
        check("pointentry", "entry_moves_something", ~Q(amount=0, held=0, owed=0)),
        check("pointentry", "entry_fits_its_kind", SIGNS),
        check("pointentry", "entry_earns_in_a_year", Q(amount__gt=0, year__isnull=False) | Q(amount__lte=0, year__isnull=True)),
        check("pointentry", "entry_is_one_line", ~Q(text="") & ~Q(text__contains="\t") & ~Q(text__contains="\n")),
        migrations.AddConstraint("pointentry", models.UniqueConstraint("chain", "seq", name="entry_one_per_link")),
        migrations.CreateModel(
            name="PointNotice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.SmallIntegerField("获得年份")),
                ("days", models.SmallIntegerField("提前天数")),
                ("amount", models.IntegerField("积分")),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("account", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="notices", to="scoring.account")),
            ],
            options={"verbose_name": "积分到期提醒", "ordering": ["id"]},
        ),
        migrations.AddConstraint("pointnotice", models.UniqueConstraint("account", "year", "days", name="notice_once")),
        check("pointnotice", "notice_of_something", Q(amount__gt=0, days__gt=0)),
        migrations.RunSQL(NOTICES_STAND, "DROP TRIGGER notice_append_only ON scoring_pointnotice"),
    ]
