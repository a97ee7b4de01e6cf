"""The field that takes a photo from a phone or a computer."""

from typing import Any

from django import forms


class PhotoField(forms.FileField):
    """`<input type=file accept=image/*>`: a phone offers its camera and its album. `rewards.pictures.pictures.keep` judges it."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.FileInput({"accept": "image/*"}))
        options.setdefault(
            "help_text", "JPG、PNG 或 WebP，最大 10 MB。照片缩小了保存，拍摄地点等信息会自动去掉；原件这里不留。"
        )
        super().__init__(**options)
