"""亲属申报: one's own declarations, and those that the office keeps for the people below it."""

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from households.audience import holders_of, user_of
from households.codes import CodeError, Level, is_level, parse
from households.fields import row_id
from households.kin.actions import declare_kin, end_kin
from households.kin.forms import FindKinForm, KinForm
from households.kin.keepers import may_end, may_see
from households.kin.reads import ties_of
from households.models import Household, User
from households.permissions import ROLES, Permission, may
from households.register.reads import name_for
from households.register.search import households_called

FOUND = 20
PEOPLE = 200
_DECLARE = [role for role, held in ROLES.items() if Permission.DECLARE_KIN in held]


@holders_of(Permission.DECLARE_KIN)
@require_safe
def own_kin(request: HttpRequest) -> HttpResponse:
    """One's own; and the way to those of whom one keeps the declarations."""
    return _show(request, user_of(request))


@holders_of(Permission.KEEP_KIN)
@require_safe
def kin_of(request: HttpRequest, user_id: int) -> HttpResponse:
    """Somebody's."""
    return _show(request, _person(request, user_id))


@holders_of(Permission.DECLARE_KIN)
@require_POST
def declare_kin_of(request: HttpRequest, user_id: int) -> HttpResponse:
    """One household more."""
    person, form = _person(request, user_id), KinForm(request.POST)
    household = Household.objects.filter(pk=request.POST.get("household", "")[:18]).first()
    if household is None or not form.is_valid():
        messages.error(request, "没有申报：请先找到这一户，再选关系。")
    else:
        declare_kin(user=person, household=household, relation=form.cleaned_data["relation"], by=user_of(request))
        messages.success(request, "已经申报。涉及这一户的异议，由别人裁定。")
    return _back(request, person)


@holders_of(Permission.KEEP_KIN)
@require_POST
def end_kin_of(request: HttpRequest, user_id: int) -> HttpResponse:
    """A declaration is taken back."""
    person = _person(request, user_id)
    end_kin(tie=row_id(request.POST.get("tie", "")) or 0, by=user_of(request))
    messages.success(request, "已经解除。")
    return _back(request, person)


def _person(request: HttpRequest, user_id: int) -> User:
    found = User.objects.select_related("division__parent", "department").filter(pk=user_id, role__in=_DECLARE).first()
    if found is None or not may_see(user_of(request), found):
        raise Http404
    return found


def _back(request: HttpRequest, person: User) -> HttpResponse:
    return redirect("kin") if person.pk == user_of(request).pk else redirect("kin-of", person.pk)


def _show(request: HttpRequest, person: User) -> HttpResponse:
    user = user_of(request)
    find = FindKinForm(request.GET or None)
    words = find.cleaned_data["words"] if find.is_valid() else ""
    found = _found(user, words) if words else []
    context = {
        "person": person,
        "own": person.pk == user.pk,
        "ties": [(tie, name_for(tie.household, user)) for tie in ties_of(person)],
        "may_end": may_end(user, person),
        "find": find,
        "words": words,
        "found": [(household, name_for(household, user)) for household in found],
        "relations": KinForm.base_fields["relation"].choices,  # type: ignore[attr-defined]
        "people": _people(user) if person.pk == user.pk else [],
    }
    return render(request, "households/kin/page.html", context)


def _found(user: User, words: str) -> list[Household]:
    """Of the own part of the county by any words, of the whole county by its whole number alone."""
    try:
        code = parse(words)
    except CodeError:
        return households_called(user, timezone.localdate(), words, most=FOUND)
    whole = Household.objects.filter(pk=code if is_level(code, Level.HOUSEHOLD) else "")
    return list(whole.select_related("group__parent")) or households_called(
        user, timezone.localdate(), words, most=FOUND
    )


def _people(user: User) -> list[User]:
    """Whose declarations the person keeps, with how many stand."""
    if not may(user, Permission.KEEP_KIN):
        return []
    standing = Count("kin_ties", filter=Q(kin_ties__ended_at=None))
    below = User.objects.filter(is_active=True, role__in=_DECLARE).exclude(pk=user.pk)
    inside = below.filter(
        user.scope.condition("division") | (Q(department__isnull=False) if user.is_high else Q(pk=None))
    )
    found = inside.select_related("division__parent", "department").annotate(declared=standing)
    return [one for one in found.order_by("division", "department", "pk")[:PEOPLE] if may_see(user, one)]
