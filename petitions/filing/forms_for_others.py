"""The form with which staff take a petition in for somebody: at the counter, by telephone, from 红网, on paper."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone

from households.fields import Choices, OnceForm, choose, number_field
from households.models import User
from households.roles import Role
from petitions import units
from petitions.filing.actions.filing import WAYS
from petitions.filing.asked import Filing
from petitions.filing.codes import filer_key
from petitions.filing.forms import CONTENTS, MAX_ACCUSED, with_accused
from petitions.models import Case, Channel, Content, Demand, PetitionKind, Way
from petitions.models.petitions import MAX_ENTERPRISE, MAX_EXTERNAL_NO, MAX_NAME, MAX_PEOPLE, MAX_TEXT, MAX_TITLE
from petitions.search.duplicates import Draft

_COUNTER = (Way.VISIT, Way.LETTER)
WAYS_OF: dict[str, tuple[Way, ...]] = {
    Role.CADRE: (Way.CADRE, *_COUNTER),
    Role.TOWNSHIP: (Way.DEPARTMENT, *_COUNTER),
    Role.DEPARTMENT: (Way.DEPARTMENT, *_COUNTER),
    Role.PETITION_OFFICE: (*_COUNTER, Way.HOTLINE, Way.REDNET, Way.MAILBOX),
}
ACCUSED = ("accused_department", "accused_place", "accused_names", "accused_unknown")
_MINUTES = "%Y-%m-%dT%H:%M"


class FilingForm(OnceForm):
    """What was said or written. The channel follows from the way and from whether an enterprise speaks."""

    way = forms.ChoiceField(label="怎么来的")
    external_no = forms.CharField(
        label="来源编号",
        max_length=MAX_EXTERNAL_NO,
        required=False,
        help_text="热线、红网、信箱给的编号，没有就不填。",
    )
    external_link = forms.URLField(label="来源链接", max_length=300, required=False, assume_scheme="https")
    at = forms.DateTimeField(
        label="什么时候收到的",
        required=False,
        widget=forms.DateTimeInput({"type": "datetime-local"}, format=_MINUTES),
        input_formats=[_MINUTES],
        help_text="不填就是现在。",
    )
    name = forms.CharField(label="来信人姓名", max_length=MAX_NAME, required=False, help_text="不愿留名就不填。")
    phone = forms.CharField(
        label="联系电话", max_length=20, required=False, widget=forms.TextInput({"inputmode": "tel"})
    )
    enterprise = forms.CharField(
        label="企业名称", max_length=MAX_ENTERPRISE, required=False, help_text="企业反映的才填。"
    )
    people = number_field("人数", least=1, most=MAX_PEOPLE, initial=1)
    place = forms.ChoiceField(label="事情发生在哪里")
    content = forms.ChoiceField(label="内容类别", choices=Content.choices, initial=Content.APPEAL)
    kind = forms.ChoiceField(label="信访类别", choices=[("", "按系统建议"), *PetitionKind.choices], required=False)
    same_as = forms.CharField(required=False, max_length=18, widget=forms.HiddenInput)
    demand = forms.ChoiceField(label="诉求类型", choices=Demand.choices, initial=Demand.COMPLAINT)
    title = forms.CharField(
        label="标题", max_length=MAX_TITLE, help_text="一句话说清是什么事。请不要写来信人或被反映人的姓名。"
    )
    text = forms.CharField(label="内容", max_length=MAX_TEXT, widget=forms.Textarea({"rows": 8}))
    accused_department = forms.ChoiceField(label="检举控告的部门", required=False)
    accused_place = forms.ChoiceField(label="检举控告的乡镇或村", required=False)
    accused_names = forms.CharField(
        label="检举控告的工作人员（姓名）",
        max_length=MAX_ACCUSED,
        required=False,
        help_text="写清姓名。在这个系统里有账号的，本人看不到这件信访；是信访局的人，信访局的人都看不到。",
    )
    accused_unknown = forms.BooleanField(label="来信人说不出是谁", required=False)

    def __init__(self, user: User, places: Choices, departments: Choices, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        ways = WAYS_OF.get(user.role, ())
        choose(self, "way", [(way.value, way.label) for way in ways])
        choose(self, "place", places)
        choose(self, "accused_department", [("", "没有"), *departments])
        choose(self, "accused_place", [("", "没有"), *places])
        if user.role == Role.CADRE:  # what it is called, the petition office says when it comes in
            choose(self, "content", CONTENTS)
            self.fields["content"].label = "是哪一类"
            del self.fields["kind"], self.fields["demand"]
        if user.role != Role.PETITION_OFFICE:
            del self.fields["external_no"], self.fields["external_link"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        names_somebody = any(cleaned.get(name) for name in ACCUSED if name != "accused_unknown")
        if names_somebody and cleaned.get("content") != Content.ACCUSATION:
            self.add_error("content", "填了检举控告对象，这里要选“检举控告”。")
        if cleaned.get("content") == Content.ACCUSATION and not names_somebody and not cleaned.get("accused_unknown"):
            self.add_error("accused_unknown", "检举控告的是谁？请填对象；来信人说不出的，勾这一项再登记。")
        if cleaned.get("at") and cleaned["at"] > timezone.now():
            self.add_error("at", "不能晚于现在。")
        if len(with_accused(cleaned)) > MAX_TEXT:
            self.add_error("text", f"连同检举、控告的人，最多 {MAX_TEXT} 个字。")
        return cleaned

    @staticmethod
    def _accused(cleaned: dict[str, Any]) -> tuple[str, ...]:
        kinds = {"department": "accused_department", "division": "accused_place"}
        listed = (f"{kind}:{cleaned[field]}" for kind, field in kinds.items() if cleaned.get(field))
        return (*listed, *units.persons_named(cleaned["accused_names"]))

    @property
    def accuses(self) -> bool:
        """Whether the folded part of the page holds something."""
        return any(self[name].value() or self[name].errors for name in ACCUSED)

    @property
    def received_at(self) -> datetime | None:
        """When it came in, or nothing for now."""
        return self.cleaned_data["at"]

    def draft(self) -> Draft:
        """What duplicates are looked for by."""
        data = self.cleaned_data
        return Draft(
            title=data["title"],
            text=data["text"],
            place=data["place"],
            filed_at=self.received_at or timezone.now(),
            key=filer_key(data["phone"]),
            enterprise=data["enterprise"],
        )

    def filing(self, case: Case | None = None, kind: str = PetitionKind.FIRST) -> Filing:
        """What was typed, as the action takes it; `kind` for who left the choice to the system."""
        data = self.cleaned_data
        names = ("way", "content", "place", "title", "name", "phone", "enterprise", "people")
        external = {name: data.get(name, "") for name in ("external_no", "external_link")}
        return Filing(
            channel=channel_of(Way(data["way"]), data["enterprise"]),
            accused=self._accused(data),
            text=with_accused(data),
            kind=data.get("kind") or kind,
            demand=data.get("demand", Demand.COMPLAINT),
            case=case,
            **{name: data[name] for name in names},
            **external,
        )


def channel_of(way: Way, enterprise: str) -> Channel:
    """The direct line that a way belongs to: that of the enterprises when one speaks and the way leads there."""
    order = (Channel.ENTERPRISE, Channel.PEOPLE, Channel.NET) if enterprise else (Channel.PEOPLE, Channel.NET)
    return next(channel for channel in order if way in WAYS[channel])
