"""Forms of the steps of a petition. They take what was typed; what is allowed, the table and the actions decide."""

from collections.abc import Sequence
from typing import Any

from django import forms

from households.fields import OnceForm, choose, number_field
from petitions.clock_types import MAX_EXTENSION
from petitions.erasing.rules import allowed, most_erasable
from petitions.filing.forms import FilesField
from petitions.models import Content, Demand, Path, Petition, PetitionKind, ReviewOutcome, Score
from petitions.models.events import MAX_TOLD

_TEXT = forms.Textarea({"rows": 4})
_SHORT = forms.Textarea({"rows": 2})
INSIDE = "只有承办单位和信访局看得到。"
OUTSIDE = "来信人会看到这段话。"
OUTCOMES = [(outcome.value, f"{outcome.label}原处理意见") for outcome in ReviewOutcome]
Choices = Sequence[tuple[str, str]]


def told_field(label: str = "告知来信人", **options: Any) -> forms.CharField:
    """A text for the filer."""
    return forms.CharField(label=label, max_length=MAX_TOLD, widget=_TEXT, help_text=OUTSIDE, **options)


def note_field(label: str, **options: Any) -> forms.CharField:
    """A text that stays inside."""
    return forms.CharField(label=label, max_length=MAX_TOLD, widget=_SHORT, help_text=INSIDE, **options)


class StepForm(OnceForm):
    """One step. `op_id` makes a repetition harmless, `seen` is the line of the history that the page showed last."""

    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, petition: Petition, data: Any = None, *, units: Choices = (), **options: Any) -> None:
        super().__init__(data, **options)
        self.petition = petition
        self.units = list(units)


class NoteForm(StepForm):
    note = note_field("内部备注")


class StepReasonForm(StepForm):
    note = note_field("理由")


class SituationForm(StepForm):
    note = note_field("情况")


class MaybeNoteForm(StepForm):
    note = note_field("说明（可以不写）", required=False)


class ToldForm(StepForm):
    told = told_field()


class AnswerForm(ToldForm):
    """What the filer is answered, with papers that they may open."""

    files = FilesField(
        label="附件：照片或 PDF（可以不加）", help_text="来信人能看到。一次最多 6 个，照片最大 10 MB，PDF 最大 5 MB。"
    )  # type: ignore[assignment]  # a field: the form's class takes it off itself


class AcceptForm(StepForm):
    """Accepting tells the filer; taking back what was turned away needs a reason as well.

    Here and in `AssignForm` the action asks for the reason, not the form: a form that is sent twice meets another state.
    """

    told = told_field(required=False)
    note = note_field("为什么又受理", required=False)

    def __init__(self, petition: Petition, *args: Any, **options: Any) -> None:
        super().__init__(petition, *args, **options)
        self.fields[
            "told"
        ].initial = f"您提交的“{petition.title}”（{petition.number}）已经受理，我们会按期办理并答复您。"
        if petition.state == "filed":
            del self.fields["note"]


class PathForm(StepForm):
    path = forms.ChoiceField(label="应当走的途径", choices=Path.choices)
    told = told_field(label="告知来信人原因和办法")


class RedirectForm(PathForm):
    unit = forms.CharField(label="转给哪个机关（可以不填）", max_length=60, required=False)
    field_order = ("path", "unit", "told")


class AssignForm(StepForm):
    """The lead unit and those that work with it; `units` leaves out whom the petition accuses."""

    lead = forms.ChoiceField(label="主办单位")
    joint = forms.MultipleChoiceField(label="协办单位（可以不选）", required=False, widget=forms.CheckboxSelectMultiple)
    note = note_field("交办要求", required=False)

    def __init__(self, petition: Petition, *args: Any, **options: Any) -> None:
        super().__init__(petition, *args, **options)
        choose(self, "lead", [("", "请选择"), *self.units])
        choose(self, "joint", self.units)
        if petition.state in ("assigned", "handled"):
            self.fields["note"].label = "为什么改派（必填）"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("lead") in cleaned.get("joint", []):
            self.add_error("joint", "主办单位不用再选作协办。")
        return cleaned


class ExtendForm(StepForm):
    days = number_field("延长几天", least=1, most=MAX_EXTENSION)
    told = told_field(label="告知来信人延期的原因")


class OutcomeForm(StepForm):
    outcome = forms.ChoiceField(label="结论", choices=OUTCOMES)
    told = told_field(label="答复意见")


class MergeForm(StepForm):
    """Joining another petition of the same matter."""

    into = forms.CharField(label="并入哪一件（编号）", max_length=18, widget=forms.TextInput({"autocomplete": "off"}))
    told = told_field()

    def __init__(self, petition: Petition, *args: Any, **options: Any) -> None:
        super().__init__(petition, *args, **options)
        self.fields[
            "told"
        ].initial = "您反映的事项与正在办理的另一件相同，已经合并办理。您仍然可以用原来的查询码查看进展。"


class ClassifyForm(StepForm):
    """What kind of petition it is, whom it accuses, and which other one is about the same matter."""

    content = forms.ChoiceField(label="内容类别", choices=Content.choices)
    kind = forms.ChoiceField(label="信访类别", choices=PetitionKind.choices)
    demand = forms.ChoiceField(label="诉求类型", choices=Demand.choices)
    same_as = forms.CharField(
        label="与哪一件是同一事项（编号，可以不填）",
        max_length=18,
        required=False,
        help_text="记为同一事项，仍然分开办理。",
    )
    accused = forms.MultipleChoiceField(
        label="检举控告对象（只有检举控告才选）", required=False, widget=forms.CheckboxSelectMultiple
    )
    note = note_field("为什么调整（可以不写）", required=False)

    def __init__(self, petition: Petition, *args: Any, **options: Any) -> None:
        super().__init__(petition, *args, **options)
        for name in ("content", "kind", "demand"):
            self.fields[name].initial = getattr(petition, name)
        standing = {one.unit: one.name for one in petition.accused.select_related("department", "division", "user")}
        choose(self, "accused", (standing | dict(self.units)).items())
        self.fields["accused"].initial = list(standing)


class EraseForm(StepForm):
    """How much goes at the filer's wish: what the law lets go."""

    extent = forms.ChoiceField(label="清除什么")

    def __init__(self, petition: Petition, *args: Any, **options: Any) -> None:
        super().__init__(petition, *args, **options)
        choose(self, "extent", [(extent.value, extent.label) for extent in allowed(petition)])
        self.fields["extent"].help_text = f"{most_erasable(petition).why}清除以后找不回来。"


class RecuseForm(StepReasonForm):
    """Who keeps away; `people` are those the actor may name, themselves first. Alone they need not choose."""

    person = forms.ChoiceField(label="谁回避")
    field_order = ("person", "note")

    def __init__(self, petition: Petition, *args: Any, people: Choices = (), **options: Any) -> None:
        super().__init__(petition, *args, **options)
        choose(self, "person", people)
        if len(people) == 1:
            field = self.fields["person"]
            field.widget, field.initial = forms.HiddenInput(), people[0][0]


class CallBackForm(StepForm):
    """What the filer said about the unit when the petition office called back."""

    score = forms.ChoiceField(label="对责任单位", choices=Score.choices)
    note = note_field("来信人怎么说（时间、方式、原话）")
