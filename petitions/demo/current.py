"""The demo's petitions of today: one in every state that people bring about, all through the doors."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from households.models import Household, User
from households.register.phones import decrypt
from petitions.cases.actions import merging
from petitions.demo.lives import ELSEWHERE
from petitions.demo.matters import FIRMS, MATTERS, Matter
from petitions.demo.writing import TOLD, PetitionCast
from petitions.filing.actions import filing
from petitions.filing.asked import Filing
from petitions.models import Channel, Content, Petition, PetitionKind, Way
from petitions.steps import closing, handling, routing
from petitions.steps.history import last_at

Step = Callable[["Play", Petition], Petition]


@dataclass
class Play:
    """One petition after the other. `at_work` is the unit that handles: one with people of its own."""

    cast: PetitionCast
    rng: Random
    at_work: str
    places: list[str]

    @property
    def office(self) -> User:
        return self.cast.office

    @property
    def unit(self) -> User:
        return self.cast.units[self.at_work]

    def op_id(self) -> UUID:
        return UUID(int=self.rng.getrandbits(128), version=4)

    def file(self, channel: Channel, days_ago: float, **more: Any) -> Petition:
        """File one of the channel's matters, `days_ago` days before now; `more` are parts of a `Filing`."""
        place, matter = self.rng.choice(self.places), self.rng.choice(MATTERS[channel])
        given = self._given(channel, matter, place) | more
        if given["way"] in (Way.HOTLINE, Way.REDNET):
            given["external_no"] = f"演示{self.rng.randrange(10**8):08d}"
        return filing.file(op_id=self.op_id(), filing=Filing(**given), by=None, at=ago(days_ago)).petition

    def _given(self, channel: Channel, matter: Matter, place: str) -> dict[str, Any]:
        filer: Household = self.rng.choice(self.cast.filers)
        ways = {Channel.ENTERPRISE: Way.ENTERPRISE, Channel.PEOPLE: Way.PAGE, Channel.NET: Way.MAILBOX}
        name = self.cast.names[place]
        return {
            "channel": channel,
            "way": ways[channel],
            "content": Content.APPEAL,
            "place": place,
            "title": matter.title.replace("{place}", name),
            "text": matter.text.replace("{place}", name),
            "name": filer.head_name,
            "phone": decrypt(filer.phone),
            "enterprise": self.rng.choice(FIRMS) if channel is Channel.ENTERPRISE else "",
        }

    def next_day(self, petition: Petition) -> dict[str, Any]:
        """The petition, an id, and a time about a day after its last step, never ahead of now."""
        last = last_at(petition)
        later = last + timedelta(hours=20 + self.rng.randrange(9))
        return {"op_id": self.op_id(), "petition": petition, "at": max(last, min(later, timezone.now()))}


def ago(days: float) -> datetime:
    return timezone.now() - timedelta(days=days)


def accept(play: Play, petition: Petition) -> Petition:
    return routing.accept(**play.next_day(petition), by=play.office)


def assign(play: Play, petition: Petition) -> Petition:
    return routing.assign(**play.next_day(petition), by=play.office, lead=play.at_work)


def handle(play: Play, petition: Petition) -> Petition:
    return handling.handle(**play.next_day(petition), by=play.unit, note="已到现场，与来信人和村干部一起看过。")


def answer(play: Play, petition: Petition) -> Petition:
    told = TOLD.format(did="已到现场核实。", answer="问题已经解决，请您看看还有什么不妥。")
    return handling.answer(**play.next_day(petition), by=play.unit, told=told)


def confirm(play: Play, petition: Petition) -> Petition:
    return closing.confirm(**play.next_day(petition))


def rate(play: Play, petition: Petition) -> Petition:
    for subject, score in (("office", "satisfied"), ("unit", play.rng.choice(("satisfied", "satisfied", "fair")))):
        petition = closing.rate(**play.next_day(petition), by=None, subject=subject, score=score)
    return petition


def close(play: Play, petition: Petition) -> Petition:
    return closing.close(**play.next_day(petition), by=play.office)


def reopen(play: Play, petition: Petition) -> Petition:
    return closing.reopen(**play.next_day(petition), by=None, note="下雨以后又坏了，没有真正解决。")


def ask_review(play: Play, petition: Petition) -> Petition:
    return closing.ask_review(**play.next_day(petition), by=None, note="对处理意见不服，请求复查。")


def extend(play: Play, petition: Petition) -> Petition:
    asked = handling.ask_extension(**play.next_day(petition), by=play.unit, note="要等专业机构检测，时间不够。")
    return routing.extend(
        **play.next_day(asked), by=play.office, days=20, told="需要专业机构检测，办理期限延长 20 天。"
    )


def pause(play: Play, petition: Petition) -> Petition:
    return routing.pause(**play.next_day(petition), by=play.office, told="正在等专业机构的检测结果，其间不计时。")


def contest(play: Play, petition: Petition) -> Petition:
    return handling.contest(**play.next_day(petition), by=play.unit, note="事项属于另一部门的职责。")


def refuse(play: Play, petition: Petition) -> Petition:
    return routing.not_accept(**play.next_day(petition), by=play.office, path="litigation", told=ELSEWHERE)


def redirect(play: Play, petition: Petition) -> Petition:
    told = "您反映的事项由县人民法院受理，我们已告知地点和电话。"
    return routing.redirect(**play.next_day(petition), by=play.office, path="litigation", told=told)


def withdraw(play: Play, petition: Petition) -> Petition:
    return closing.withdraw(**play.next_day(petition), note="已经和邻居商量好了。")


WORK: tuple[Step, ...] = (accept, assign)
REPLY: tuple[Step, ...] = (*WORK, handle, answer)
END: tuple[Step, ...] = (*REPLY, confirm, rate, close)
# channel, days ago, the steps taken since, and parts of the filing: the oldest of each kind first, some of them late.
SCENES: tuple[tuple[Channel, float, tuple[Step, ...], dict[str, Any]], ...] = (
    (Channel.PEOPLE, 17, (), {}),
    (Channel.PEOPLE, 12, (), {"name": "", "phone": ""}),
    (Channel.PEOPLE, 0.1, (), {}),
    (Channel.ENTERPRISE, 2, (), {}),
    (Channel.NET, 1, (), {"way": Way.REDNET}),
    (Channel.PEOPLE, 9, (accept,), {}),
    (Channel.ENTERPRISE, 4, (accept,), {}),
    (Channel.PEOPLE, 66, WORK, {"kind": PetitionKind.BACKLOG}),
    (Channel.PEOPLE, 58, WORK, {"kind": PetitionKind.REPEAT}),
    (Channel.PEOPLE, 30, WORK, {}),
    (Channel.ENTERPRISE, 25, WORK, {}),
    (Channel.NET, 14, WORK, {"way": Way.HOTLINE}),
    (Channel.PEOPLE, 55, (*WORK, extend), {}),
    (Channel.PEOPLE, 40, (*WORK, pause), {}),
    (Channel.PEOPLE, 6, (*WORK, contest), {}),
    (Channel.PEOPLE, 21, (*WORK, handle), {"people": 4, "way": Way.VISIT}),
    (Channel.NET, 8, REPLY, {}),
    (Channel.PEOPLE, 15, REPLY, {}),
    (Channel.ENTERPRISE, 12, REPLY, {}),
    (Channel.PEOPLE, 24, (*REPLY, reopen), {}),
    (Channel.PEOPLE, 28, (*REPLY, ask_review), {}),
    (Channel.PEOPLE, 13, (*REPLY, confirm), {}),
    (Channel.PEOPLE, 45, END, {}),
    (Channel.ENTERPRISE, 32, END, {}),
    (Channel.ENTERPRISE, 31, END, {}),
    (Channel.NET, 26, END, {}),
    (Channel.NET, 22, END, {"way": Way.REDNET}),
    (Channel.PEOPLE, 7, (refuse,), {}),
    (Channel.PEOPLE, 18, (accept, redirect), {}),
    (Channel.PEOPLE, 5, (withdraw,), {}),
)


def play_all(play: Play) -> int:
    """Every scene, a merged pair and an accusation; returns how many petitions there are then."""
    for channel, days, steps, more in SCENES:
        petition = play.file(channel, days, **more)
        for step in steps:
            petition = step(play, petition)
    _old_case(play)
    _accusation(play)
    return len(SCENES) + 3


def _old_case(play: Play) -> None:
    """The same people about the same matter, first by page, then through the hotline: one life story."""
    title, text = "老屋旁的挡土墙裂了", "去年反映过，墙上裂缝又宽了，一下雨就怕垮。"
    first = accept(play, play.file(Channel.PEOPLE, 50, title=title, text=text, kind=PetitionKind.BACKLOG))
    more = {"way": Way.HOTLINE, "place": first.place_id, "title": title, "text": text}
    more |= {"name": first.filer_name, "phone": first.filer_phone, "kind": PetitionKind.REPEAT}
    again = play.file(Channel.NET, 10, **more)
    told = f"您通过热线反映的事项与 {first.number} 是同一件，并在一起办理。"
    merging.merge(**play.next_day(again), into=first, by=play.office, told=told)


def _accusation(play: Play) -> None:
    """About the unit whose people show the demo: they find no trace of it."""
    given = {"content": Content.ACCUSATION, "accused": (play.at_work,)}
    words = {"title": "办事人员收好处", "text": "去年办手续时，窗口有人暗示要送烟才办得快。"}
    play.file(Channel.PEOPLE, 3, **given, **words, name="", phone="")


def accuse_office(play: Play) -> None:
    """About the petition office itself: the office meets it nowhere, the unit of the play reads and handles it."""
    given = {"content": Content.ACCUSATION, "accused": (f"department:{settings.PETITION_OFFICE_CODE}",)}
    words = {"title": "信访件被压着不登记", "text": "三次去窗口反映，经办人都不登记，说领导打过招呼。"}
    play.file(Channel.PEOPLE, 2, **given, **words, name="", phone="")
