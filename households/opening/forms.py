"""The form behind a set-up address."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from households.accounts.passwords import RULES
from households.models import SetUpAddress


def _password(label: str, hint: str = "") -> forms.CharField:
    widget = forms.PasswordInput({"autocomplete": "new-password"})
    return forms.CharField(label=label, help_text=hint, max_length=200, strip=False, widget=widget)


class ComeInForm(forms.Form):
    """Name and password, the account's name where it has none yet, and the county where nobody has named it."""

    county_code = forms.CharField(
        label="县的代码", max_length=20, help_text="统计用区划代码的前 6 位，例如 430525；12 位的也可以。"
    )
    county_name = forms.CharField(label="县名", max_length=60, help_text="例如 某某县。")
    display_name = forms.CharField(label="您的姓名", max_length=30, widget=forms.TextInput({"autocomplete": "name"}))
    username = forms.CharField(
        label="账号",
        max_length=50,
        help_text="以后登录时用，可用汉字、字母、数字。",
        widget=forms.TextInput({"autocomplete": "username"}),
    )
    password = _password("密码", RULES)
    again = _password("再输一次密码")

    def __init__(self, address: SetUpAddress, *args: Any, named: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if named or address.user:
            del self.fields["county_code"], self.fields["county_name"]
        if address.user:
            del self.fields["username"]
            self.initial.setdefault("display_name", address.user.display_name)

    def clean_again(self) -> str:
        again = str(self.cleaned_data["again"])
        if again != self.data.get("password"):
            raise ValidationError("两次输入的密码不一样。")
        return again

    @property
    def given(self) -> dict[str, str]:
        """What the action takes."""
        return {name: value for name, value in {"username": "", **self.cleaned_data}.items() if name != "again"}
