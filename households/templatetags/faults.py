"""``{% fault_summary %}``: what is wrong with the forms of a page, above everything else, each fault leading to its field.

It stands before the forms, so what an action says of single fields is given to their form and shown there as well. Fields
that no form of the page has are left to `households.drafts`, which finds them on the page as it was written.
"""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django import template
from django.forms import BaseForm
from django.forms.boundfield import BoundField

from households.refusals import FAULTS

register = template.Library()
DEEPEST = 3  # a page's list of steps, a step, its form


class FaultLine(NamedTuple):
    """One line of the summary. Without `anchor` there is no field to go to, unless the page has one called `name`."""

    label: str
    words: str
    anchor: str
    name: str = ""


@register.inclusion_tag("_faults.html", takes_context=True)
def fault_summary(context: template.RequestContext) -> dict[str, Any]:
    """The refusal of the page and the faults of its forms, wherever in the context they stand."""
    request, refusal = context.get("request"), context.get("refusal")
    posted = request is not None and request.method == "POST"
    forms = list(dict.fromkeys(_bound(context.flatten().values(), DEEPEST if posted else 1)))
    faults = [fault for form in forms for fault in _faults(form)]
    if refusal is not None and faults and refusal.code == "form":
        refusal = None  # it only says that something is wrong
    refused = [_refused(name, told, forms) for name, told in (refusal.fields if refusal else {}).items()]
    if request is not None:
        setattr(request, FAULTS, {line.name: line.words for line in refused if line.name})
    return {"faults": faults, "refusal": refusal, "posted": posted, "refused": refused}


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


def _refused(name: str, told: str, forms: list[BaseForm]) -> FaultLine:
    """What an action says about a single field; its form says so beside it."""
    form = next((form for form in forms if name in form.fields), None)
    if form is None:
        return FaultLine("", told, "", name)
    if name not in form.errors:
        form.add_error(name, told)
    return _at_field(form, name, told)


def _at_field(form: BaseForm, name: str, told: str) -> FaultLine:
    if name not in form.fields or form[name].is_hidden:
        return FaultLine("", told, "")
    return FaultLine(str(form[name].label), told, anchor_of(form[name]))


def anchor_of(field: BoundField) -> str:
    """Where a field stands: its control, or the frame around its boxes."""
    return field.auto_id if field.use_fieldset else field.id_for_label or field.auto_id
