"""Forms of the register's changes: one for each kind, made of the same fields."""

from typing import Any

from django import forms
from django.utils import timezone

from households.changes.wishes import MAX_NOTE, NEEDS_GROUP, NEEDS_HEAD, NEEDS_OTHER, REASONS, ChangeWish
from households.codes import CodeError, parse
from households.fields import OnceForm, choose, day_field, number_field
from households.imports.households import MAX_ADDRESS, MAX_NAME
from households.models import ENDINGS, ChangeKind, Household
from households.months import spoken_with_year

_HEAD = (ChangeKind.ADD, ChangeKind.CORRECT, ChangeKind.SPLIT)
_PLACE = (*_HEAD, ChangeKind.MOVE)
_OTHER = {
    ChangeKind.MERGE: ("并入哪一户", "对方的 18 位户编号；同村的也可以只写“组号-户号”，例如 2-3。"),
    ChangeKind.HEIR: ("积分转给哪一户", "对方的 18 位户编号，或“组号-户号”，例如 2-3。"),
    ChangeKind.CLOSE: ("积分转给哪一户", "现在定不下来可以不填，到期以前再指定。"),
}


class ChangeForm(OnceForm):
    """What is typed about one change. `fields` that the kind has no use for are not there."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    day = day_field("哪一天的事")
    reason = forms.ChoiceField(label="原因")
    group = forms.ChoiceField(label="到哪个组", required=False)
    serial = number_field("户号", least=1, most=9999, required=False, help_text="不填就用下一个没有用过的号。")
    other = forms.CharField(label="另一户", max_length=24, required=False)
    head_name = forms.CharField(label="户主姓名", max_length=MAX_NAME)
    phone = forms.CharField(label="联系电话", max_length=30, required=False)
    no_phone = forms.BooleanField(label="这一户没有电话了", required=False)
    address = forms.CharField(label="地址", max_length=MAX_ADDRESS, required=False)
    note = forms.CharField(label="说明", max_length=MAX_NOTE, required=False, help_text="只有本村和乡镇能看到。")
    new_door = forms.BooleanField(label="门换了，户牌要换", required=False)
    release = forms.BooleanField(label="超市里没领的预订一并取消", required=False)

    def __init__(
        self, kind: ChangeKind, groups: list[tuple[str, str]], household: Household | None, *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.household = kind, household
        choose(self, "reason", [("", "请选择"), *((one.value, one.label) for one in REASONS[kind])])
        choose(self, "group", [("", "请选择" if kind in NEEDS_GROUP else "还在原来的组"), *groups])
        self._left_out = {name: str(self.fields.pop(name).label or name) for name in self._unused()}
        self._label()

    def _unused(self) -> list[str]:
        kind = self.kind
        used = {
            "group": kind in (*NEEDS_GROUP, ChangeKind.SPLIT),
            "serial": kind in (*NEEDS_GROUP, ChangeKind.SPLIT),
            "other": kind in _OTHER,
            "head_name": kind in _HEAD,
            "phone": kind in _HEAD,
            "no_phone": kind is ChangeKind.CORRECT,
            "address": kind in _PLACE,
            "new_door": kind is ChangeKind.CORRECT,
            "release": kind in ENDINGS,
        }
        return [name for name, is_used in used.items() if not is_used]

    def _label(self) -> None:
        if self.kind in _OTHER:
            other = self.fields["other"]
            other.label, other.help_text = _OTHER[self.kind]
            other.required = self.kind in NEEDS_OTHER
        if self.kind is ChangeKind.SPLIT:
            for name, label in (
                ("head_name", "分出的户的户主"),
                ("phone", "分出的户的电话"),
                ("address", "分出的户的地址"),
            ):
                self.fields[name].label = label
        if self.kind is ChangeKind.MOVE:
            self.fields["serial"].help_text = "不填就用下一个没有用过的号。户号登错的，选现在的组，写对的户号。"
        if self.kind is ChangeKind.CORRECT:
            self.fields["phone"].help_text = "不改就空着。"
        self.fields["day"].help_text = f"以前的日子也可以；今天是{spoken_with_year(timezone.localdate())}。"

    def clean(self) -> dict[str, Any]:
        """What the kind has no use for is not dropped in silence."""
        if stray := [label for name, label in self._left_out.items() if self.data.get(name)]:
            raise forms.ValidationError(f"{self.kind.label}不用填：{'、'.join(stray)}。")
        return self.cleaned_data

    def clean_other(self) -> str:
        """A code, or group and number within the household's own village."""
        typed: str = self.cleaned_data["other"].strip()
        if not typed:
            return ""
        group, dash, serial = typed.replace("—", "-").replace("－", "-").partition("-")
        if dash and group.isdecimal() and serial.isdecimal() and self.household:
            return f"{self.household.code[:12]}{int(group):02d}{int(serial):04d}"
        try:
            return parse(typed)
        except CodeError as fault:
            raise forms.ValidationError(str(fault)) from fault

    def wish(self) -> ChangeWish:
        """What was typed, as it is carried out."""
        typed = self.cleaned_data
        phone = typed.get("phone") or None
        return ChangeWish(
            kind=self.kind,
            day=typed["day"],
            reason=typed["reason"],
            household=self.household.code if self.household else "",
            other=typed.get("other", ""),
            group=typed.get("group", ""),
            serial=typed.get("serial") or 0,
            head_name=typed.get("head_name") or None,
            phone="" if typed.get("no_phone") else phone or ("" if self.kind in NEEDS_HEAD else None),
            address=typed.get("address")
            if self.kind in (*NEEDS_HEAD, ChangeKind.CORRECT)
            else typed.get("address") or None,
            note=typed.get("note", ""),
            new_door=typed.get("new_door", False),
            release=typed.get("release", False),
        )


class DayForm(forms.Form):
    """Since when somebody lives away, or is back."""

    day = day_field("日期")


class ProposalAnswerForm(forms.Form):
    """Why not, or what was done about it."""

    answer = forms.CharField(label="答复", max_length=100)


class ObjectionForm(forms.Form):
    text = forms.CharField(label="意见", max_length=200)


class ReadForm(forms.Form):
    upto = forms.IntegerField(min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput)
