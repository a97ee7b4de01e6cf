"""What must hold of the register, as `manage.py verify` asks it. Repairs nothing."""

from collections.abc import Iterator

from households.house.checks import Checked
from households.models import Household, WordsMark
from households.months import Month
from households.register.indexing import wrong_words
from households.register.phones import PhoneUnreadable, decrypt

LABEL = "登记的电话都能读出"
FOUND = "每户都按姓名、拼音和电话后四位找得到"


def checked(_month: Month | None) -> Iterator[Checked]:
    """One line: how many telephone numbers do not open under the present key, and the first of them."""
    stored = Household.objects.exclude(phone=None).order_by("code").values_list("code", "phone")
    wrong = [code for code, phone in stored.iterator(chunk_size=10_000) if not _opens(phone)]
    told = f"：{len(wrong)} 户的电话读不出，第一户是 {wrong[0]}，请核对密钥" if wrong else ""
    yield Checked(f"{'不符' if wrong else '正常'} {LABEL}{told}", holds=not wrong)


def found_by(_month: Month | None) -> Iterator[Checked]:
    """One line: how many households are not found by what they are called. Those that wait for their words are told."""
    wrong, waiting = list(wrong_words()), WordsMark.objects.count()
    told = f"：{len(wrong)} 户的检索词不对，第一户是 {wrong[0]}，请运行 index_households" if wrong else ""
    rest = f"（{waiting} 户刚有变动，等着补检索词）" if waiting else ""
    yield Checked(f"{'不符' if wrong else '正常'} {FOUND}{told}{rest}", holds=not wrong)


def _opens(phone: memoryview) -> bool:
    try:
        decrypt(phone)
    except PhoneUnreadable:
        return False
    return True
