"""Forms of the residents' choice."""

from datetime import datetime, time
from typing import Any

from django import forms
from django.utils import timezone

from households.fields import OnceForm, choose, day_field, words_field
from rewards.models import Ballot, BallotOption, Project
from rewards.money import yuan
from rewards.pictures.forms import PhotoField
from rewards.project_states import ProjectState


class OptionsField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, project: Any) -> str:
        return f"{project.priority}. {project.title}（{yuan(project.estimate_fen)} 元）"


class BallotForm(OnceForm):
    """A new question to a village."""

    title = forms.CharField(label="题目", max_length=60, initial="今年先办哪一件")
    projects = OptionsField(label="选哪些需求", queryset=Project.objects.none(), widget=forms.CheckboxSelectMultiple)
    picks = forms.IntegerField(label="每户最多选几个", min_value=1, initial=1)
    places = forms.IntegerField(label="选出几个", min_value=1, initial=1)
    closes_on = day_field("截止日期", help_text="到这一天 24 点为止。在册的每一户都可以选。")

    def __init__(self, village: str, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        field = self.fields["projects"]
        assert isinstance(field, OptionsField)
        field.queryset = Project.objects.filter(village=village, state=ProjectState.LISTED).order_by(
            "-year", "priority"
        )

    def closes_at(self) -> datetime:
        """The end of the chosen day."""
        return timezone.make_aware(datetime.combine(self.cleaned_data["closes_on"], time(23, 59, 59)))


class HouseholdForm(forms.Form):
    """A household by its number: whole, or group and number."""

    household = forms.CharField(label="户编号后 6 位", max_length=18, help_text="2 位组号加 4 位户号，例如 010001。")


class SlipForm(forms.Form):
    """A paper slip: its number and what is marked on it; nothing marked means spoiled."""

    number = forms.IntegerField(label="票号", min_value=1, max_value=99_999)
    picks = forms.MultipleChoiceField(label="票上选的", required=False, widget=forms.CheckboxSelectMultiple)
    photo = PhotoField(label="票的照片（可以不传，只有工作人员能看）", required=False)

    def __init__(self, ballot: Ballot, data: Any = None, files: Any = None, **options: Any) -> None:
        super().__init__(data, files, **options)
        choose(self, "picks", [_told(option) for option in ballot.options.select_related("project")])
        self.fields["picks"].help_text = f"最多 {ballot.picks} 个。废票不要选。"

    def chosen(self) -> list[int]:
        """Numbers of the projects."""
        return [int(pick) for pick in self.cleaned_data["picks"]]


def _told(option: BallotOption) -> tuple[str, str]:
    return str(option.project_id), f"{option.position}. {option.project.title}"


class OffForm(forms.Form):
    reason = words_field("作废的原因（村民看得到）", rows=2, most=200)
