"""Forms of the points' pages."""

from django import forms
from django.conf import settings

from households.fields import OnceForm, number_field
from scoring.reasons import POINTS_CHOICES, PointsReason

DECISIONS = [("grant", "批准"), ("refuse", "不批准")]


class AskPointsForm(OnceForm):
    """More or fewer points for one account; the id makes a second press harmless."""

    points = number_field("积分（扣减写负数）", least=-1000, most=1000)
    public_reason = forms.ChoiceField(
        label="公开的原因", choices=POINTS_CHOICES, initial=PointsReason.OTHER, required=False
    )
    reason = forms.CharField(
        label="具体情况", max_length=100, widget=forms.TextInput({"placeholder": "例如：9月防汛值守，村里漏记"})
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["points"].help_text = f"一次最多加减 {settings.POINT_ADJUSTMENT_CEILING} 积分。"
        self.fields["reason"].help_text = "只给审批的人看，不写进积分明细。"
        self.fields["public_reason"].help_text = "会写进积分明细，户里能看到。"


class DecidePointsForm(OnceForm):
    """Grant or refuse what somebody asked for."""

    decision = forms.ChoiceField(label="决定", choices=DECISIONS)
    answer = forms.CharField(label="不批准的原因", max_length=100, required=False)
