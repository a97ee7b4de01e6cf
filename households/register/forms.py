"""Forms of the register's pages."""

from django import forms

SHORTEST_NUMBER = 4


class FindHouseholdForm(forms.Form):
    """The search over households, above the register and in the frame of every page."""

    words = forms.CharField(label="户主、拼音、户号、电话后四位或户牌", max_length=200, required=False)


class UnmaskForm(forms.Form):
    """Why somebody wants to see a number in full."""

    reason = forms.CharField(
        label="为什么要看", max_length=100, widget=forms.TextInput({"placeholder": "例如：通知防汛转移"})
    )


class NameForm(forms.Form):
    """Whom somebody looks for by their name, and why."""

    words = forms.CharField(
        label="户主全名、全部首字母或户号",
        min_length=2,
        max_length=30,
        help_text="例如 刘小明、lxm，或户号后四位。只找写全了的，一次最多 10 户。",
        error_messages={"min_length": "请写全名，或户号后四位。"},
    )
    reason = forms.CharField(
        label="为什么要看", max_length=100, widget=forms.TextInput({"placeholder": "例如：核对处理决定上的当事人"})
    )

    def clean_words(self) -> str:
        """A number of one or two digits would name half a village."""
        words: str = self.cleaned_data["words"].strip()
        if words.isdecimal() and len(words) < SHORTEST_NUMBER:
            raise forms.ValidationError("户号请写后四位。")
        return words
