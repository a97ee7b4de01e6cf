from django.db import migrations, models

_TRIGGERS = """
CREATE FUNCTION published_department() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE here text := (SELECT min(code) FROM households_division WHERE length(code) = 6);
BEGIN
    IF here IS NULL THEN
        RETURN NULL;
    ELSIF TG_OP = 'DELETE' THEN
        DELETE FROM dongkou_publisheddepartment WHERE cell = here AND month = OLD.month AND code = OLD.department_code;
        RETURN NULL;
    END IF;
    INSERT INTO dongkou_publisheddepartment AS told (cell, month, code, name, active, households, total, as_of)
    VALUES (here, NEW.month, NEW.department_code,
            coalesce((SELECT name FROM households_department WHERE code = NEW.department_code), NEW.department_code),
            NEW.active, NEW.households, NEW.total, NEW.as_of)
    ON CONFLICT (cell, month, code) DO UPDATE
    SET name = EXCLUDED.name, active = EXCLUDED.active, households = EXCLUDED.households, total = EXCLUDED.total,
        as_of = EXCLUDED.as_of;
    RETURN NULL;
END $$;
CREATE TRIGGER published_department AFTER INSERT OR UPDATE OR DELETE ON scoring_departmentscore
    FOR EACH ROW EXECUTE FUNCTION published_department();

-- Of the five rankings that are archived together the county's own speaks for all.
CREATE FUNCTION closed_month_told() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM scoring_divisionscore v
        LEFT JOIN scoring_sheet s ON s.period_id = v.month AND s.village_id = v.code AND s.state = 'frozen'
        WHERE v.month = NEW.month AND length(v.code) = 12 AND v.code >= NEW.within AND v.code < NEW.within || ':'
          AND v.active > 0 AND s.id IS NULL
    ) THEN
        INSERT INTO dongkou_closedmonth (cell, month, version, at) VALUES (NEW.within, NEW.month, NEW.version, NEW.at)
        ON CONFLICT (cell, month) DO UPDATE SET version = EXCLUDED.version, at = EXCLUDED.at;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER closed_month_told AFTER INSERT ON scoring_rankingsnapshot
    FOR EACH ROW WHEN (NEW.level = 'county') EXECUTE FUNCTION closed_month_told();

INSERT INTO dongkou_publisheddepartment (cell, month, code, name, active, households, total, as_of)
SELECT here.code, s.month, s.department_code, coalesce(d.name, s.department_code), s.active, s.households, s.total, s.as_of
FROM scoring_departmentscore s
CROSS JOIN (SELECT min(code) AS code FROM households_division WHERE length(code) = 6 HAVING count(*) > 0) here
LEFT JOIN households_department d ON d.code = s.department_code;

INSERT INTO dongkou_closedmonth (cell, month, version, at)
SELECT DISTINCT ON (r.within, r.month) r.within, r.month, r.version, r.at
FROM scoring_rankingsnapshot r
WHERE r.level = 'county' AND NOT EXISTS (
    SELECT FROM scoring_divisionscore v
    LEFT JOIN scoring_sheet s ON s.period_id = v.month AND s.village_id = v.code AND s.state = 'frozen'
    WHERE v.month = r.month AND length(v.code) = 12 AND v.code >= r.within AND v.code < r.within || ':'
      AND v.active > 0 AND s.id IS NULL
)
ORDER BY r.within, r.month, r.version DESC;
"""
_NO_TRIGGERS = """
DROP TRIGGER published_department ON scoring_departmentscore;
DROP FUNCTION published_department();
DROP TRIGGER closed_month_told ON scoring_rankingsnapshot;
DROP FUNCTION closed_month_told();
"""


class Migration(migrations.Migration):
    """What a province is told of departments and of frozen months, county by county (ADR 96)."""

    dependencies = [
        ("dongkou", "0003_table_sizes"),
        ("households", "0034_outside_identity"),
        ("scoring", "0031_drawn_by"),
    ]

    operations = [
        migrations.CreateModel(
            name="PublishedDepartment",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "cell", "month", "code", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("cell", models.CharField(db_collation="C", max_length=6, verbose_name="县级代码")),
                ("month", models.CharField(db_collation="C", max_length=7)),
                ("code", models.CharField(max_length=20)),
                ("name", models.CharField(max_length=60, verbose_name="名称")),
                ("active", models.BigIntegerField(verbose_name="加权在册户数")),
                ("households", models.BigIntegerField(verbose_name="加权户数")),
                ("total", models.BigIntegerField(verbose_name="加权总分")),
                ("as_of", models.DateTimeField(verbose_name="计算时间")),
            ],
            options={"verbose_name": "报省的部门得分"},
        ),
        migrations.CreateModel(
            name="ClosedMonth",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "cell", "month", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("cell", models.CharField(db_collation="C", max_length=6, verbose_name="县级代码")),
                ("month", models.CharField(db_collation="C", max_length=7)),
                ("version", models.PositiveIntegerField(verbose_name="版次")),
                ("at", models.DateTimeField(verbose_name="存档时间")),
            ],
            options={"verbose_name": "报省的锁定月份"},
        ),
        migrations.RunSQL(_TRIGGERS, _NO_TRIGGERS),
    ]
