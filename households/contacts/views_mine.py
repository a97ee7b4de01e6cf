"""我联系的户: what a contact sees of their households, calls them, and writes down that they have been there."""

from uuid import uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from households.audience import user_of
from households.contacts import page as pages
from households.contacts import reads
from households.contacts.actions import visits as actions
from households.contacts.forms import VisitForm
from households.contacts.views import readers
from households.models import ContactVisit, Household, User
from households.register import looking

PER_PAGE = 50
VISITS = 20


@readers
@require_safe
def my_contacts(request: HttpRequest) -> HttpResponse:
    """Their households: what stands against each this month, what it waits for, the last visit."""
    user, today = user_of(request), pages.today()
    shown = Paginator(reads.own_households(user, today), PER_PAGE).get_page(request.GET.get("page"))
    looking.shown(user, [one.code for one in shown])
    context = {"page": shown, "lines": pages.own_lines(list(shown), today)}
    return render(request, "households/contacts/mine.html", context)


@readers
@require_safe
def my_contact(request: HttpRequest, household: str) -> HttpResponse:
    """One of them: the same, with what its contacts wrote down."""
    return _show(request, _own(user_of(request), household), VisitForm(initial=_first()))


@readers
@require_POST
def call_household(request: HttpRequest, household: str) -> HttpResponse:
    """The number to tap, on this answer and nowhere else."""
    found = _own(user_of(request), household)
    return _show(request, found, VisitForm(initial=_first()), phone=actions.call(household=found, by=user_of(request)))


@readers
@sensitive_post_parameters("note")
@require_POST
def record_visit(request: HttpRequest, household: str) -> HttpResponse:
    """A visit or call, in ready words and a note."""
    found = _own(user_of(request), household)
    form = VisitForm(request.POST)
    if not form.is_valid():
        return _show(request, found, form, status=422)
    actions.record_visit(household=found, by=user_of(request), **form.cleaned_data)
    messages.success(request, "走访已记下。")
    return redirect("my-contact", found.code)


@readers
@require_POST
def withdraw_visit(request: HttpRequest, household: str, visit: int) -> HttpResponse:
    """Written down by mistake."""
    found = _own(user_of(request), household)
    row = ContactVisit.objects.filter(pk=visit, household=found).first()
    if row is None:
        raise Http404
    actions.withdraw_visit(op_id=uuid4(), visit=row, by=user_of(request))
    messages.success(request, "已撤回这次走访。")
    return redirect("my-contact", found.code)


def _own(user: User, code: str) -> Household:
    found = reads.own_households(user, pages.today()).filter(code=code).first()
    if found is None:
        raise Http404
    return found


def _first() -> dict[str, object]:
    return {"op_id": uuid4(), "day": pages.today()}


def _show(
    request: HttpRequest, household: Household, form: VisitForm, *, phone: str = "", status: int = 200
) -> HttpResponse:
    [line] = pages.own_lines([household], pages.today())
    looking.shown(user_of(request), [household.code])
    visits = list(reads.visits_of(household)[:VISITS])
    context = {"line": line, "visits": visits, "form": form, "phone": phone}
    return render(request, "households/contacts/my_household.html", context, status=status)
