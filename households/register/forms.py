"""Forms of the register's pages."""

from django import forms


class FindHouseholdForm(forms.Form):
    """The filter above the register."""

    words = forms.CharField(label="户主、拼音首字母或户号", max_length=30, required=False)


class UnmaskForm(forms.Form):
    """Why somebody wants to see a number in full."""

    reason = forms.CharField(
        label="为什么要看", max_length=100, widget=forms.TextInput({"placeholder": "例如：通知防汛转移"})
    )
