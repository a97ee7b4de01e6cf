from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

KINDS = (
    *(
        "file",
        "accept",
        "redirect",
        "not_accept",
        "assign",
        "contest",
        "handle",
        "return",
        "answer",
        "confirm",
        "close",
    ),
    *("reopen", "ask_review", "review", "ask_final_review", "final_review", "merge", "unmerge", "withdraw"),
    *("ask_extension", "extend", "pause", "resume", "remind", "supervise", "note", "tell", "supplement", "classify"),
    *("recuse", "unmask", "rate", "hold", "release", "ask_erasure", "refuse_erasure", "erase"),
    *("receive", "promise", "own"),
)

# What was filed changes in one way only: to nothing, when the content or who filed is erased, and once. Of an erased
# petition nothing of it comes back. Content goes only at an end, and never while the petition is held.
PETITION = """
CREATE OR REPLACE FUNCTION petition_follows_history() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    erasing boolean := NEW.erased_at IS NOT NULL AND OLD.erased_at IS NULL;
    contact boolean := NEW.contact_erased_at IS NOT NULL AND OLD.contact_erased_at IS NULL;
BEGIN
    IF (NEW.number, NEW.follow_digest, NEW.channel, NEW.way, NEW.place_id, NEW.filed_at, NEW.filed_by_id, NEW.people,
        NEW.external_no)
       IS DISTINCT FROM
       (OLD.number, OLD.follow_digest, OLD.channel, OLD.way, OLD.place_id, OLD.filed_at, OLD.filed_by_id, OLD.people,
        OLD.external_no)
       OR OLD.erased_at IS NOT NULL AND NEW.erased_at IS DISTINCT FROM OLD.erased_at
       OR OLD.contact_erased_at IS NOT NULL AND NEW.contact_erased_at IS DISTINCT FROM OLD.contact_erased_at
       OR OLD.papers_erased_at IS NOT NULL AND NEW.papers_erased_at IS DISTINCT FROM OLD.papers_erased_at
       OR NOT erasing AND (NEW.title, NEW.text, NEW.enterprise, NEW.external_link)
          IS DISTINCT FROM (OLD.title, OLD.text, OLD.enterprise, OLD.external_link)
       OR NOT contact AND (NEW.filer_name, NEW.filer_phone, NEW.filer_key, NEW.household_id)
          IS DISTINCT FROM (OLD.filer_name, OLD.filer_phone, OLD.filer_key, OLD.household_id) THEN
        RAISE EXCEPTION 'what was filed never changes' USING ERRCODE = 'restrict_violation';
    END IF;
    IF erasing AND (NEW.text IS NOT NULL OR NEW.title <> '（内容已清除）' OR NEW.enterprise NOT IN ('', '（已清除）')
                    OR NEW.external_link <> '')
       OR contact AND (NEW.filer_name IS NOT NULL OR NEW.filer_phone IS NOT NULL OR NEW.filer_key <> ''
                       OR NEW.household_id IS NOT NULL) THEN
        RAISE EXCEPTION 'erasing leaves nothing' USING ERRCODE = 'restrict_violation';
    END IF;
    IF (erasing OR contact OR NEW.papers_erased_at IS DISTINCT FROM OLD.papers_erased_at) AND (NEW.held OR NEW.state
       NOT IN ('closed', 'final', 'redirected', 'not_accepted', 'withdrawn', 'merged')) THEN
        RAISE EXCEPTION 'nothing is erased before the end' USING ERRCODE = 'restrict_violation';
    END IF;
    IF (NEW.state, NEW.seq) IS DISTINCT FROM (OLD.state, OLD.seq) AND NOT EXISTS (
        SELECT FROM petitions_petitionevent e
        WHERE e.petition_id = NEW.id AND e.seq = NEW.seq AND e.state = NEW.state AND NEW.seq = OLD.seq + 1
    ) THEN
        RAISE EXCEPTION 'the state of a petition follows its history' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
"""
PAPERS = """
CREATE FUNCTION attachment_goes_with_erasure() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM petitions_petition p WHERE p.id = OLD.petition_id AND p.papers_erased_at IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'an attachment stays until it is erased' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER attachment_goes_with_erasure BEFORE DELETE ON petitions_attachment
    FOR EACH ROW EXECUTE FUNCTION attachment_goes_with_erasure();
CREATE TRIGGER attachment_stays BEFORE UPDATE OR TRUNCATE ON petitions_attachment
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
PAPERS_DOWN = """
DROP TRIGGER attachment_goes_with_erasure ON petitions_attachment;
DROP TRIGGER attachment_stays ON petitions_attachment;
DROP FUNCTION attachment_goes_with_erasure();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("petitions", "0003_days_and_promises"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations: ClassVar = [
        migrations.CreateModel(
            name="ReplyTemplate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("county", models.CharField(db_collation="C", max_length=6, verbose_name="县")),
                (
                    "action",
                    models.CharField(
                        choices=[
                            ("file", "提交"),
                            ("accept", "受理"),
                            ("redirect", "转其他途径"),
                            ("not_accept", "不予受理"),
                            ("assign", "交办"),
                            ("contest", "提出管辖异议"),
                            ("handle", "报告办理情况"),
                            ("return", "退回重办"),
                            ("answer", "答复"),
                            ("confirm", "确认已解决"),
                            ("close", "办结"),
                            ("reopen", "重新办理"),
                            ("ask_review", "申请复查"),
                            ("review", "答复复查"),
                            ("ask_final_review", "申请复核"),
                            ("final_review", "答复复核"),
                            ("merge", "并案"),
                            ("unmerge", "取消并案"),
                            ("withdraw", "撤回"),
                            ("ask_extension", "申请延期"),
                            ("extend", "批准延期"),
                            ("pause", "暂停计时"),
                            ("resume", "恢复计时"),
                            ("remind", "催办"),
                            ("supervise", "督办"),
                            ("note", "内部备注"),
                            ("tell", "告知来信人"),
                            ("supplement", "补充材料"),
                            ("classify", "调整分类"),
                            ("recuse", "回避"),
                            ("unmask", "查看来信人身份"),
                            ("rate", "评价"),
                            ("hold", "暂不清除"),
                            ("release", "解除暂不清除"),
                            ("ask_erasure", "申请清除内容"),
                            ("refuse_erasure", "不予清除"),
                            ("erase", "清除内容"),
                            ("receive", "接访记录"),
                            ("promise", "承诺"),
                            ("own", "包案"),
                        ],
                        max_length=20,
                        verbose_name="用于",
                    ),
                ),
                ("name", models.CharField(max_length=30, verbose_name="名称")),
                ("text", models.TextField(max_length=2000, verbose_name="正文")),
                ("shipped", models.CharField(blank=True, default="", max_length=30, verbose_name="替换的自带模板")),
                ("changed_at", models.DateTimeField(verbose_name="修改时间")),
                ("retired_at", models.DateTimeField(null=True, verbose_name="停用时间")),
                (
                    "changed_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "答复模板",
                "ordering": ["county", "action", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("county"),
                        models.F("action"),
                        models.F("name"),
                        condition=models.Q(("retired_at__isnull", True)),
                        name="template_named_once",
                    ),
                    models.UniqueConstraint(
                        models.F("county"),
                        models.F("shipped"),
                        condition=models.Q(("shipped", ""), _negated=True),
                        name="template_stands_for_one",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("name", ""), _negated=True), models.Q(("text", ""), _negated=True)
                        ),
                        name="template_says_something",
                    ),
                ],
            },
        ),
        migrations.RemoveConstraint(
            model_name="petitionevent",
            name="petitionevent_kind_known",
        ),
        migrations.AddField(
            model_name="petition",
            name="contact_erased_at",
            field=models.DateTimeField(null=True, verbose_name="姓名电话清除时间"),
        ),
        migrations.AddField(
            model_name="petition",
            name="erasure_asked_at",
            field=models.DateTimeField(null=True, verbose_name="申请清除时间"),
        ),
        migrations.AddField(
            model_name="petition",
            name="held",
            field=models.BooleanField(default=False, verbose_name="暂不清除"),
        ),
        migrations.AddField(
            model_name="petition",
            name="papers_erased_at",
            field=models.DateTimeField(null=True, verbose_name="附件清除时间"),
        ),
        migrations.AlterField(
            model_name="petitionevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("file", "提交"),
                    ("accept", "受理"),
                    ("redirect", "转其他途径"),
                    ("not_accept", "不予受理"),
                    ("assign", "交办"),
                    ("contest", "提出管辖异议"),
                    ("handle", "报告办理情况"),
                    ("return", "退回重办"),
                    ("answer", "答复"),
                    ("confirm", "确认已解决"),
                    ("close", "办结"),
                    ("reopen", "重新办理"),
                    ("ask_review", "申请复查"),
                    ("review", "答复复查"),
                    ("ask_final_review", "申请复核"),
                    ("final_review", "答复复核"),
                    ("merge", "并案"),
                    ("unmerge", "取消并案"),
                    ("withdraw", "撤回"),
                    ("ask_extension", "申请延期"),
                    ("extend", "批准延期"),
                    ("pause", "暂停计时"),
                    ("resume", "恢复计时"),
                    ("remind", "催办"),
                    ("supervise", "督办"),
                    ("note", "内部备注"),
                    ("tell", "告知来信人"),
                    ("supplement", "补充材料"),
                    ("classify", "调整分类"),
                    ("recuse", "回避"),
                    ("unmask", "查看来信人身份"),
                    ("rate", "评价"),
                    ("hold", "暂不清除"),
                    ("release", "解除暂不清除"),
                    ("ask_erasure", "申请清除内容"),
                    ("refuse_erasure", "不予清除"),
                    ("erase", "清除内容"),
                    ("receive", "接访记录"),
                    ("promise", "承诺"),
                    ("own", "包案"),
                ],
                max_length=20,
                verbose_name="动作",
            ),
        ),
        migrations.AddIndex(
            model_name="petition",
            index=models.Index(
                models.F("erasure_asked_at"),
                condition=models.Q(("erasure_asked_at__isnull", False)),
                name="petition_by_erasure_asked",
            ),
        ),
        migrations.AddConstraint(
            model_name="petition",
            constraint=models.CheckConstraint(
                condition=models.Q(("held", False), ("erased_at", None), _connector="OR"),
                name="petition_held_not_erased",
            ),
        ),
        migrations.AddConstraint(
            model_name="petition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("erased_at", None),
                    models.Q(("contact_erased_at__isnull", False), ("papers_erased_at__isnull", False)),
                    _connector="OR",
                ),
                name="petition_erased_as_a_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="petitionevent",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", list(KINDS))), name="petitionevent_kind_known"
            ),
        ),
        migrations.RunSQL(PETITION, migrations.RunSQL.noop),
        migrations.RunSQL(PAPERS, PAPERS_DOWN),
    ]
