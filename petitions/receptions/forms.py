"""Forms of receptions, promises and owners. They take what was typed; what is allowed, the actions decide."""

from typing import Any

from django import forms

from households.fields import Choices, OnceForm, choose, day_field, time_field, words_field
from petitions.choices import INSIDE, OUTSIDE
from petitions.filing.asked import Filing
from petitions.filing.forms_for_others import channel_of
from petitions.models import Content, ReceptionKind, ReceptionOutcome, Way
from petitions.models.events import MAX_TOLD
from petitions.models.petitions import MAX_ENTERPRISE, MAX_NAME, MAX_TEXT, MAX_TITLE
from petitions.promises.actions.promises import Promised
from petitions.receptions.actions.planning import ReceptionPlan


class ReceptionPlanForm(OnceForm):
    kind = forms.ChoiceField(label="种类", choices=ReceptionKind.choices)
    day = day_field("日期")
    starts = time_field("开始", initial="09:00")
    ends = time_field("结束", initial="11:30")
    place = forms.ChoiceField(label="在哪里")
    room = forms.CharField(label="具体地点", max_length=60, required=False, help_text="例如：乡政府一楼接访室。")
    leader = forms.CharField(label="接访领导", max_length=30)
    post = forms.CharField(label="职务", max_length=40)
    units = forms.MultipleChoiceField(label="到场单位", required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, places: Choices, units: Choices, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        choose(self, "place", places)
        choose(self, "units", units)

    def plan(self) -> ReceptionPlan:
        """What was typed, as the action takes it."""
        data = {name: value for name, value in self.cleaned_data.items() if name != "op_id"}
        return ReceptionPlan(**data | {"units": tuple(data["units"])})


class MoveForm(OnceForm):
    day = day_field("新的日期")
    starts = time_field("开始")
    ends = time_field("结束")
    reason = words_field("为什么改期", rows=2, most=200)


class CancelForm(OnceForm):
    reason = words_field("为什么取消", rows=2, most=200)


class AttendForm(OnceForm):
    units = forms.MultipleChoiceField(label="到场单位", required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, units: Choices, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        choose(self, "units", units)


class RecordForm(OnceForm):
    """What was said about one case; the lower part only when something was promised."""

    outcome = forms.ChoiceField(label="结果", choices=ReceptionOutcome.choices, initial=ReceptionOutcome.FOLLOW)
    note = words_field("说了什么、当场怎么定的", most=MAX_TOLD, required=False, help_text=INSIDE)
    told = words_field("告知来访人（可以不写）", most=MAX_TOLD, rows=2, required=False, help_text=OUTSIDE)
    what = words_field("承诺什么", rows=2, most=500, required=False, help_text=OUTSIDE)
    unit = forms.ChoiceField(label="责任单位", required=False)
    person = forms.CharField(label="责任人", max_length=30, required=False)
    post = forms.CharField(label="职务", max_length=40, required=False)
    due = day_field("哪天以前兑现", required=False)

    def __init__(self, units: Choices, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        choose(self, "unit", [("", "请选择"), *units])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("outcome") == ReceptionOutcome.PROMISE:
            for name in ("what", "unit", "due"):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, "作出承诺的必填。")
        return cleaned

    @property
    def promised(self) -> Promised | None:
        """The promise, if the outcome is one."""
        if self.cleaned_data["outcome"] != ReceptionOutcome.PROMISE:
            return None
        return Promised(**{name: self.cleaned_data[name] for name in ("what", "unit", "due", "person", "post")})


class NewMatterForm(RecordForm):
    """A matter that came up on the spot, with what was said about it."""

    title = forms.CharField(label="标题", max_length=MAX_TITLE, help_text="一句话说清是什么事。请不要写姓名。")
    text = words_field("内容", rows=5, most=MAX_TEXT)
    place = forms.ChoiceField(label="事情发生在哪里")
    content = forms.ChoiceField(label="内容类别", choices=Content.choices, initial=Content.APPEAL)
    name = forms.CharField(label="来访人姓名", max_length=MAX_NAME, required=False, help_text="不愿留名就不填。")
    phone = forms.CharField(
        label="联系电话", max_length=20, required=False, widget=forms.TextInput({"inputmode": "tel"})
    )
    enterprise = forms.CharField(
        label="企业名称", max_length=MAX_ENTERPRISE, required=False, help_text="企业反映的才填。"
    )
    accused_department = forms.ChoiceField(label="检举控告的部门", required=False)
    accused_place = forms.ChoiceField(label="检举控告的乡镇或村", required=False)

    def __init__(self, units: Choices, places: Choices, departments: Choices, data: Any = None, **options: Any) -> None:
        super().__init__(units, data, **options)
        choose(self, "place", places)
        choose(self, "accused_department", [("", "没有"), *departments])
        choose(self, "accused_place", [("", "没有"), *places])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self._accused(cleaned) and cleaned.get("content") != Content.ACCUSATION:
            self.add_error("content", "填了检举控告对象，这里要选“检举控告”。")
        return cleaned

    @staticmethod
    def _accused(cleaned: dict[str, Any]) -> tuple[str, ...]:
        kinds = {"department": "accused_department", "division": "accused_place"}
        return tuple(f"{kind}:{cleaned[name]}" for kind, name in kinds.items() if cleaned.get(name))

    def filing(self) -> Filing:
        """What was typed, as the action takes it."""
        data = self.cleaned_data
        names = ("content", "place", "title", "text", "name", "phone", "enterprise")
        return Filing(
            channel=channel_of(Way.VISIT, data["enterprise"]),
            way=Way.VISIT,
            accused=self._accused(data),
            **{name: data[name] for name in names},
        )
