"""Words from before there was a list of reasons, published in both places, and the act that takes them out."""

from uuid import uuid4

from django.db import transaction

from households.models import User
from households.roles import Role
from scoring.ledger import door as ledger
from scoring.models import PointEntry, RankingSnapshot, Withholding
from scoring.withholdings.actions import withholding as actions
from tests.world import COUNTY, MONTH, VILLAGE, World

PLANTED = "王五举报张三丰，查无实据"
HOME = ledger.household(f"{VILLAGE}010001")
SHOWN = "人工调整：以前记错（原文已依法不再公开）"
SHOWN_RANKING = f"{MONTH} 结果调整：复核后更正（原文已依法不再公开）"


def free_entry(world: World, key: str = "test:free") -> PointEntry:
    with transaction.atomic():
        ledger.adjust(HOME, 5, key=key, text=f"人工调整：{PLANTED}")
    return PointEntry.objects.get(text__contains=PLANTED, kind="adjust")


def free_ranking(world: World) -> RankingSnapshot:
    """A second version of a ranking that everybody may see."""
    first = RankingSnapshot.objects.get(month=MONTH, level="village", version=1)
    words = {"reason": f"{MONTH} 结果调整：{PLANTED}", "body": first.body, "digest": first.digest}
    return RankingSnapshot.objects.create(month=MONTH, level="village", within=COUNTY, version=2, **words)


def ask(row: PointEntry | RankingSnapshot, *, by: User, **given: str) -> Withholding:
    kind = "entry" if isinstance(row, PointEntry) else "ranking"
    reason = "wrong" if kind == "entry" else "reviewed"
    given = {"public_reason": reason, "ground": "informer", "why": "写到了举报的人"} | given
    return Withholding.objects.get(pk=actions.ask(op_id=uuid4(), kind=kind, row_id=row.pk, by=by, **given)["id"])


def withheld(world: World, row: PointEntry | RankingSnapshot) -> Withholding:
    """Asked by the township or, of the county's ranking, by one of the office; granted by the other."""
    from tests.colleagues import colleague

    by = world.user(Role.TOWNSHIP) if isinstance(row, PointEntry) else colleague(world, Role.COUNTY_OFFICE)
    asked = ask(row, by=by)
    actions.grant(op_id=uuid4(), withholding=asked.pk, by=world.user(Role.COUNTY_OFFICE))
    asked.refresh_from_db()
    return asked
