"""Forms of funds: what was typed becomes fen, ranks and hundredths; what is allowed, the actions decide."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from households.fields import OnceForm, choose, number_field, reason_field
from households.models import Department
from households.months import MonthError, parse_month
from rewards.awards.actions.funds import MAX_PARTS, RuleDraft
from rewards.awards.engine import Band, Goal
from rewards.fields import YuanField
from rewards.models import AwardKind, AwardRule, Choice, GoalKind


class MonthField(forms.CharField):
    """A month typed as 2026-10."""

    def __init__(self, label: str) -> None:
        super().__init__(label=label, max_length=10, widget=forms.TextInput({"placeholder": "2026-10"}))

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        try:
            return parse_month(text)
        except MonthError as fault:
            raise ValidationError(f"{fault}。") from None


class MonthsForm(forms.Form):
    """From which month to which, both included."""

    first = MonthField("起始月份")
    last = MonthField("截止月份")


class FundForm(OnceForm):
    year = forms.IntegerField(label="年度", min_value=2000, max_value=2999)
    name = forms.CharField(label="名称", max_length=60, help_text="例如：六零创建积分换项目资金")


class SourceForm(OnceForm):
    department = forms.ModelChoiceField(label="部门", queryset=Department.objects.all(), empty_label="请选择")
    amount = YuanField(label="金额（元）", help_text="冲减写负数，并写明原因。")
    document_no = forms.CharField(label="文号", max_length=60)
    note = forms.CharField(label="说明", max_length=100, required=False)


class RuleForm(forms.Form):
    """What every rule has; the price of points for 积分换项目奖."""

    pool = YuanField(label="本项总额（元）")
    proportional = forms.BooleanField(label="总额不够时，各村按同一比例压缩", required=False)
    per_point = YuanField(label="每分折合（元）", required=False)
    points_most = number_field("每村最多用多少分", required=False, least=1)


class BandForm(forms.Form):
    """One line of bands; an empty line is left out."""

    from_rank = number_field("从第几名", required=False, least=1)
    to_rank = number_field("到第几名", required=False, least=1)
    amount = YuanField(label="每个（元）", required=False)

    @property
    def band(self) -> Band | None:
        """The band; None for an empty line."""
        found = self.cleaned_data
        low, high, amount = found.get("from_rank"), found.get("to_rank"), found.get("amount")
        return Band(low or 0, high or low or 0, amount or 0) if low or high or amount else None


class GoalForm(forms.Form):
    """One line of goals; an empty line is left out."""

    what = forms.ChoiceField(label="看什么", choices=[("", "不用"), *GoalKind.choices], required=False)
    at_least = forms.DecimalField(label="至少", max_digits=5, decimal_places=2, min_value=0, required=False)
    every_month = forms.BooleanField(label="每个月都要达到", required=False)
    amount = YuanField(label="金额（元）", required=False)

    @property
    def goal(self) -> Goal | None:
        """The goal; None for an empty line."""
        found = self.cleaned_data
        if not found.get("what"):
            return None
        hundredths = int((found.get("at_least") or Decimal(0)) * 100)
        return Goal(found["what"], hundredths, found["every_month"], found.get("amount") or 0)


BandSet = forms.formset_factory(BandForm, extra=MAX_PARTS, max_num=MAX_PARTS)
GoalSet = forms.formset_factory(GoalForm, extra=MAX_PARTS // 2, max_num=MAX_PARTS // 2)


class RuleForms:
    """A rule's form with its lines: bands or goals, as the kind needs. `data` None shows `rule` as it stands."""

    def __init__(self, kind: AwardKind, rule: AwardRule | None, data: Any = None) -> None:
        self.kind = kind
        self.form = RuleForm(data, initial=_of_rule(rule))
        self.bands = BandSet(data, prefix="bands", initial=_bands(rule)) if kind.by_rank else None
        self.goals = GoalSet(data, prefix="goals", initial=_goals(rule)) if kind is AwardKind.GOAL else None

    def is_valid(self) -> bool:
        """Whether everything typed can be read."""
        return all(part.is_valid() for part in (self.form, self.bands, self.goals) if part is not None)

    @property
    def draft(self) -> RuleDraft:
        """What was typed, for the action to judge."""
        typed = self.form.cleaned_data
        points = self.kind is AwardKind.POINTS
        return RuleDraft(
            self.kind,
            typed["pool"],
            typed["proportional"],
            [form.band for form in self.bands or () if form.band],
            [form.goal for form in self.goals or () if form.goal],
            typed["per_point"] or None if points else None,
            typed["points_most"] if points else None,
        )


def _of_rule(rule: AwardRule | None) -> dict[str, Any]:
    if rule is None:
        return {}
    return {
        "pool": rule.pool_fen,
        "proportional": rule.proportional,
        "per_point": rule.fen_per_point,
        "points_most": rule.points_most,
    }


def _bands(rule: AwardRule | None) -> list[dict[str, Any]]:
    bands = rule.bands.all() if rule else []
    return [{"from_rank": band.from_rank, "to_rank": band.to_rank, "amount": band.amount_fen} for band in bands]


def _goals(rule: AwardRule | None) -> list[dict[str, Any]]:
    return [
        {
            "what": goal.what,
            "at_least": Decimal(goal.at_least) / 100,
            "every_month": goal.every_month,
            "amount": goal.amount_fen,
        }
        for goal in (rule.goals.all() if rule else [])
    ]


class PreviewForm(MonthsForm):
    kind = forms.ChoiceField(label="种类", choices=AwardKind.choices)


class ConfirmForm(forms.Form):
    """The digest of the list that the second person saw."""

    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)


class AwardReasonForm(forms.Form):
    reason = reason_field()


class AwardDecisionForm(forms.Form):
    """One decision for all the awards that were ticked."""

    awards = forms.TypedMultipleChoiceField(label="奖励", coerce=int)
    choice = forms.ChoiceField(label="决定", choices=Choice.choices)
    amount = YuanField(label="核减到每个（元）", required=False, help_text="只有“核减”要填。")
    reason = reason_field("理由")

    def __init__(self, awards: list[int], data: Any = None, **more: Any) -> None:
        super().__init__(data, **more)
        choose(self, "awards", [(pk, pk) for pk in awards])


class GradesForm(forms.Form):
    """Three grades by rank; the rest is the last one."""

    year = forms.IntegerField(label="年度", min_value=2000, max_value=2999, widget=forms.HiddenInput)
    excellent = number_field("优秀：前多少名", least=1)
    good = number_field("良好：到第多少名", least=1)
    passed = number_field("合格：到第多少名", least=1)

    @property
    def bands(self) -> list[tuple[int, int, str]]:
        """(from, to, grade) in order."""
        first, second, third = (self.cleaned_data[name] for name in ("excellent", "good", "passed"))
        return [(1, first, "优秀"), (first + 1, second, "良好"), (second + 1, third, "合格")]
