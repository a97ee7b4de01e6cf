"""Forms of the points' pages."""

from django import forms
from django.conf import settings

DECISIONS = [("grant", "批准"), ("refuse", "不批准")]


class AskPointsForm(forms.Form):
    """More or fewer points for one account; the id makes a second press harmless."""

    op_id = forms.UUIDField(widget=forms.HiddenInput)
    points = forms.IntegerField(
        label="积分（扣减写负数）", min_value=-1000, max_value=1000, widget=forms.NumberInput({"inputmode": "numeric"})
    )
    reason = forms.CharField(
        label="原因", max_length=100, widget=forms.TextInput({"placeholder": "例如：9月防汛值守，村里漏记"})
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["points"].help_text = f"一次最多加减 {settings.POINT_ADJUSTMENT_CEILING} 积分。"
        self.fields["reason"].help_text = "会写进积分明细，户里能看到。"


class DecidePointsForm(forms.Form):
    """Grant or refuse what somebody asked for."""

    op_id = forms.UUIDField()
    decision = forms.ChoiceField(choices=DECISIONS)
    answer = forms.CharField(max_length=100, required=False)
