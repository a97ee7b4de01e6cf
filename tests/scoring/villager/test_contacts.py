"""Whom a household may call, on its own page."""

import re
from uuid import uuid4

from households.contacts.actions.people import change_person
from households.contacts.reads import whom_to_call
from households.models import Contact, User
from households.register.phones import encrypt
from households.roles import Role
from tests.households.contacts.village_contacts import TODAY, give, grid_of, person
from tests.petitions.filers import Filer
from tests.world import World


def listed(filer: Filer) -> list[str]:
    text = filer.client.get(f"/h/{filer.token}/").content.decode()
    found = re.search(r'id="contacts">.*?</ul>', text, re.DOTALL)
    return (
        [re.sub(r"<[^>]+>|\s", "", line) for line in re.findall(r"<li>.*?</li>", found[0], re.DOTALL)] if found else []
    )


def test_household_reads_whom_to_call_and_its_neighbour_their_own(world: World) -> None:
    leader, first = world.user(Role.GROUP_LEADER), person(world)
    give(world, first, 0)
    grid_of(world, person(world, "井水清", ""), 0)
    own, next_door = Filer(world.household), Filer(world.households[1])
    assert listed(own) == [
        "党树人党员联系13900000007",
        "井水清微网格长（水井边微网格）",
        f"{leader.display_name}网格长",
    ]
    assert listed(next_door) == [f"{leader.display_name}网格长"]
    change_person(op_id=uuid4(), person=first, name="党树人", phone="13900000008", user=None, by=None)
    assert listed(own)[0] == "党树人党员联系13900000008"
    Contact.objects.filter(person=first).update(valid_to=TODAY)
    assert len(listed(own)) == 2


def test_leader_is_called_by_the_number_of_the_post(world: World) -> None:
    User.objects.filter(pk=world.user(Role.GROUP_LEADER).pk).update(phone=encrypt("13900000005"))
    name = world.user(Role.GROUP_LEADER).display_name
    assert listed(Filer(world.household)) == [f"{name}网格长13900000005"]
    found = whom_to_call([world.household.code], TODAY)[world.household.code]
    assert [(one.name, one.phone) for one in found] == [(name, "13900000005")]


def test_named_grid_leader_stands_in_for_the_account(world: World) -> None:
    give(world, person(world, "代理人", "0739-7221234"), 0, kind="grid")
    assert listed(Filer(world.household)) == ["代理人网格长0739-7221234"]


def test_household_without_anybody_reads_nothing_of_it(world: World) -> None:
    assert listed(Filer(world.households[6])) == []
