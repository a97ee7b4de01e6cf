"""``{% fault_summary %}``: what is wrong with the forms of a page, above everything else, each fault leading to its field."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django import template
from django.forms import BaseForm
from django.forms.boundfield import BoundField

register = template.Library()
DEEPEST = 3  # a page's list of steps, a step, its form


class FaultLine(NamedTuple):
    """One line of the summary. Without `anchor` there is no field to go to."""

    label: str
    words: str
    anchor: str


@register.inclusion_tag("_faults.html", takes_context=True)
def fault_summary(context: template.RequestContext) -> dict[str, Any]:
    """The refusal of the page and the faults of its forms, wherever in the context they stand."""
    request, refusal = context.get("request"), context.get("refusal")
    posted = request is not None and request.method == "POST"
    forms = list(dict.fromkeys(_bound(context.flatten().values(), DEEPEST if posted else 1)))
    faults = [fault for form in forms for fault in _faults(form)]
    if refusal is not None and faults and refusal.code == "form":
        refusal = None  # it only says that something is wrong
    return {"faults": faults, "refusal": refusal, "posted": posted, "refused": _refused(refusal, forms)}


def _bound(values: Iterable[Any], deep: int) -> Iterator[BaseForm]:
    for value in values:
        if isinstance(value, BaseForm):
            if value.is_bound:
                yield value
        elif deep and isinstance(value, list | tuple):
            yield from _bound(value, deep - 1)
        elif deep and isinstance(value, dict):
            yield from _bound(value.values(), deep - 1)


def _faults(form: BaseForm) -> Iterator[FaultLine]:
    for name, words in form.errors.items():
        told = "".join(str(each) for each in words)
        yield _at_field(form, name, told)


def _refused(refusal: Any, forms: list[BaseForm]) -> list[FaultLine]:
    """What an action says about single fields, as far as the forms of the page have them."""
    found = refusal.fields.items() if refusal is not None else []
    own = {name: form for form in forms for name in form.fields}
    return [_at_field(own[name], name, told) if name in own else FaultLine("", told, "") for name, told in found]


def _at_field(form: BaseForm, name: str, told: str) -> FaultLine:
    if name not in form.fields or form[name].is_hidden:
        return FaultLine("", told, "")
    return FaultLine(str(form[name].label), told, anchor_of(form[name]))


def anchor_of(field: BoundField) -> str:
    """Where a field stands: its control, or the frame around its boxes."""
    return field.auto_id if field.use_fieldset else field.id_for_label or field.auto_id
