"""Receptions in the small world: planned, with cases on their lists, and what was said; all through the doors.

县委王副书记 receives in 罗坪乡 with 林业局; 水利局 is not there.
"""

from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import cached_property
from typing import Any
from uuid import uuid4

from django.utils import timezone

from petitions.filing.asked import Filing
from petitions.models import Channel, Content, Petition, Promise, Reception, ReceptionKind, ReceptionOutcome, Way
from petitions.promises.actions import promises
from petitions.promises.actions.promises import Promised
from petitions.receptions.actions import lists, planning, records
from petitions.receptions.actions.planning import ReceptionPlan
from tests.petitions.desk import LYJ, Desk
from tests.world import TOWNSHIP, VILLAGE

LEADER, POST = "王一二", "县委副书记"
SAID = "当面听了情况，路基要重做。"


@dataclass
class Days:
    """The desk, and its days."""

    desk: Desk

    @cached_property
    def today(self) -> date:
        return timezone.localdate()

    def plan(self, **more: Any) -> Reception:
        """Today in the morning, in 罗坪乡, with 林业局."""
        op_id = more.pop("op_id", None) or uuid4()
        given = {"kind": ReceptionKind.VISIT, "day": self.today, "starts": time(9), "ends": time(11, 30)}
        given |= {"place": TOWNSHIP, "leader": LEADER, "post": POST, "room": "乡政府一楼", "units": (LYJ,)}
        return planning.plan(op_id=op_id, plan=ReceptionPlan(**given | more), by=self.desk.office)

    def put(self, reception: Reception, *petitions: Petition, **more: Any) -> list[Any]:
        given = {"op_id": uuid4(), "reception": reception, "petitions": petitions, "by": self.desk.office}
        return lists.put(**given | more)

    def record(self, reception: Reception, petition: Petition | None = None, **more: Any) -> records.MadeRecord:
        """What was said about it: it needs follow-up, unless told otherwise."""
        given = {"op_id": uuid4(), "reception": reception, "petition": petition, "by": self.desk.office}
        given |= {"outcome": ReceptionOutcome.FOLLOW, "note": SAID}
        return records.record_on_the_spot(**given | more)

    def filing(self, **more: Any) -> Filing:
        """A new matter that came up."""
        given = {"channel": Channel.PEOPLE, "way": Way.VISIT, "content": Content.APPEAL, "place": VILLAGE}
        return Filing(**given | {"title": "水渠的事", "text": "水渠三年没有通水。", "name": "李四光"} | more)

    def promised(self, days: int = 10, **more: Any) -> Promised:
        given = {"what": "十天内把路修通。", "unit": LYJ, "due": self.today + timedelta(days=days)}
        return Promised(**given | {"person": "赵主任", "post": "副局长"} | more)

    def promise(self, petition: Petition | None = None, **more: Any) -> Promise:
        """A promise to the filer of a petition that 林业局 is at work on."""
        given = {"op_id": uuid4(), "petition": petition or self.desk.assigned(), "by": self.desk.office}
        return promises.make(**given | {"promised": self.promised()} | more)

    def report(self, promise: Promise, **more: Any) -> Promise:
        given = {"op_id": uuid4(), "promise": promise, "by": self.desk.handler, "note": "路已修通"}
        return promises.report(**given | more)
