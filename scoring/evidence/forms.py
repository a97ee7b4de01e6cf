"""Forms around photos of an event."""

from django import forms

from households.fields import OnceForm, reason_field


class EventPhotoForm(OnceForm):
    """One photo, from the camera or the album."""

    photo = forms.FileField(
        label="照片",
        widget=forms.FileInput({"accept": "image/jpeg,image/png,image/webp"}),
        help_text="JPG、PNG 或 WebP，最大 10 MB。照片缩小了保存，拍摄地点等信息会自动去掉；原件这里不留。",
    )


class PhotoWithdrawForm(OnceForm):
    """Why a photo goes."""

    reason = reason_field("撤回的原因")
