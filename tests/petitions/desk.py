"""The small world with petitions in it, each step of one in its shortest form, all through the doors.

林业局 (LYJ) handles, 水利局 (SLJ) is the neighbour that must not see; 罗坪乡 and 壶瓶乡 are the townships.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from households.accounts.actions.accounts import create_user
from households.models import Department, User
from households.roles import Role
from petitions.filing.actions import filing
from petitions.filing.actions.filing import Filed
from petitions.filing.asked import Filing
from petitions.models import Channel, Content, Petition, PetitionEvent, Way
from petitions.steps import closing, handling, routing
from tests.world import PASSWORD, TOWNSHIP, VILLAGE, World

LYJ, SLJ, LUOPING = "department:LYJ", "department:SLJ", f"division:{TOWNSHIP}"
DAYS_AGO = 40  # when petitions of the tests come in, so that every step of them lies in the past


@dataclass
class Desk:
    """Who is who, and the steps."""

    world: World

    @property
    def office(self) -> User:
        return self.world.user(Role.PETITION_OFFICE)

    @property
    def handler(self) -> User:
        """Of 林业局."""
        return self.world.user(Role.DEPARTMENT)

    @property
    def neighbour(self) -> User:
        """Of 水利局."""
        return self.world.stranger(Role.DEPARTMENT)

    def body(self) -> User:
        """Somebody of the body that takes the office's place where the office is accused; with both departments."""
        Department.objects.create(code="045", name="县信访局")
        place = Department.objects.create(code="005", name="县纪委监委")
        person = {"username": "jijian", "display_name": "纪检甲", "role": Role.DEPARTMENT, "password": PASSWORD}
        return create_user(place=place, by=None, is_demo=True, **person)

    def filed(self, by: User | None = None, *, at: datetime | None = None, op_id: Any = None, **more: Any) -> Filed:
        """The petition and its code."""
        given = {"channel": Channel.PEOPLE, "way": Way.PAGE, "content": Content.APPEAL, "place": VILLAGE}
        given |= {"title": "门前的路", "text": "门前的路断了三个月。", "name": "张三丰", "phone": "13800000001"}
        when = at or timezone.now() - timedelta(days=DAYS_AGO)
        return filing.file(op_id=op_id or uuid4(), filing=Filing(**given | more), by=by, at=when)

    def file(self, by: User | None = None, **more: Any) -> Petition:
        return self.filed(by, **more).petition

    def accusation(self, *accused: str, **more: Any) -> Petition:
        """Against 林业局, if nobody else is named."""
        given = {"title": "采伐证的事", "text": "有人收钱办采伐证。", "accused": accused or (LYJ,)}
        return self.file(**given | {"content": Content.ACCUSATION} | more)

    def accept(self, petition: Petition, **more: Any) -> Petition:
        return routing.accept(
            **{"op_id": uuid4(), "petition": petition, "by": self.office} | self._day(petition) | more
        )

    def assign(self, petition: Petition, lead: str = LYJ, *joint: str, **more: Any) -> Petition:
        given = {"op_id": uuid4(), "petition": petition, "by": self.office, "lead": lead, "joint": joint}
        return routing.assign(**given | self._day(petition) | more)

    def handle(self, petition: Petition, **more: Any) -> Petition:
        given = {"op_id": uuid4(), "petition": petition, "by": self.handler, "note": "已派人查看"}
        return handling.handle(**given | self._day(petition) | more)

    def answer(self, petition: Petition, **more: Any) -> Petition:
        given = {"op_id": uuid4(), "petition": petition, "by": self.handler, "told": "路已经修好。"}
        return handling.answer(**given | self._day(petition) | more)

    def confirm(self, petition: Petition, **more: Any) -> Petition:
        return closing.confirm(**{"op_id": uuid4(), "petition": petition} | self._day(petition) | more)

    def close(self, petition: Petition, **more: Any) -> Petition:
        return closing.close(**{"op_id": uuid4(), "petition": petition, "by": self.office} | more)

    def accepted(self, **more: Any) -> Petition:
        return self.accept(self.file(**more))

    def assigned(self, lead: str = LYJ, *joint: str, **more: Any) -> Petition:
        return self.assign(self.accepted(**more), lead, *joint)

    def handled(self, **more: Any) -> Petition:
        return self.handle(self.assigned(**more))

    def answered(self, **more: Any) -> Petition:
        return self.answer(self.handled(**more))

    def confirmed(self, **more: Any) -> Petition:
        return self.confirm(self.answered(**more))

    def closed(self, **more: Any) -> Petition:
        return self.close(self.confirmed(**more))

    def lines(self, petition: Petition) -> list[str]:
        """The kinds of its history, in order."""
        return list(PetitionEvent.objects.filter(petition=petition).values_list("kind", flat=True))

    def _day(self, petition: Petition) -> dict[str, datetime]:
        """A day after the last step, or a second before now when that would lie ahead."""
        last = PetitionEvent.objects.filter(petition=petition).order_by("seq").last()
        return {"at": max(last.at, min(last.at + timedelta(days=1), timezone.now() - timedelta(seconds=1)))}
