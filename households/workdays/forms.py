"""What the county enters from a notice."""

from django import forms
from django.utils import timezone

from households.fields import OnceForm, words_field
from households.models.arrangements import MAX_NOTICE, MAX_TEXT


class ArrangeForm(OnceForm):
    """A year, the notice's number, and its paragraphs as they were published."""

    year = forms.TypedChoiceField(label="哪一年", coerce=int)
    number = forms.CharField(label="通知的文号", max_length=MAX_NOTICE, help_text="例如：国办发明电〔2026〕7号")
    text = words_field(
        "通知里的放假安排",
        most=MAX_TEXT,
        rows=10,
        help_text="从“一、元旦：”到最后一个节日，原样粘贴。系统会核对星期、天数和法定节日。",
    )

    def __init__(self, data: object = None, **options: object) -> None:
        super().__init__(data, **options)  # type: ignore[arg-type]
        this_year = timezone.localdate().year
        field = self.fields["year"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(year, f"{year}年") for year in (this_year + 1, this_year, this_year + 2)]
