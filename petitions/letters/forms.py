"""The form of a ready-made text. What may stand in it, `petitions.letters.replies.check` decides."""

from django import forms

from households.fields import OnceForm
from petitions.letters.replies import GAPS, MAX_NAME, MAX_TEXT, USED_FOR


class TemplateForm(OnceForm):
    """One text for one kind of step; the id makes a second tap harmless."""

    action = forms.ChoiceField(label="用在哪一步", choices=[(one.value, one.label) for one in USED_FOR])
    name = forms.CharField(label="名称", max_length=MAX_NAME)
    text = forms.CharField(
        label="正文",
        max_length=MAX_TEXT,
        widget=forms.Textarea({"rows": 8}),
        help_text=f"可以留空自动填：{'、'.join(f'{{{gap}}}' for gap in GAPS)}。不要写任何人的姓名和电话。",
    )
