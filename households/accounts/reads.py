"""Reading accounts: which ones a system admin looks after."""

from django.db.models import Q, QuerySet

from households.models import User
from households.scope import Scope
from households.words import folding


def accounts_within(scope: Scope) -> "QuerySet[User]":
    """Accounts of the scope's divisions, and those of departments, which belong to no division."""
    accounts: QuerySet[User] = User.objects.select_related("division__parent", "department")
    return accounts.filter(scope.condition("division") | Q(department__isnull=False))


def matching(accounts: "QuerySet[User]", words: str, role: str) -> "QuerySet[User]":
    """Those whose name, user name or place holds `words`, of one role when it is given."""
    if role:
        accounts = accounts.filter(role=role)
    if words := folding.name(words):
        named = Q(display_name__icontains=words) | Q(username__icontains=words)
        accounts = accounts.filter(named | Q(division__name__contains=words) | Q(department__name__contains=words))
    return accounts
