"""The register of households: names and telephone numbers masked, either in full only with a reason."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from households.audience import holders_of, household_in_scope, user_of
from households.codes import Level, serial_of
from households.confirming.views import with_password
from households.fields import row_id
from households.models import ENDINGS, ChangeKind, Household, HouseholdChange, User
from households.paging import CountedPaginator
from households.permissions import Permission, may
from households.register import allowance, looking
from households.register.actions import name_in_full, unmask
from households.register.forms import FindHouseholdForm, NameForm, UnmaskForm
from households.register.phones import masked
from households.register.reads import knows_names_of, name_for
from households.register.search import MAX_FOUND, exactly, is_by_telephone, left_called, page_called, register_of

PER_PAGE, FOUND_PER_PAGE = 50, 20  # of the whole register; of what somebody looks for, who is seldom further down
MAX_NAMED = 10


@holders_of(Permission.SEE_HOUSEHOLDS)
@require_safe
def households(request: HttpRequest) -> HttpResponse:
    """The households of the reader's own subtree."""
    user = user_of(request)
    form = FindHouseholdForm(request.GET)
    words = form.cleaned_data["words"] if form.is_valid() else ""
    page = _page(user, words, request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "words": words,
        "more": page.paginator.count == MAX_FOUND if words else False,
    }
    context |= {"rows": [_row(household, user) | ways for household, ways in _led(page)]}
    if not page:
        context["left"] = _left(user, words)
    _note(user, words, page)
    rights = {"may_unmask": may(user, Permission.UNMASK), "may_find": may(user, Permission.NAME_HOUSEHOLDS)}
    rights["may_answer"] = may(user, Permission.ANSWER_CORRECTIONS)
    rights["may_propose"] = may(user, Permission.PROPOSE_CHANGES)
    return render(request, "households/register/list.html", context | rights)


def _left(user: User, words: str) -> dict[str, Any] | None:
    """A household that is no longer on the register, and how it left, for whoever knows its whole code."""
    gone = left_called(user, timezone.localdate(), words)
    if gone is None:
        return None
    last = HouseholdChange.objects.filter(household=gone, kind__in=ENDINGS).order_by("-id").first()
    how = ChangeKind(last.kind if last else ChangeKind.CLOSE).label
    return _row(gone, user) | {"how": f"已{how}", "other": last.other_id if last and last.other_id else ""}


def _page(user: User, words: str, number: str | None) -> Page:
    """What was found is counted as it is found; a whole register is counted by the database."""
    today = timezone.localdate()
    if not words.strip():
        return Paginator(register_of(user, today), PER_PAGE).get_page(number)
    asked = min(row_id(number or "") or 1, MAX_FOUND // FOUND_PER_PAGE)
    rows, count = page_called(user, today, words, page=asked, size=FOUND_PER_PAGE)
    if not rows and asked > 1:
        asked = 1
        rows, count = page_called(user, today, words, page=asked, size=FOUND_PER_PAGE)
    return Page(rows, asked, CountedPaginator(rows, FOUND_PER_PAGE, count=count))


def _led(page: Iterable[Household]) -> Iterator[tuple[Household, dict[str, str]]]:
    """Each with the ways to its pages: an address is made once and then written for each."""
    nobody = "0" * Level.HOUSEHOLD.code_length
    file_at, phone_at = (reverse(name, args=[nobody]) for name in ("household-file", "show-phone"))
    for home in page:
        yield home, {"file": file_at.replace(nobody, home.pk), "phone_page": phone_at.replace(nobody, home.pk)}


def _note(user: User, words: str, page: Page) -> None:
    """Who looked: at a list, and at households that were found by their telephone."""
    by_phone = [(looking.BY_PHONE, home.pk) for home in page if is_by_telephone(words, home)]
    looking.note_all(user, [*by_phone, *looking.listed(looking.LISTED, [home.pk for home in page])])


@holders_of(Permission.UNMASK)
@require_http_methods(["GET", "HEAD", "POST"])
@with_password
def show_phone(request: HttpRequest, household: str) -> HttpResponse:
    """Ask for the reason; then the number, on this answer and nowhere else."""
    user = user_of(request)
    found = household_in_scope(user, household)
    form = UnmaskForm(request.POST or None)
    phone = unmask(household=found, reason=form.cleaned_data["reason"], by=user) if form.is_valid() else ""
    context = {"row": _row(found, user), "form": form, "phone": phone, "left": allowance.left(user)}
    return render(request, "households/register/phone.html", context)


@holders_of(Permission.NAME_HOUSEHOLDS)
@require_http_methods(["GET", "HEAD", "POST"])
@with_password
def find_household(request: HttpRequest) -> HttpResponse:
    """Whoever holds a paper with a name on it finds its household, and no other: with a reason that the household reads."""
    user = user_of(request)
    form = NameForm(request.POST or None, initial={"words": request.GET.get("words", "")[:30]})
    found: list[Household] = []
    if form.is_valid():
        found = list(exactly(user, timezone.localdate(), form.cleaned_data["words"])[: MAX_NAMED + 1])
        if len(found) > MAX_NAMED:
            form.add_error("words", f"符合的超过 {MAX_NAMED} 户，没有显示。请写户主的全名或完整户号。")
    context: dict[str, Any] = {"form": form, "asked": form.is_valid()}
    if form.is_valid():
        names = name_in_full(households=found, reason=form.cleaned_data["reason"], by=user)
        rows = [_row(household, user) | {"name": name} for household, name in zip(found, names, strict=True)]
        context |= {"rows": rows, "may_record": may(user, Permission.RECORD_EVENT)}
    return render(request, "households/register/find.html", context | {"left": allowance.left(user)})


def _row(household: Household, user: User) -> dict[str, Any]:
    village = household.group.parent
    return {
        "household": household,
        "name": name_for(household, user),
        "phone": masked(household.phone),
        "away": getattr(household, "away", False) and knows_names_of(user, household.code),
        "number": serial_of(household.pk),
        "place": f"{village.name if village else ''} {household.group.name}",
    }
