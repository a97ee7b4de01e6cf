"""Forms of accounts as posts: correct, move, hand over."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from households.accounts.actions.accounts import check_name
from households.accounts.forms import place_of, telephone_field
from households.models import Department, Division, User
from households.refusals import Refused
from households.roles import HIGH, Role
from households.scope import Scope

REASON = "审计员会看到，例如：换届、调任、退休。"


def _name_field() -> forms.CharField:
    return forms.CharField(label="姓名", max_length=30, widget=forms.TextInput({"autocomplete": "off"}))


class CorrectForm(forms.Form):
    display_name = _name_field()
    phone = telephone_field()


class MovePostForm(forms.Form):
    role = forms.ChoiceField(
        label="新的角色", choices=[("", "请选择"), *((role, role.label) for role in Role if role not in HIGH)]
    )
    place = forms.CharField(
        label="新的区划或部门", max_length=60, help_text="填名称或代码，例如 石江镇、云峰村第2组、县林业局。"
    )
    reason = forms.CharField(label="为什么", max_length=100, help_text=REASON)

    def __init__(self, scope: Scope, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.scope = scope

    def clean_place(self) -> Division | Department:
        return place_of(str(self.cleaned_data["place"]), self.scope)


class HandOverPostForm(forms.Form):
    """To whom: an account that is there, or a person who gets one."""

    existing = forms.CharField(
        label="接手的人已有账号",
        max_length=50,
        required=False,
        help_text="填他的账号，他就离开现在的岗位来接这个。没有账号的，空着，填下面三项。",
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    display_name = forms.CharField(label="接手人姓名", max_length=30, required=False)
    username = forms.CharField(
        label="新账号", max_length=50, required=False, help_text="登录时用，可用汉字、字母、数字。"
    )
    phone = telephone_field()
    reason = forms.CharField(label="为什么", max_length=100, help_text=REASON)

    def __init__(self, candidates: "QuerySet[User]", *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.candidates = candidates

    def clean_existing(self) -> User | None:
        typed = str(self.cleaned_data["existing"]).strip()
        found = self.candidates.filter(username=typed, is_active=True).first() if typed else None
        if typed and found is None:
            raise forms.ValidationError("没有这个账号，或者已经停用。")
        return found

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if "existing" in given and given["existing"] is None:
            for name in ("display_name", "username"):
                if not given.get(name):
                    self.add_error(name, "接手的人没有账号的，这一项要填。")
            if given.get("username"):
                try:
                    check_name(given["username"])
                except Refused as taken:
                    self.add_error("username", taken.sentence)
        return given
