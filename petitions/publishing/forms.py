"""The form of what everybody shall read of a petition, and that of taking it back."""

from typing import Any

from django import forms

from households.fields import OnceForm
from petitions.models.petitions import MAX_TEXT, MAX_TITLE
from petitions.publishing.actions import Redacted


class RedactedForm(OnceForm):
    """Title, text and answer as they are to be public. What may stand in them, the action decides."""

    title = forms.CharField(label="公开的标题", max_length=MAX_TITLE)
    text = forms.CharField(label="公开的内容", max_length=MAX_TEXT, widget=forms.Textarea({"rows": 8}))
    answer = forms.CharField(label="公开的答复", max_length=MAX_TEXT, widget=forms.Textarea({"rows": 8}))
    enterprise_agreed = forms.BooleanField(label="企业同意公开它的名称", required=False)
    seen = forms.BooleanField(label="下面的提示已逐条看过，没有指向具体的人", required=False)

    def __init__(self, *args: Any, enterprise: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not enterprise:
            del self.fields["enterprise_agreed"]

    @property
    def redacted(self) -> Redacted:
        """What was typed, as the action takes it."""
        given = {name: value for name, value in self.cleaned_data.items() if name != "op_id"}
        return Redacted(**given)


class PublicationWithdrawForm(OnceForm):
    note = forms.CharField(
        label="为什么撤下", max_length=500, widget=forms.Textarea({"rows": 2}), help_text="只有内部看得到。"
    )
