"""``{{ field|control }}``: a form field's control with the classes of the staff pages' look; a long list is one that is searched."""

from html import escape
from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput, RadioSelect, Select, Widget
from django.forms.utils import flatatt
from django.forms.widgets import ChoiceWidget
from django.utils.safestring import SafeString, mark_safe

from households.register.initials import found_by

register = template.Library()
register.filter("initials", found_by)
LONG = 15  # options that are scrolled; more are searched


class FoundSelect(Select):
    """A select whose options carry the pinyin initials by which static/js/find.js finds them, as `label` and below its heading.

    Written out here: Django fills two templates an option, and the form on which everybody files, with the county's villages,
    took ten times as long as what was done with it.
    """

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """As Django's own, one template less an option."""
        chosen = set(self.format_value(value)[:1])
        parts = [f"<select{flatatt(self.build_attrs(self.attrs, {'name': name, **(attrs or {})}))}>"]
        for key, label in self.choices:
            if isinstance(label, list | tuple):
                inner = "\n".join(_option(value, text, chosen) for value, text in label)
                parts.append(f'<optgroup label="{escape(str(key))}">\n{inner}\n</optgroup>')
            else:
                parts.append(_option(key, label, chosen))
        return mark_safe("\n".join([*parts, "</select>"]))  # noqa: S308 (each part is escaped)


def _option(value: Any, label: Any, chosen: set[str]) -> str:
    key = "" if value is None else str(value)
    mark = " selected" if key in chosen else ""
    return (
        f'<option value="{escape(key)}" data-initials="{escape(found_by(label))}"{mark}>{escape(str(label))}</option>'
    )


@register.filter
def is_box(field: BoundField) -> bool:
    """Whether it is one box to tick: it stands before its words, not below them."""
    return isinstance(field.field.widget, CheckboxInput)


@register.filter
def control(field: BoundField) -> SafeString:
    """The widget; Django itself points it at its hint and its fault (aria-describedby, aria-invalid)."""
    widget = field.field.widget
    look = (
        "form-check-input"
        if isinstance(widget, CheckboxInput)
        else "pick-one"
        if isinstance(widget, RadioSelect)
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
