"""The form of an administrator who names the identity of somebody else."""

from django import forms


class IdentityForm(forms.Form):
    subject = forms.CharField(
        label="他在身份认证里的编号",
        max_length=255,
        help_text="机房约定用来认人的那一项，例如工号，一字不差。",
        widget=forms.TextInput({"autocomplete": "off"}),
    )
