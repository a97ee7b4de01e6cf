"""Forms of the pages on which people file and follow. What is allowed, the actions decide."""

from collections.abc import Mapping
from typing import Any

from django import forms

from households.codes import Level, reaches
from households.fields import Choices, OnceForm, choose
from households.models import Household
from petitions import units
from petitions.filing.asked import Filing
from petitions.models import Channel, Content, Way
from petitions.models.petitions import MAX_ENTERPRISE, MAX_NAME, MAX_TEXT, MAX_TITLE

CONTENTS = [
    (Content.APPEAL.value, "要解决问题：投诉、求助、申诉"),
    (Content.SUGGESTION.value, "提意见、提建议"),
    (Content.ACCUSATION.value, "检举、控告"),
]
ACCUSED = ("accused_here", "accused_department", "accused_names", "accused_unknown")
MAX_ACCUSED = 100
ACCUSED_WANTED = "检举、控告的是谁？填了，他们就看不到这件事。不知道是谁，请勾“我不知道是谁”再提交。"
OFFICE_TOO = "是县信访局或信访局的人，就交给县里指定的另一个机关受理，信访局的人都看不到。"
ABOUT = ("name", "phone", "keep_private", "files")


def with_accused(given: Mapping[str, str]) -> str:
    """What was written, with the names of those it accuses: whoever handles it must read them."""
    text, names = given.get("text", ""), given.get("accused_names", "")
    return f"{text}\n\n检举、控告的人：{names}" if names else text


class ManyFiles(forms.FileInput):
    """`<input type=file multiple>`: a phone offers its camera and its album."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files or none; `petitions.filing.uploads.papers` judges them."""

    widget = ManyFiles

    def __init__(self, **options: Any) -> None:
        options.setdefault("required", False)
        options.setdefault("label", "照片或 PDF（可以不加）")
        options.setdefault("widget", ManyFiles({"accept": "image/*,application/pdf"}))
        options.setdefault(
            "help_text",
            "一次最多 6 个。照片最大 10 MB，PDF 最大 5 MB。照片缩小了保存，拍摄地点、作者等会自动去掉；"
            "原件这里不留，请自己存好。",
        )
        super().__init__(**options)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        listed = data if isinstance(data, list | tuple) else [data]
        return [super(FilesField, self).clean(one, initial) for one in listed if one]


class IntakeForm(OnceForm):
    """What somebody wants to file. `similar_seen` is set once the likely duplicates were shown."""

    similar_seen = forms.BooleanField(required=False, widget=forms.HiddenInput)
    enterprise = forms.CharField(label="企业名称", max_length=MAX_ENTERPRISE)
    content = forms.ChoiceField(
        label="是哪一类",
        choices=CONTENTS,
        initial=Content.APPEAL.value,
        widget=forms.RadioSelect,
        error_messages={"required": "请选一类。"},
    )
    title = forms.CharField(
        label="一句话说是什么事",
        max_length=MAX_TITLE,
        help_text="例如：组里的路坏了半年没人修。这一句请不要写人名。",
    )
    text = forms.CharField(
        label="详细情况",
        max_length=MAX_TEXT,
        widget=forms.Textarea({"rows": 8}),
        help_text="什么时候、什么地方、什么事，您希望怎么办。",
    )
    place = forms.ChoiceField(label="事情在哪里", error_messages={"required": "请选一个地方。"})
    accused_here = forms.BooleanField(
        label="反映的是这个村或乡镇的干部，不要让他们看到", required=False, help_text="只在检举、控告时勾选。"
    )
    accused_department = forms.ChoiceField(
        label="检举、控告的是哪个县直部门",
        required=False,
        help_text=f"选了以后，这个部门的人看不到这件事。{OFFICE_TOO}",
    )
    accused_names = forms.CharField(
        label="检举、控告的人叫什么",
        max_length=MAX_ACCUSED,
        required=False,
        help_text=f"在这个系统里有账号的，写了姓名，本人就看不到这件事。{OFFICE_TOO}",
    )
    accused_unknown = forms.BooleanField(label="我不知道是谁", required=False)
    name = forms.CharField(label="您的姓名（可以不写）", max_length=MAX_NAME, required=False)
    phone = forms.CharField(
        label="联系电话（可以不写）",
        max_length=20,
        required=False,
        widget=forms.TextInput({"inputmode": "tel"}),
        help_text="姓名和电话加密保存，经办人看到的是张*、138****5678。",
    )
    keep_private = forms.BooleanField(
        label="不要把这件事放进公开列表",
        required=False,
        help_text="答复以后，信访局可以把去掉姓名、电话、住址的内容公开给大家看。您不愿意就勾上。",
    )
    files = FilesField()  # type: ignore[assignment]  # a field: the form's class takes it off itself

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        places: Choices,
        departments: Choices,
        enterprise: bool,
        **options: Any,
    ) -> None:
        super().__init__(data, files, **options)
        choose(self, "place", places)
        choose(self, "accused_department", [("", "没有"), *departments])
        if not enterprise:
            del self.fields["enterprise"]
        else:
            self.fields["name"].label = "联系人姓名（可以不写）"
        for field in self.fields.values():
            field.widget.attrs["autocomplete"] = "off"  # the next person on this phone is offered nothing

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        accuses = any(cleaned.get(name) for name in ACCUSED if name != "accused_unknown")
        if accuses and cleaned.get("content") != Content.ACCUSATION:
            self.add_error("content", "填了检举、控告的对象，这里要选“检举、控告”。")
        if not accuses and cleaned.get("content") == Content.ACCUSATION and not cleaned.get("accused_unknown"):
            self.add_error("accused_unknown", ACCUSED_WANTED)
        if len(with_accused(cleaned)) > MAX_TEXT:
            self.add_error("text", f"连同检举、控告的人，最多 {MAX_TEXT} 个字。")
        if cleaned.get("accused_here") and not reaches(cleaned.get("place", ""), Level.TOWNSHIP):
            self.add_error("place", "请选是哪个村或乡镇的干部。")
        return cleaned

    @property
    def accused_fields(self) -> list[forms.BoundField]:
        """What only an accusation needs; the page keeps it folded."""
        return [self[name] for name in ACCUSED]

    @property
    def first_fields(self) -> list[forms.BoundField]:
        """What was seen, and where."""
        return [field for field in self.visible_fields() if field.name not in (*ACCUSED, *ABOUT)]

    @property
    def last_fields(self) -> list[forms.BoundField]:
        """Who says it, and their papers."""
        return [self[name] for name in ABOUT]

    @property
    def accuses(self) -> bool:
        """Whether the folded part holds something."""
        return any(self[name].value() or self[name].errors for name in ACCUSED)

    def filing(self, household: Household | None) -> Filing:
        """What was typed, as the action takes it. Without a name nothing says which household it was."""
        given = self.cleaned_data
        enterprise = given.get("enterprise", "")
        return Filing(
            channel=Channel.ENTERPRISE if enterprise else Channel.PEOPLE,
            way=Way.ENTERPRISE if enterprise else Way.PAGE,
            household=household if given["name"] else None,
            enterprise=enterprise,
            accused=self._accused(),
            text=with_accused(given),
            **{name: given[name] for name in ("content", "place", "title", "name", "phone")},
        )

    def _accused(self) -> tuple[str, ...]:
        given = self.cleaned_data
        department = [f"department:{given['accused_department']}"] if given["accused_department"] else []
        place = [f"division:{given['place']}"] if given["accused_here"] else []
        return (*department, *place, *units.persons_named(given["accused_names"]))
