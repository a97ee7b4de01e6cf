"""The file that somebody carried."""

from django import forms


class CarriedForm(forms.Form):
    file = forms.FileField(label="带来的台账文件", widget=forms.FileInput({"accept": ".dkt"}))
