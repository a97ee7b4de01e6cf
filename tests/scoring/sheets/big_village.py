"""双联村, as large as villages are: 640 households in 16 groups."""

from datetime import date

from households.imports.divisions import import_divisions
from scoring.rollup.registers import import_households
from tests import copies

BIG = "430726201209"


SURNAMES, GIVEN = "张王李赵刘陈杨黄周吴徐孙马朱胡郭何林高罗", "建国秀英桂兰志强小红明华丽娟文杰海燕永福春梅"


def big_village() -> None:
    """It lies beside the small world; read once in a session, then put back."""
    copies.once("big village", import_big_village)


def import_big_village(households: int = 640) -> None:
    """A village of 16 groups, every household with a name, a phone and an address."""
    assert import_divisions(name="d.csv", data=f"code,name\n{BIG},双联村\n".encode()).written
    rows = ["division_code,group,household_no,head_name,phone,address"]
    for n in range(households):
        name = SURNAMES[n % 20] + GIVEN[n * 7 % 22] + GIVEN[n * 3 % 22]
        rows.append(f"{BIG},{n % 16 + 1},{n // 16 + 1},{name},139{n:08d},双联村{n}号")
    assert import_households(name="h.csv", data="\n".join(rows).encode(), today=date(2024, 6, 1)).written
