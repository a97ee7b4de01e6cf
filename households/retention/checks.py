"""What must hold of erased households, as `manage.py verify` asks it."""

from collections.abc import Iterator

from django.db.models import Q

from households.house.checks import Checked
from households.models import ContactVisit, HouseholdChange, HouseholdErasure
from households.months import Month
from households.retention.actions import EMPTIED

LABEL = "已清除的户不再留有姓名、电话、地址和写下的话"


def checked(_month: Month | None) -> Iterator[Checked]:
    """One line: how many erased households hold something again, or came back."""
    empty = Q(**{f"household__{name}": value for name, value in EMPTIED.items()}, household__valid_to__isnull=False)
    noted = ContactVisit.objects.filter(note__isnull=False).values("household")
    told = HouseholdChange.objects.filter(Q(note__isnull=False) | Q(before__isnull=False)).values("household")
    holds = ~empty | Q(pk__in=noted) | Q(pk__in=told)
    wrong = HouseholdErasure.objects.filter(holds).order_by("pk").values_list("pk", flat=True)
    first = f"：{len(wrong)} 户，第一户是 {wrong[0]}" if wrong else ""
    yield Checked(f"{'不符' if wrong else '正常'} {LABEL}{first}", holds=not wrong)
