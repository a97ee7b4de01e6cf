"""The audit log, to be read only."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from households.audience import holders_of, user_of
from households.audit_log.actions import show_address, take_away
from households.audit_log.forms import AddressForm, AuditFilterForm
from households.audit_log.reads import COLUMNS, file_rows, filtered, lines_within, people_named, place_names
from households.fields import row_id
from households.files.answers import table
from households.permissions import Permission
from households.refusals import Refused

PER_PAGE = 50


@holders_of(Permission.READ_AUDIT)
@require_safe
def audit_log(request: HttpRequest) -> HttpResponse:
    """The newest lines of the auditor's county, filtered; older ones behind a link, however long the log is."""
    form = AuditFilterForm(request.GET)
    lines = filtered(lines_within(user_of(request).scope), form.cleaned_data if form.is_valid() else {})
    before = request.GET.get("before", "")
    if (first := row_id(before)) is not None:
        lines = lines.filter(pk__lt=first)
    shown = list(lines[: PER_PAGE + 1]) if form.is_valid() else []
    names = place_names(line.place for line in shown)
    context = {
        "names": names,
        "people": people_named(line.actor for line in shown),
        "form": form,
        "lines": shown[:PER_PAGE],
        "older": shown[PER_PAGE - 1].pk if len(shown) > PER_PAGE else None,
    }
    return render(request, "households/audit_log/list.html", context | {"paged": bool(before)})


@holders_of(Permission.READ_AUDIT)
@require_safe
def audit_file(request: HttpRequest) -> HttpResponse:
    """The lines that the filter leaves, as CSV or workbook, newest first. Who took them is a line itself."""
    user, asked, form = user_of(request), AuditFilterForm(request.GET), request.GET.get("form", "csv")
    if form not in ("csv", "xlsx") or not asked.is_valid():
        raise Http404
    found = filtered(lines_within(user.scope), asked.cleaned_data)
    try:
        lines = take_away(lines=found, asked=asked.cleaned_data, form=form, by=user)
    except Refused as refusal:
        messages.error(request, refusal.sentence)
        return redirect(f"{reverse('audit')}?{request.GET.urlencode()}")
    name = f"审计记录-{timezone.localdate():%Y%m%d}"
    return table(form, COLUMNS, file_rows(lines), name=name, title="审计记录")


@holders_of(Permission.READ_AUDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def line_address(request: HttpRequest, line: int) -> HttpResponse:
    """Ask for the reason; then the network address that a line came from, on this answer and nowhere else."""
    user = user_of(request)
    found = get_object_or_404(lines_within(user.scope), pk=line)
    form = AddressForm(request.POST or None)
    address = refusal = None
    if form.is_valid():
        try:
            address = show_address(line=found, reason=form.cleaned_data["reason"], by=user)
        except Refused as told:
            refusal = told
    people = people_named([found.actor])
    context = {"line": found, "people": people, "form": form, "address": address, "refusal": refusal}
    return render(request, "households/audit_log/address.html", context, status=refusal.status if refusal else 200)
