"""A county with something of everything: the demo cut down to two townships, with its rewards and a few petitions."""

from pathlib import Path
from types import SimpleNamespace
from uuid import uuid4

from households.house.trail import check_and_note
from households.models import User
from households.roles import Role
from households.trail.actions import seal
from households.trail.checkpoints import checked_upto
from petitions.follow.actions import rate_all
from petitions.models import Petition
from rewards.demo import story
from tests.petitions.desk import Desk
from tests.scoring.demo.small_demo import load_small


def build(folder: Path) -> None:
    """Fill an empty database, committed, with the trail sealed and found whole at its end: a check has nothing to begin before."""
    load_small(folder)
    story.load(paper=folder / "demo-accounts.txt", say=lambda _text: None)
    file_petitions()
    seal()
    assert check_and_note() == []
    assert checked_upto() > 0


def file_petitions() -> None:
    """One accusation, one matter that was answered, judged and closed, one that has just come in."""
    people = {role: User.objects.filter(role=role, is_demo=True).earliest("pk") for role in Role}
    desk = Desk(SimpleNamespace(user=people.get))  # type: ignore[arg-type]
    unit, place = f"department:{desk.handler.department_id}", people[Role.CADRE].division_id
    desk.accusation(unit, place=place)
    matter = desk.accept(desk.file(place=place, people=1))
    matter = desk.confirm(desk.answer(desk.handle(desk.assign(matter, unit))))
    rate_all(op_id=uuid4(), petition=matter, scores={"unit": "unsatisfied"}, comment="没有修好。")
    desk.file(place=place, title="水渠漏水", text="水渠漏了半年。")
    assert Petition.objects.count() == 3
