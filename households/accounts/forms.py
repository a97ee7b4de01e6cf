"""Forms of accounts. They read what was typed; the rules themselves are in households.accounts.actions.accounts."""

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db.models import Q

from households.accounts.passwords import RULES
from households.accounts.reads import STATES
from households.models import Department, Division, User
from households.register.places import divisions_called
from households.roles import HIGH, ROLE_CHOICES, Role
from households.scope import Scope
from households.words import telephones

NAMED = 5  # how many places of one name are listed


class SignInForm(forms.Form):
    username = forms.CharField(
        label="账号", max_length=50, widget=forms.TextInput({"autocomplete": "username", "autofocus": True})
    )
    password = forms.CharField(
        label="密码", max_length=200, strip=False, widget=forms.PasswordInput({"autocomplete": "current-password"})
    )


def _new_password(label: str, hint: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=200,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )


class ChangePasswordForm(forms.Form):
    current = forms.CharField(
        label="现在的密码",
        max_length=200,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )
    password = _new_password("新密码", RULES)
    again = _new_password("再输一次新密码")

    def __init__(self, user: User, is_own: Callable[[str], bool], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.is_own = user, is_own

    def clean_current(self) -> str:
        current = str(self.cleaned_data["current"])
        if not self.is_own(current):
            raise ValidationError("现在的密码不对。连续错 5 次会退出登录。")
        return current

    def clean_password(self) -> str:
        password = str(self.cleaned_data["password"])
        validate_password(password, self.user)
        return password

    def clean_again(self) -> str:
        again = str(self.cleaned_data["again"])
        if again != self.data.get("password"):  # a weak one is gone from cleaned_data
            raise ValidationError("两次输入的新密码不一样。")
        return again


class TelephoneField(forms.CharField):
    """A number in the one spelling that is kept."""

    def clean(self, value: Any) -> str:
        try:
            return telephones.read(super().clean(value))
        except telephones.TelephoneFault as fault:
            raise ValidationError(f"{fault}。") from fault


def telephone_field() -> TelephoneField:
    """The telephone of who works here; lists that name who is late show it to those who must call."""
    widget = forms.TextInput({"autocomplete": "off", "inputmode": "tel"})
    return TelephoneField(label="电话", max_length=40, required=False, help_text="催办时打这个电话。", widget=widget)


class CreateUserForm(forms.Form):
    """`place` may be written as a code (official or significant), a department's code, or a name that only one place has."""

    role = forms.ChoiceField(
        label="角色", choices=[("", "请选择"), *((role, role.label) for role in Role if role not in HIGH)]
    )
    place = forms.CharField(
        label="所属区划或部门",
        max_length=60,
        help_text="填名称或代码，例如 石江镇、云峰村第2组、县林业局、430525103001。名称重复时，前面加上乡镇名。",
    )
    display_name = forms.CharField(label="姓名", max_length=30, widget=forms.TextInput({"autocomplete": "off"}))
    username = forms.CharField(
        label="账号",
        max_length=50,
        help_text="登录时用，可用汉字、字母、数字。",
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    phone = telephone_field()

    def __init__(self, scope: Scope, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.scope = scope

    def clean_place(self) -> Division | Department:
        return place_of(str(self.cleaned_data["place"]), self.scope)


class ReasonForm(forms.Form):
    """Why an account of a high post is to be made, reset or reopened: who confirms it reads it."""

    reason = forms.CharField(
        label="为什么", max_length=100, help_text="确认的人和审计员会看到，例如：调任、忘记密码、新增人员。"
    )


class SucceedForm(ReasonForm):
    """Who takes over a high post."""

    display_name = forms.CharField(label="接手人姓名", max_length=30)
    username = forms.CharField(label="新账号", max_length=50, help_text="登录时用，可用汉字、字母、数字。")
    phone = telephone_field()
    field_order = ("display_name", "username", "phone", "reason")


class AskUserForm(ReasonForm, CreateUserForm):
    """A new account of a high post, as it is asked for."""

    field_order = ("role", "place", "display_name", "username", "phone", "reason")

    def __init__(self, scope: Scope, *args: Any, **kwargs: Any) -> None:
        super().__init__(scope, *args, **kwargs)
        self.fields["role"].choices = [("", "请选择"), *((role, role.label) for role in Role if role in HIGH)]  # type: ignore[attr-defined]
        self.fields["place"].help_text = "要职账号都属于县：填县名或县的代码。"

    def clean_place(self) -> Division:
        place = super().clean_place()
        if not isinstance(place, Division):
            raise ValidationError("要职账号都属于县，请填县名或县的代码。")
        return place


class FindUserForm(forms.Form):
    """The filter above the list of accounts."""

    words = forms.CharField(label="姓名、拼音、账号或所属", max_length=60, required=False)
    role = forms.ChoiceField(label="角色", choices=[("", "全部角色"), *ROLE_CHOICES], required=False)
    state = forms.ChoiceField(label="状态", choices=[("", "全部"), *STATES.items()], required=False)


def place_of(text: str, scope: Scope) -> Division | Department:
    """The one place that a code or a name means. ValidationError for none and for several."""
    text = text.strip()
    found = find_places(text, scope)
    if not found:
        near = listed(similar_places(text, scope))
        near = f"名称相近的有：{near}。" if near else ""
        raise ValidationError(f"没有找到这个区划或部门，请核对代码或名称。{near}")
    if len(found) > 1:
        raise ValidationError(f"有 {len(found)} 处叫这个名称，请写上乡镇名，或者填代码：{listed(found)}")
    return found[0]


def listed(places: Sequence[Division | Department]) -> str:
    """The first few places with their codes."""
    return "、".join(f"{_whole_name(place)}（{place.code}）" for place in places[:NAMED])


def _whole_name(place: Division | Department) -> str:
    """With the place above it: there are many villages of one name, and every village has a first group."""
    above = place.parent if isinstance(place, Division) else None
    return f"{above.name}{place.name}" if above else place.name


def similar_places(text: str, scope: Scope) -> list[Division | Department]:
    """Places whose names begin alike: 中和社区 for 中和村."""
    head = text[:2]
    if head.isdecimal():
        return []
    divisions = Division.objects.within(scope).filter(name__startswith=head)[:NAMED]
    return [*divisions, *Department.objects.filter(name__contains=head)[:NAMED]]


def find_places(text: str, scope: Scope) -> list[Division | Department]:
    """The divisions inside the scope and the departments that a code or a name means."""
    return [*divisions_called(text, scope), *Department.objects.filter(Q(code=text) | Q(name=text))]
