"""Two people at once, on two real connections. Every race has a twin that goes wrong when its guard is removed."""

from collections.abc import Callable
from threading import Barrier

import pytest

from households.models import AuditEvent, Operation
from households.roles import Role
from scoring.models import Declaration, ScoreEvent, Sheet
from scoring.months import months
from scoring.sheets.actions import sheets
from tests.scoring.points.asking import Asker, add, asker, op, withdraw
from tests.together import together
from tests.world import MONTH, STRANGE, VILLAGE, World

pytestmark = pytest.mark.django_db(transaction=True)

CODES = [f"{VILLAGE}01000{n}" for n in range(1, 6)]
FIRST = CODES[0]


def two(world: World) -> tuple[Asker, Asker]:
    return asker(world, Role.CADRE), asker(world, Role.GROUP_LEADER)


def statuses(*asked: Callable[[], dict]) -> list[str]:
    return sorted(answer["status"] for answer in together(*asked))


def test_same_fact_by_two_people_one_wins_the_other_is_told(world: World) -> None:
    cadre, leader = two(world)
    cadre.read(), leader.read()
    sent = [lambda: cadre.result(add(FIRST), base=0), lambda: leader.result(add(FIRST), base=0)]
    assert statuses(*sent) == ["applied", "conflict"]
    assert ScoreEvent.objects.count() == 1


def test_same_fact_is_doubled_when_the_sheet_is_not_locked(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: without the row lock both read the sheet before either has written."""
    Sheet.objects.create(period_id=MONTH, village=world.village)
    met = Barrier(2)

    def unlocked(*, month: str, village: object) -> Sheet:
        sheet = months.sheet_of(month=month, village=village)
        met.wait(60)
        return sheet

    monkeypatch.setattr(sheets, "locked_sheet_of", unlocked)
    cadre, leader = two(world)
    assert statuses(lambda: cadre.result(add(FIRST), base=0), lambda: leader.result(add(FIRST), base=0)) == [
        "applied",
        "applied",
    ]
    assert ScoreEvent.objects.count() == 2


def test_one_operation_sent_by_two_requests_is_written_once(world: World) -> None:
    sent, cadres = add(FIRST), [asker(world, Role.CADRE) for _ in range(4)]
    assert statuses(*[lambda c=c: c.result(sent, base=0) for c in cadres]) == ["applied", "exists", "exists", "exists"]
    assert (ScoreEvent.objects.count(), Operation.objects.count()) == (1, 1)


def test_one_id_on_two_sheets_at_once_is_written_on_one(world: World) -> None:
    sent = add(FIRST)
    other = add(f"{STRANGE}010001") | {"op_id": sent["op_id"]}
    cadre, stranger = asker(world, Role.CADRE), asker(world, world.stranger(Role.CADRE), STRANGE)
    assert statuses(lambda: cadre.result(sent), lambda: stranger.result(other)) == ["applied", "refused"]
    assert ScoreEvent.objects.count() == 1


def test_declaration_and_entry_at_once_never_both_unseen(world: World) -> None:
    cadre, leader = two(world)
    declared, added = together(lambda: cadre.result(op("declare"), base=0), lambda: leader.result(add(FIRST), base=0))
    assert (declared["status"], added["status"]) in (("applied", "conflict"), ("conflict", "applied"))
    assert Declaration.objects.count() + ScoreEvent.objects.count() == 1


def test_two_declarations_sign_once(world: World) -> None:
    cadres = [asker(world, Role.CADRE), asker(world, Role.CADRE)]
    assert statuses(*[lambda c=c: c.result(op("declare"), base=0) for c in cadres])[0] == "applied"
    assert Declaration.objects.count() == 1


def test_two_withdrawals_write_one(world: World) -> None:
    cadre, leader = two(world)
    number = leader.record(FIRST)
    sent = [lambda: cadre.result(withdraw(number)), lambda: leader.result(withdraw(number))]
    assert statuses(*sent) == ["applied", "conflict"]
    assert AuditEvent.objects.filter(action="event.withdraw").count() == 1


def test_many_hands_lose_nothing(world: World) -> None:
    askers = [asker(world, Role.CADRE if n % 2 else Role.GROUP_LEADER) for n in range(5)]
    together(
        *[
            lambda a=a, n=n: a.send(*[add(code, f"WR0{n + 1}" if n < 5 else "WJ02") for code in CODES])
            for n, a in enumerate(askers)
        ]
    )
    assert ScoreEvent.objects.count() == 25
    assert Sheet.objects.get(village=VILLAGE).version == 25
    assert AuditEvent.objects.filter(action="event.record").count() == 25


def test_first_entries_of_a_month_make_one_sheet(world: World) -> None:
    askers = [asker(world, Role.CADRE, month="2024-06"), asker(world, Role.GROUP_LEADER, month="2024-06")]
    days = [add(code) | {"date": "2024-06-20"} for code in CODES[:2]]
    assert statuses(*[lambda a=a, d=d: a.result(d) for a, d in zip(askers, days, strict=True)]) == [
        "applied",
        "applied",
    ]
    assert Sheet.objects.filter(period="2024-06").count() == 1
