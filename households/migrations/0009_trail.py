from typing import ClassVar

import django.utils.timezone
from django.db import migrations, models

# `trail_watch` has a table's rows followed: every statement that changes them writes one line a changed row, in its own
# transaction, with the digest of the row's columns as they are now. The columns are those that the table has when it is
# called, without `ignored` (counters that mean nothing later); called again after a column was added it takes them anew.
# Rows that have no line of their present digest are taken as they are found. `trail_digest(row)` is the digest.
#
# A table's trigger writes with the rights of the tables' owner: nobody else needs any right on the trail but to read it.
FUNCTIONS = """
CREATE FUNCTION trail_watch(watched text, ignored text[] DEFAULT '{}') RETURNS void LANGUAGE plpgsql AS $watch$
DECLARE
    fields text;
    key text;
BEGIN
    SELECT string_agg(CASE t.typname
               WHEN 'timestamptz' THEN format('extract(epoch FROM @.%I)', a.attname)
               WHEN 'bytea' THEN format('encode(sha256(@.%I), ''hex'')', a.attname)
               ELSE format('@.%I', a.attname) END, ', ' ORDER BY a.attnum)
    INTO fields FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
    WHERE a.attrelid = watched::regclass AND a.attnum > 0 AND NOT a.attisdropped AND a.attname <> ALL (ignored);
    fields := format('sha256(convert_to(jsonb_build_array(%s)::text, ''UTF8''))', fields);
    SELECT format('%I', a.attname) INTO STRICT key
    FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
    WHERE i.indrelid = watched::regclass AND i.indisprimary;
    EXECUTE format('CREATE OR REPLACE FUNCTION trail_digest(r %I) RETURNS bytea LANGUAGE sql STABLE AS $f$ SELECT %s $f$',
                   watched, replace(fields, '@', 'r'));
    EXECUTE format($make$
        CREATE OR REPLACE FUNCTION trail_of_%1$s() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
            SET search_path = public, pg_temp AS $f$
        BEGIN
            IF TG_OP = 'INSERT' THEN
                INSERT INTO households_trail (source, key, op, digest, transaction, at)
                SELECT '%1$s', n.%2$s::text, 'i', %3$s, pg_current_xact_id()::text::bigint, transaction_timestamp()
                FROM new_rows n;
            ELSIF TG_OP = 'UPDATE' THEN
                INSERT INTO households_trail (source, key, op, digest, transaction, at)
                SELECT '%1$s', n.%2$s::text, 'u', %3$s, pg_current_xact_id()::text::bigint, transaction_timestamp()
                FROM new_rows n JOIN old_rows o ON o.%2$s = n.%2$s WHERE %3$s <> %4$s;
            ELSE
                INSERT INTO households_trail (source, key, op, digest, transaction, at)
                SELECT '%1$s', o.%2$s::text, 'd', NULL, pg_current_xact_id()::text::bigint, transaction_timestamp()
                FROM old_rows o;
            END IF;
            RETURN NULL;
        END $f$;
        CREATE OR REPLACE TRIGGER trail_insert AFTER INSERT ON %1$s
            REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION trail_of_%1$s();
        CREATE OR REPLACE TRIGGER trail_update AFTER UPDATE ON %1$s
            REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION trail_of_%1$s();
        CREATE OR REPLACE TRIGGER trail_delete AFTER DELETE ON %1$s
            REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION trail_of_%1$s();
        CREATE OR REPLACE TRIGGER trail_truncate BEFORE TRUNCATE ON %1$s
            FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
        INSERT INTO households_trail (source, key, op, digest, transaction, at)
        SELECT '%1$s', r.%2$s::text, 't', trail_digest(r), pg_current_xact_id()::text::bigint, transaction_timestamp()
        FROM %1$s r LEFT JOIN (
            SELECT DISTINCT ON (key) key, digest FROM households_trail WHERE source = '%1$s' ORDER BY key, id DESC
        ) l ON l.key = r.%2$s::text
        WHERE l.digest IS DISTINCT FROM trail_digest(r) ORDER BY r.%2$s
        $make$, watched, key, replace(fields, '@', 'n'), replace(fields, '@', 'o'));
END $watch$;
REVOKE ALL ON FUNCTION trail_watch(text, text[]) FROM PUBLIC;

CREATE FUNCTION trail_unwatch(watched text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('DROP TRIGGER trail_insert ON %1$s; DROP TRIGGER trail_update ON %1$s; DROP TRIGGER trail_delete ON %1$s;
                    DROP TRIGGER trail_truncate ON %1$s; DROP FUNCTION trail_of_%1$s(); DROP FUNCTION trail_digest(%1$s)', watched);
END $$;
REVOKE ALL ON FUNCTION trail_unwatch(text) FROM PUBLIC;

-- The number of the last line that is final: whoever is writing lines is waited for, and for two seconds at most.
CREATE FUNCTION trail_cut() RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp SET lock_timeout = '2s' AS $$
BEGIN
    LOCK TABLE households_trail IN SHARE MODE;
    RETURN (SELECT coalesce(max(id), 0) FROM households_trail);
END $$;

CREATE TRIGGER trail_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON households_trail
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER seal_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON households_trailseal
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER account_never_deleted BEFORE DELETE ON households_user
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
FUNCTIONS_DOWN = """
DROP FUNCTION trail_watch(text, text[]);
DROP FUNCTION trail_unwatch(text);
DROP FUNCTION trail_cut();
DROP TRIGGER trail_append_only ON households_trail;
DROP TRIGGER seal_append_only ON households_trailseal;
DROP TRIGGER account_never_deleted ON households_user;
"""
WATCH = """
SELECT trail_watch('households_auditevent');
SELECT trail_watch('households_user', '{last_login}');
SELECT trail_watch('households_plate', '{failures,locked_until,opened_at,opening_noted}');
SELECT trail_watch('households_linkage');
SELECT trail_watch('households_yeararrangement');
"""
WATCH_DOWN = """
SELECT trail_unwatch('households_auditevent');
SELECT trail_unwatch('households_user');
SELECT trail_unwatch('households_plate');
SELECT trail_unwatch('households_linkage');
SELECT trail_unwatch('households_yeararrangement');
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("households", "0008_kept_moment"),
    ]

    operations: ClassVar = [
        migrations.AddField(
            model_name="auditevent",
            name="address",
            field=models.BinaryField(null=True, verbose_name="来源地址"),
        ),
        migrations.AddField(
            model_name="auditevent",
            name="mac",
            field=models.BinaryField(null=True, verbose_name="带密钥的指纹"),
        ),
        migrations.AddField(
            model_name="auditevent",
            name="session",
            field=models.CharField(blank=True, default="", max_length=16, verbose_name="会话"),
        ),
        migrations.AlterField(
            model_name="auditevent",
            name="at",
            field=models.DateTimeField(default=django.utils.timezone.now, editable=False),
        ),
        migrations.CreateModel(
            name="TrailLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source", models.CharField(db_collation="C", max_length=40, verbose_name="表")),
                ("key", models.CharField(db_collation="C", max_length=70, verbose_name="行")),
                ("op", models.CharField(max_length=1, verbose_name="变动")),
                ("digest", models.BinaryField(null=True, verbose_name="指纹")),
                ("transaction", models.BigIntegerField(verbose_name="事务")),
                ("at", models.DateTimeField(verbose_name="时间")),
            ],
            options={
                "verbose_name": "留痕",
                "db_table": "households_trail",
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("digest__isnull", True), ("op", "d")),
                            models.Q(("digest__isnull", False), ("op__in", ["i", "u", "t"])),
                            _connector="OR",
                        ),
                        name="trail_digest_unless_deleted",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TrailSeal",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False, verbose_name="封号")),
                ("upto", models.BigIntegerField(unique=True, verbose_name="到哪一条")),
                ("size", models.BigIntegerField(verbose_name="累计条数")),
                ("head", models.CharField(max_length=64, verbose_name="指纹")),
                ("mac", models.CharField(max_length=64, verbose_name="带密钥的指纹")),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="时间")),
            ],
            options={
                "verbose_name": "留痕封条",
                "ordering": ["number"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("number__gt", 0), ("size__gt", 0), ("upto__gt", 0)),
                        name="seal_of_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("head__regex", "^[0-9a-f]{64}$"), ("mac__regex", "^[0-9a-f]{64}$")),
                        name="seal_is_sha256",
                    ),
                ],
            },
        ),
        migrations.RunSQL(FUNCTIONS, FUNCTIONS_DOWN),
        migrations.RunSQL(WATCH, WATCH_DOWN),
    ]
