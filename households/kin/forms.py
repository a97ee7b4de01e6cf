"""What the page of declarations sends."""

from django import forms

from households.models import Relation


class FindKinForm(forms.Form):
    """A household of one's own part of the county by what people call it; any other by its number."""

    words = forms.CharField(label="找这一户：户主、拼音、户号", max_length=60, required=False)


class KinForm(forms.Form):
    """One household, and what it is to the person."""

    household = forms.CharField(widget=forms.HiddenInput, max_length=18)
    relation = forms.ChoiceField(label="关系", choices=Relation.choices, widget=forms.RadioSelect)
