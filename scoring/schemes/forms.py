"""What the pages of schemes send. The rules themselves are in `scoring.schemes.redlines`."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from households.fields import reason_field
from households.files.uploads import is_too_large

MAX_BYTES = 500_000  # bytes: the longest shipped one has a tenth


class SchemeFileForm(forms.Form):
    """A scheme as text."""

    file = forms.FileField(
        label="细则文件（文本，UTF-8，最大 500 KB）", widget=forms.FileInput({"accept": ".toml,.txt"})
    )

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        if is_too_large(upload, MAX_BYTES):
            raise ValidationError("文件太大，不像一版细则。")
        return upload

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if upload := given.get("file"):
            try:
                given["text"] = upload.read().decode("utf-8-sig")
            except UnicodeDecodeError:
                self.add_error("file", "文件不是 UTF-8 编码，请另存为 UTF-8 再交。")
        return given


class SchemeRefusalForm(forms.Form):
    """Leave it unpublished."""

    answer = reason_field("为什么不发布")
