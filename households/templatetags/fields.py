"""``{{ field|control }}``: a form field's control with the classes of the staff pages' look."""

from django import template
from django.forms import BoundField, CheckboxInput, Select
from django.utils.safestring import SafeString

register = template.Library()


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
    return field.as_widget(attrs={"class": f"{look} is-invalid" if field.errors else look})
