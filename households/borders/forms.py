"""The few changes of places that happen often, each a form that makes the lines of a mapping."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from households.borders.mapping import MAX_NAME
from households.codes import MAX_GROUP_NO
from households.imports.cells import CellFault
from households.imports.cells import name as a_name
from households.intake.forms import OrderFields
from households.models import Division


class SmallOrderForm(OrderFields):
    """What every one of them asks, and the one line of the mapping that it stands for: what goes where, under which name."""

    old: str  # the field that says what it is about

    def __init__(self, places: Sequence[Division], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = {one.code: one for one in places}
        self.order_fields([name for name in self.fields if name not in SmallOrderForm.base_fields])

    def choices(self, *digits: int) -> list[tuple[str, str]]:
        """Places of these lengths, the name of the one above before their own."""
        found = [one for one in self.places.values() if len(one.code) in digits]
        return [("", ""), *((one.code, f"{one.parent.name if one.parent else ''} {one.name}") for one in found)]

    def clean_new_name(self) -> str:
        """In the spelling that is kept."""
        try:
            return a_name(MAX_NAME)(self.cleaned_data.get("new_name", ""))
        except CellFault as fault:
            raise forms.ValidationError(str(fault)) from fault

    @property
    def table(self) -> bytes:
        """The line as the file that somebody might have brought."""
        out, given = io.StringIO(), self.cleaned_data
        line = (given[self.old], self.goes_on(given), given["new_name"])
        csv.writer(out).writerows([("old_code", "new_code", "new_name"), line])
        return out.getvalue().encode()

    def goes_on(self, _given: Mapping[str, Any]) -> str:
        """The new code; none for a new name alone."""
        return ""

    @property
    def options(self) -> dict[str, Any]:
        """What the run keeps besides."""
        return {name: value for name, value in self.said.items() if value}


class RenameForm(SmallOrderForm):
    """A place is called otherwise."""

    old = "place"
    place = forms.ChoiceField(label="哪里")
    new_name = forms.CharField(label="新名称", max_length=MAX_NAME)

    def __init__(self, places: Sequence[Division], *args: Any, **kwargs: Any) -> None:
        super().__init__(places, *args, **kwargs)
        self.fields["place"].choices = self.choices(6, 9, 12, 14)  # type: ignore[attr-defined]
        del self.fields["release"]


class MoveGroupForm(SmallOrderForm):
    """A group comes to another village."""

    old = "group"
    group = forms.ChoiceField(label="哪个组")
    village = forms.ChoiceField(label="划到哪个村")
    number = forms.IntegerField(
        label="到那里的组号（空着就是下一个没用过的）", min_value=1, max_value=MAX_GROUP_NO, required=False
    )
    new_name = forms.CharField(label="新名称（空着不改）", max_length=MAX_NAME, required=False)

    def __init__(self, places: Sequence[Division], *args: Any, **kwargs: Any) -> None:
        super().__init__(places, *args, **kwargs)
        self.fields["group"].choices = self.choices(14)  # type: ignore[attr-defined]
        self.fields["village"].choices = self.choices(12)  # type: ignore[attr-defined]

    def goes_on(self, given: Mapping[str, Any]) -> str:
        number = given["number"] or next_group(given["village"])
        return f"{given['village']}{number:02d}"


class MergeVillagesForm(SmallOrderForm):
    """A village goes into another, which may get a new name."""

    old = "village"
    village = forms.ChoiceField(label="哪个村")
    into = forms.ChoiceField(label="并入哪个村")
    new_name = forms.CharField(label="并入后的村名（空着不改）", max_length=MAX_NAME, required=False)

    def __init__(self, places: Sequence[Division], *args: Any, **kwargs: Any) -> None:
        super().__init__(places, *args, **kwargs)
        self.fields["village"].choices = self.fields["into"].choices = self.choices(12)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("village") and given.get("village") == given.get("into"):
            self.add_error("into", "不能并入自己。")
        return given

    def goes_on(self, given: Mapping[str, Any]) -> str:
        return str(given["into"])


def next_group(village: str) -> int:
    """The number after all that groups of a village ever had; beyond the last one when there is none left."""
    codes = Division.objects.filter(parent=village).values_list("code", flat=True)
    return max((int(code[-2:]) for code in codes), default=0) + 1


FORMS: dict[str, tuple[str, type[SmallOrderForm], str]] = {
    "rename": ("更名", RenameForm, "乡镇、村、组改名字，编码不变。"),
    "move-group": ("组划到别的村", MoveGroupForm, "整个组连户一起到别的村，户换新的编号。"),
    "merge": ("两村合并", MergeVillagesForm, "一个村整个并入另一个村，各组排在后面。"),
}
