"""Forms of the plates' pages."""

from collections.abc import Iterable

from django import forms

from households.fields import OnceForm, choose
from households.plates.reads import MISSING

ISSUED = "issued"


class ChooseGroupForm(forms.Form):
    """One of a village's groups, or all. `groups` are (code, name)."""

    group = forms.ChoiceField(label="组", required=False)

    def __init__(self, groups: Iterable[tuple[str, str]], *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        choose(self, "group", [("", "全部组"), *groups])


class FindPlateForm(ChooseGroupForm):
    """The filter above the list."""

    words = forms.CharField(label="户主、拼音首字母或户号", max_length=30, required=False)
    state = forms.ChoiceField(
        label="户牌", choices=[("", "全部"), (MISSING, "没有户牌"), (ISSUED, "有户牌")], required=False
    )


class IssueForm(OnceForm):
    """One press of a button that makes plates or PINs; the id makes a second press of it harmless."""

    group = forms.RegexField(r"^[0-9]{14}$", required=False)


class BeginRunForm(forms.Form):
    """The whole county or one of its townships. `places` are (code, name)."""

    place = forms.ChoiceField(label="给哪里制牌")

    def __init__(self, places: Iterable[tuple[str, str]], *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        choose(self, "place", places)


class RevokeForm(forms.Form):
    reason = forms.CharField(
        label="为什么作废", max_length=100, widget=forms.TextInput({"placeholder": "例如：户牌丢了、户已注销"})
    )
