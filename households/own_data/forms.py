"""What is written about corrections."""

from django import forms

from households.own_data.actions import LONGEST


class AskCorrectionForm(forms.Form):
    """What is wrong, and how it is right."""

    words = forms.CharField(
        label="哪里不对，应该是什么",
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 3}),
        help_text="例如：户主姓名的字写错了。",
    )


class AnswerCorrectionForm(forms.Form):
    """Done or not, and what the household is told."""

    corrected = forms.ChoiceField(label="结果", choices=[("yes", "已经更正"), ("no", "不更正，说明原因")])
    words = forms.CharField(label="答复（这一户能看到）", max_length=LONGEST, widget=forms.Textarea({"rows": 3}))
