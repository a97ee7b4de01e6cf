"""Forms of the projects' pages. They turn what was typed into fen and days; what is allowed, the actions decide."""

from typing import Any

from django import forms
from django.db.models import F, Sum
from django.utils import timezone

from households.fields import OnceForm, day_field, reason_field
from rewards.awards.suspension import suspended_among
from rewards.fields import yuan_field
from rewards.models import Award, PayeeKind, PhotoStage, Project, ProjectKind
from rewards.money import yuan
from rewards.pictures.forms import PhotoField
from rewards.projects.actions.payments import Bill
from rewards.projects.actions.projects import NeedDraft

_SHORT = forms.Textarea({"rows": 2})


class NeedForm(forms.Form):
    """One need of the village's list."""

    title = forms.CharField(label="项目名称", max_length=40)
    kind = forms.ChoiceField(label="类别", choices=ProjectKind.choices)
    purpose = forms.CharField(label="解决什么问题", max_length=300, widget=forms.Textarea({"rows": 3}))
    place = forms.CharField(label="地点", max_length=80)
    estimate = yuan_field("估算")

    def need(self) -> NeedDraft:
        """What was written, as the action takes it."""
        data = self.cleaned_data
        return NeedDraft(data["kind"], data["title"], data["purpose"], data["place"], data["estimate"])

    @classmethod
    def of(cls, project: Project) -> "NeedForm":
        """The form filled with what is written now."""
        facts = {name: getattr(project, name) for name in ("title", "kind", "purpose", "place")}
        return cls(initial=facts | {"estimate": project.estimate_fen})


class ProjectActForm(OnceForm):
    """One act on a project. `op_id` makes a repetition harmless."""

    def __init__(self, project: Project, data: Any = None, files: Any = None, **options: Any) -> None:
        super().__init__(data, files, **options)
        self.project = project


class ProjectReasonForm(ProjectActForm):
    reason = reason_field(widget=_SHORT)


class ApproveForm(ProjectActForm):
    budget = yuan_field("核定金额")
    approval_no = forms.CharField(label="立项文号", max_length=60)

    def __init__(self, project: Project, *args: Any, **options: Any) -> None:
        super().__init__(project, *args, **options)
        self.fields["budget"].initial = project.estimate_fen


class AwardField(forms.ModelChoiceField):
    """An award of the village, with what is left of it and whether it waits for a decision."""

    suspended: frozenset[int] = frozenset()

    def label_from_instance(self, award: Any) -> str:
        waits = "，暂停使用" if award.pk in self.suspended else ""
        return f"{award.get_kind_display()} {award.letter_no}，还剩 {yuan(award.left_fen)} 元{waits}"


class AllocateForm(ProjectActForm):
    award = AwardField(label="从哪笔奖励", queryset=Award.objects.none(), empty_label="请选择")
    fen = yuan_field("金额")

    def __init__(self, project: Project, *args: Any, **options: Any) -> None:
        super().__init__(project, *args, **options)
        awards = Award.objects.filter(division=project.village_id).select_related("run")
        field = self.fields["award"]
        assert isinstance(field, AwardField)
        field.queryset = awards.filter(committed_fen__lt=F("amount_fen") - F("withdrawn_fen"))
        field.suspended = frozenset(suspended_among(list(field.queryset)))
        self.fields["fen"].initial = (project.budget_fen or 0) - project.allocated_fen


class ReleaseForm(ProjectReasonForm):
    award = AwardField(label="退回哪笔奖励", queryset=Award.objects.none(), empty_label="请选择")
    fen = yuan_field("金额")

    def __init__(self, project: Project, *args: Any, **options: Any) -> None:
        super().__init__(project, *args, **options)
        field = self.fields["award"]
        assert isinstance(field, AwardField)
        given = project.allocations.order_by().values("award").annotate(left=Sum("fen")).filter(left__gt=0)
        field.queryset = Award.objects.filter(pk__in=given.values("award"))
        self.fields["fen"].initial = project.unpaid_fen
        self.order_fields(["award", "fen", "reason"])


class ProjectPlanForm(ProjectActForm):
    title = forms.CharField(label="节点", max_length=40, help_text="例如：路基平整、路面浇筑。")
    due = day_field("计划哪天完成")


class MilestoneForm(ProjectActForm):
    """One of the milestones that are not done yet."""

    milestone: "forms.ModelChoiceField[Any]" = forms.ModelChoiceField(label="节点", queryset=None, empty_label=None)

    def __init__(self, project: Project, *args: Any, **options: Any) -> None:
        super().__init__(project, *args, **options)
        field = self.fields["milestone"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = project.milestones.filter(done_on__isnull=True)


class FinishForm(MilestoneForm):
    done_on = day_field("哪天完成")
    note = forms.CharField(label="情况说明", max_length=200, required=False, widget=_SHORT)
    photo = PhotoField(label="照片（可以不传）", required=False)

    def __init__(self, project: Project, *args: Any, **options: Any) -> None:
        super().__init__(project, *args, **options)
        self.fields["done_on"].initial = timezone.localdate()


class PhotoForm(ProjectActForm):
    stage = forms.ChoiceField(label="什么时候拍的", choices=PhotoStage.choices)
    caption = forms.CharField(label="照片说明", max_length=60, help_text="请不要写人名，也不要拍到清楚的人脸。")
    photo = PhotoField(label="照片")


class RemovePhotoForm(ProjectReasonForm):
    photo: "forms.ModelChoiceField[Any]" = forms.ModelChoiceField(label="哪张照片", queryset=None, empty_label=None)

    def __init__(self, project: Project, *args: Any, **options: Any) -> None:
        super().__init__(project, *args, **options)
        field = self.fields["photo"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = project.photos.all()
        self.order_fields(["photo", "reason"])


class JudgeForm(ProjectActForm):
    passed = forms.ChoiceField(label="结论", choices=[("yes", "同意验收"), ("no", "要求整改")])
    remarks = forms.CharField(label="验收意见", max_length=200, widget=_SHORT)
    photo = PhotoField(label="现场照片（可以不传）", required=False)


class PayForm(ProjectActForm):
    fen = yuan_field("金额")
    payee_kind = forms.ChoiceField(label="收款方类别", choices=PayeeKind.choices, help_text="务工人员的姓名不公开。")
    payee = forms.CharField(label="收款方", max_length=60)
    voucher_no = forms.CharField(label="凭证号", max_length=40)
    paid_on = day_field("付款日期")
    note = forms.CharField(label="说明", max_length=200, required=False)

    def __init__(self, project: Project, *args: Any, **options: Any) -> None:
        super().__init__(project, *args, **options)
        self.fields["paid_on"].initial = timezone.localdate()

    @staticmethod
    def bill(data: dict[str, Any]) -> Bill:
        """What was typed, as the action takes it."""
        names = ("fen", "payee_kind", "payee", "voucher_no", "paid_on", "note")
        return Bill(**{name: data[name] for name in names})


class ReverseForm(ProjectReasonForm):
    payment: "forms.ModelChoiceField[Any]" = forms.ModelChoiceField(label="哪笔付款", queryset=None, empty_label=None)
    voucher_no = forms.CharField(label="冲正凭证号", max_length=40)

    def __init__(self, project: Project, *args: Any, **options: Any) -> None:
        super().__init__(project, *args, **options)
        field = self.fields["payment"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = project.payments.filter(fen__gt=0, reversal__isnull=True)
        self.order_fields(["payment", "voucher_no", "reason"])
