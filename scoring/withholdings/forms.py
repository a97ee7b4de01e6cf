"""What the pages of withholdings send. The rules themselves are in `scoring.withholdings.actions`."""

from django import forms

from households.fields import OnceForm, words_field
from scoring.models import LegalGround
from scoring.reasons import ALL_CHOICES
from scoring.withholdings.actions.withholding import MAX_WHY


class AskForm(OnceForm):
    """Why words must go, by which article, and what stands in their place."""

    public_reason = forms.ChoiceField(
        label="换成哪一句", choices=[("", "请选择"), *ALL_CHOICES], help_text="以后大家看到的就是这一句。"
    )
    ground = forms.ChoiceField(label="法律依据", choices=[("", "请选择"), *LegalGround.choices])
    why = words_field("为什么不能再公开", rows=3, most=MAX_WHY, help_text="只给申请和决定的人看。不要再抄一遍原文。")


class WithholdingRefusalForm(OnceForm):
    """Leave the words as they are."""

    reason = words_field("不同意的原因，申请的人会看到", rows=2, most=MAX_WHY)
