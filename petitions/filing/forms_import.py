"""The form that takes a list of hotline or 红网."""

from django import forms
from django.core.exceptions import ValidationError

from households.files.bounds import PAGE
from households.files.uploads import is_too_large


class ImportForm(forms.Form):
    """A CSV or xlsx file, and which of the two buttons was pressed."""

    list = forms.FileField(
        label="清单（CSV 或 xlsx，最大 5 MB、2 万行）", widget=forms.FileInput({"accept": ".csv,.xlsx"})
    )
    how = forms.ChoiceField(choices=[("rehearse", "演练"), ("write", "正式导入")], widget=forms.HiddenInput)

    def clean_list(self) -> object:
        upload = self.cleaned_data["list"]
        if is_too_large(upload, PAGE.size):
            raise ValidationError("文件太大，请分成几个文件。")
        return upload
