"""``{{ field|control }}``: a form field's control with the classes of the staff pages' look; a long list is one that is searched."""

from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput, Select, Widget
from django.forms.widgets import ChoiceWidget
from django.utils.safestring import SafeString

from households.register.initials import found_by

register = template.Library()
register.filter("initials", found_by)
LONG = 15  # options that are scrolled; more are searched


class FoundSelect(Select):
    """A select whose options carry the pinyin initials by which static/js/find.js finds them, as `label` and below its heading."""

    def create_option(self, name: str, value: Any, label: Any, *place: Any, **more: Any) -> dict[str, Any]:
        option = super().create_option(name, value, label, *place, **more)
        option["attrs"]["data-initials"] = found_by(label)
        return option


@register.filter
def control(field: BoundField) -> SafeString:
    """The widget; Django itself points it at its hint and its fault (aria-describedby, aria-invalid)."""
    widget = field.field.widget
    look = (
        "form-check-input"
        if isinstance(widget, CheckboxInput)
        else "form-select"
        if isinstance(widget, Select)
        else "form-control"
    )
    attrs: dict[str, Any] = {"class": f"{look} is-invalid" if field.errors else look}
    if not is_long(widget):
        return field.as_widget(attrs=attrs)
    assert isinstance(widget, Select)
    found = FoundSelect(widget.attrs, widget.choices)
    found.is_required = widget.is_required
    return field.as_widget(widget=found, attrs=attrs | {"data-find": True})


def is_long(widget: Widget) -> bool:
    """Whether this is a select (not of buttons) with more options than one takes in at a glance."""
    return type(widget) is Select and _size(widget) > LONG


def _size(widget: ChoiceWidget) -> int:
    return sum(len(label) if isinstance(label, list | tuple) else 1 for _value, label in widget.choices)
