"""``{% once_form %}``: the hidden fields of a form that changes something, so that sending it twice is one step."""

from uuid import uuid4

from django import forms, template
from django.template.defaulttags import CsrfTokenNode
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag(takes_context=True)
def once_form(context: template.RequestContext, form: forms.BaseForm | None = None) -> SafeString:
    """Against forgery and against repetition: a form's own `op_id`, which it keeps when it comes back with a fault.

    Without `form`, for one with nothing but a button, a new one.
    """
    op_id = form["op_id"] if form else format_html('<input type="hidden" name="op_id" value="{}">', uuid4())
    return format_html("{}{}", CsrfTokenNode().render(context), op_id)
