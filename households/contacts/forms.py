"""Forms of contacts: whom, which kind, from when; visits; the file."""

from collections.abc import Iterable
from typing import Any

from django import forms

from households.fields import Choices, OnceForm, choose, day_field, words_field
from households.models import ContactKind, VisitOutcome
from households.models.contacts import MAX_GRID, MAX_NOTE, MAX_PERSON

NOBODY = ("", "请选择")


class ChooseForm(forms.Form):
    """Which households of a village are listed."""

    group = forms.ChoiceField(label="组", required=False)
    lacks = forms.ChoiceField(label="只看", required=False)

    def __init__(self, groups: Choices, lacks: Choices, data: Any = None) -> None:
        super().__init__(data)
        choose(self, "group", [("", "全村"), *groups])
        choose(self, "lacks", [("", "所有户"), *lacks])


class GiveHouseholdsForm(OnceForm):
    """Households that are ticked on the list, and who looks after them from when."""

    households = forms.MultipleChoiceField(label="户", widget=forms.MultipleHiddenInput)
    person = forms.ChoiceField(label="联系人")
    kind = forms.ChoiceField(label="联系类型")
    since = day_field("从哪一天起")

    def __init__(self, households: Iterable[str], people: Choices, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        choose(self, "households", [(code, code) for code in households])
        choose(self, "person", [NOBODY, *people])
        choose(self, "kind", [(one.value, one.label) for one in ContactKind])


class PersonForm(OnceForm):
    """Somebody to call, with an account where they have one."""

    name = forms.CharField(label="姓名", max_length=MAX_PERSON)
    phone = forms.CharField(label="电话", max_length=30, required=False, widget=forms.TextInput({"inputmode": "tel"}))
    account = forms.ChoiceField(label="本系统账号", required=False, help_text="有账号的，能看“我联系的户”。")

    def __init__(self, accounts: Choices, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        choose(self, "account", [("", "没有"), *accounts])


class EndForm(OnceForm):
    """When something ends."""

    on = day_field("从哪一天起不再联系")


class HandOverForm(OnceForm):
    """Who takes over, from when."""

    taker = forms.ChoiceField(label="接手的人")
    day = day_field("从哪一天起")

    def __init__(self, people: Choices, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        choose(self, "taker", [NOBODY, *people])


class GridForm(OnceForm):
    """A micro-grid: its name, its head and the households in it."""

    name = forms.CharField(label="名称", max_length=MAX_GRID, help_text="例如：水井边微网格")
    head = forms.ChoiceField(label="微网格长")
    since = day_field("从哪一天起")
    households = forms.MultipleChoiceField(
        label="哪些户", widget=forms.CheckboxSelectMultiple({"class": "form-check-input"})
    )

    def __init__(self, people: Choices, households: Choices, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        choose(self, "head", [NOBODY, *people])
        choose(self, "households", households)


class GridHeadForm(OnceForm):
    """Another head, or none any more."""

    head = forms.ChoiceField(label="新的微网格长", required=False)
    day = day_field("从哪一天起")

    def __init__(self, people: Choices, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        choose(self, "head", [("", "撤销这个微网格"), *people])


class VisitForm(OnceForm):
    """A visit or a call: ready words, and a note where they do not do."""

    day = day_field("哪一天")
    outcome = forms.ChoiceField(label="情况", choices=[NOBODY, *VisitOutcome.choices])
    note = words_field(
        "备注", most=MAX_NOTE, rows=2, required=False, help_text="只有这一户的联系人看得到，不计分，不公开。"
    )
