"""What must hold of the register, as `manage.py verify` asks it. Repairs nothing."""

from collections.abc import Iterator

from households.house.checks import Checked
from households.models import Household
from households.months import Month
from households.register.phones import PhoneUnreadable, decrypt

LABEL = "登记的电话都能读出"


def checked(_month: Month | None) -> Iterator[Checked]:
    """One line: how many telephone numbers do not open under the present key, and the first of them."""
    stored = Household.objects.exclude(phone=None).order_by("code").values_list("code", "phone")
    wrong = [code for code, phone in stored.iterator(chunk_size=10_000) if not _opens(phone)]
    told = f"：{len(wrong)} 户的电话读不出，第一户是 {wrong[0]}，请核对密钥" if wrong else ""
    yield Checked(f"{'不符' if wrong else '正常'} {LABEL}{told}", holds=not wrong)


def _opens(phone: memoryview) -> bool:
    try:
        decrypt(phone)
    except PhoneUnreadable:
        return False
    return True
