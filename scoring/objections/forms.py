"""What the pages of objections send. What is allowed, the actions decide."""

from typing import Any

from django import forms

from households.fields import OnceForm, choose, day_field, words_field
from scoring.models import Clause, Objection
from scoring.objection_states import ObjectionWay
from scoring.objections.actions.ruling import Ruling
from scoring.objections.actions.steps import MAX_WORDS
from scoring.reasons import CHOICES, REJECT_CHOICES
from scoring.sheets.ops import MAX_DOCUMENT

MISSING = "missing"


class ContestForm(OnceForm):
    """Which record, or that something good is missing, and why. `paper`: in the household's own words."""

    paper = False
    about = forms.ChoiceField(label="对哪一条", widget=forms.RadioSelect)
    text = words_field(
        "哪里不对，应该是什么", most=MAX_WORDS, rows=5, help_text="写明时间、地点和情况。只有裁定的人能看到，不公开。"
    )

    def __init__(self, about: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "about", about)
        self.fields["text"].widget.attrs["autocomplete"] = "off"

    @property
    def event(self) -> int | None:
        """The event's number; None for what is missing."""
        chosen: str = self.cleaned_data["about"]
        return None if chosen == MISSING else int(chosen)


_CAMERA = {"accept": "image/*", "capture": "environment"}


class PaperForm(ContestForm):
    """The same on a household's paper."""

    paper = True
    photo = forms.FileField(label="单子的照片", widget=forms.FileInput(_CAMERA))


class OwnOrPaperForm(ContestForm):
    """Of somebody who may object, and key in a household's paper as well: then the action asks for the photo."""

    way = forms.ChoiceField(label="替谁提", widget=forms.RadioSelect)
    photo = forms.FileField(
        label="单子的照片", required=False, widget=forms.FileInput(_CAMERA), help_text="本户交来单子的，一定要拍。"
    )
    field_order = ("op_id", "way", "about", "text", "photo")

    def __init__(self, way: ObjectionWay, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "way", [(way, way.label), (ObjectionWay.PAPER, f"{ObjectionWay.PAPER.label}，由您录入")])

    @property
    def paper(self) -> bool:  # type: ignore[override]
        return bool(self.cleaned_data["way"] == ObjectionWay.PAPER)


class RulingForm(OnceForm):
    """Upheld or not. For something missing that is upheld, under which clause and on which day it is added."""

    upheld = forms.ChoiceField(label="裁定", choices=[("yes", "成立"), ("no", "不成立")], widget=forms.RadioSelect)
    public_reason = forms.ChoiceField(label="公开的原因", help_text="本户、登记人和上级都看得到；不写自己的话。")
    clause = forms.ChoiceField(label="成立的，补记哪一条", required=False)
    day = day_field("发生日期", required=False)
    document_no = forms.CharField(label="文书号", max_length=MAX_DOCUMENT, required=False)
    again = forms.BooleanField(label="同一天已经登记过同样的一条，这是又一次", required=False)
    reason = words_field("理由", most=MAX_WORDS, rows=4, help_text="只给当事人和裁定的人看。")

    def __init__(self, objection: Objection, clauses: list[Clause], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "public_reason", [("成立", CHOICES), ("不成立", REJECT_CHOICES)])
        if objection.event_id:
            for name in ("clause", "day", "document_no", "again"):
                del self.fields[name]
        else:
            listed = [(clause.code, f"{clause.code} {clause.text}") for clause in clauses]
            choose(self, "clause", [("", "请选择"), *listed])

    def ruling(self) -> Ruling:
        given = self.cleaned_data
        return Ruling(
            upheld=given["upheld"] == "yes",
            words=given["reason"],
            public_reason=given["public_reason"],
            clause=given.get("clause", ""),
            day=given.get("day"),
            document_no=given.get("document_no", ""),
            again=given.get("again", False),
        )
