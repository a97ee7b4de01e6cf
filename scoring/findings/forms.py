"""What the pages of findings send. What is allowed, the actions decide."""

from typing import Any

from django import forms

from households.fields import OnceForm, choose, day_field, words_field
from scoring.models import Clause
from scoring.sheets.ops import MAX_DOCUMENT, MAX_NOTE


class FindingForm(OnceForm):
    """One finding about a place that was chosen before."""

    clause = forms.ChoiceField(label="条款", help_text="只列出归本部门认定的条款。")
    date = day_field("发生日期")
    document_no = forms.CharField(label="文书号", max_length=MAX_DOCUMENT, help_text="决定书、告知书或者通报的文号。")
    note = forms.CharField(label="说明", max_length=MAX_NOTE, required=False, help_text="可以空着；不写人名。")
    again = forms.BooleanField(label="同一天已经有同样的一条，这是又一次", required=False)

    def __init__(self, clauses: list[Clause], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        listed = [(clause.code, f"{clause.code} {clause.text}") for clause in clauses]
        choose(self, "clause", [("", "请选择"), *listed])
        self.fields["document_no"].widget.attrs["autocomplete"] = "off"


class FindingWordsForm(OnceForm):
    """Why: an explanation, a refusal, a withdrawal, a request."""

    words = words_field("原因", most=MAX_NOTE, rows=3)
