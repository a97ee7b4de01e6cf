"""Which database answers what: pages from the replica, and from the primary what a replica cannot say rightly."""

from collections.abc import Iterator

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.test import Client
from prometheus_client import generate_latest

from dongkou.doctor import inside
from dongkou.doctor.findings import DoctorVerdict
from dongkou.middleware import RENEWED
from dongkou.replicas.replica import replicas
from dongkou.watching.gathered import gathered
from households.accounts.actions.tokens import issue
from households.models import AuditEvent
from households.replicas import reading
from households.replicas.reading import Unanswered
from households.roles import Role
from scoring.models import ScoreEvent
from tests.dongkou.replicas.answered import Answered
from tests.dongkou.replicas.standby import Standby, standby
from tests.scoring.points.asking import Asker
from tests.waiting import until
from tests.world import VILLAGE, World

pytestmark = pytest.mark.django_db(transaction=True)
HOUSEHOLD = f"{VILLAGE}010001"


@pytest.fixture
def by() -> Answered:
    return Answered()


def stand_still(replica: Standby) -> None:
    """Once it was seen to follow: where it stands still, the primary's log may go on behind it before anybody has asked."""
    until(lambda: replicas().fit_for(0) is not None)
    replica.stand_still()


@pytest.fixture
def here(world: World, replica: Standby) -> Iterator[World]:
    """The world stands on the replica, which stays at that."""
    until(
        lambda: replicas().fit_for(0) is not None
    )  # as long as it follows: the primary's log never stands still for long
    replica.stand_still()
    yield world
    replica.catch_up()


def sheet(world: World, role: str = Role.CADRE) -> Asker:
    return Asker(world.client(role))


def program(world: World) -> Asker:
    """One that keeps no cookies."""
    return Asker(Client(headers={"authorization": f"Token {issue(user=world.user(Role.CADRE))[0]}"}))


def test_page_is_read_from_the_replica(here: World, by: Answered) -> None:
    reader = sheet(here, Role.TOWNSHIP)
    here.record(HOUSEHOLD, "WJ02")
    assert reader.read()["events"] == []
    assert by() == {"replica": 1}


def test_who_wrote_reads_what_was_written_and_nobody_else_has_to(here: World, by: Answered) -> None:
    writer, reader = sheet(here), sheet(here, Role.TOWNSHIP)
    number = writer.record(HOUSEHOLD)
    assert [event["id"] for event in writer.read()["events"]] == [number]
    assert by() == {"primary_own_write": 1}
    assert reader.read()["events"] == []
    assert by() == {"replica": 1}


def test_program_without_cookies_reads_what_it_wrote(world: World, replica: Standby, by: Answered) -> None:
    one, other = program(world), program(world)
    stand_still(replica)
    number = one.record(HOUSEHOLD)
    one.client.cookies.clear()
    assert [event["id"] for event in one.read()["events"]] == [number]
    assert other.read()["events"] == []
    assert by() == {"primary_own_write": 1, "replica": 1}
    replica.catch_up()


def test_who_wrote_reads_from_the_replica_again_once_it_has_that(here: World, replica: Standby, by: Answered) -> None:
    writer = sheet(here)
    number = writer.record(HOUSEHOLD)
    replica.catch_up()
    assert [event["id"] for event in writer.read()["events"]] == [number]
    assert by() == {"replica": 1}


@pytest.mark.parametrize("mark", ["", "zz", "-1", "f" * 5000])
def test_mark_that_somebody_made_up_breaks_nothing(here: World, mark: str) -> None:
    reader = sheet(here)
    reader.client.cookies["wrote"] = mark
    assert reader.read()["events"] == []


def test_one_beyond_the_bound_is_not_asked(here: World, settings: object, by: Answered) -> None:
    settings.REPLICA_LAG_SECONDS = 0
    reader = sheet(here)
    number = here.record(HOUSEHOLD, "WJ02").pk
    assert [event["id"] for event in reader.read()["events"]] == [number]
    assert by() == {"primary_behind": 1}


def test_one_that_nobody_can_place_is_not_asked(here: World, by: Answered) -> None:
    """A process that begins while a replica is behind does not know how far."""
    here.record(HOUSEHOLD, "WJ02")
    replicas.cache_clear()
    assert len(sheet(here).read()["events"]) == 1
    assert by() == {"primary_behind": 1}


def test_address_that_writes_is_left_to_the_primary_for_a_while(here: World, by: Answered) -> None:
    """The list of requirements looks into a table that replicas do not have."""
    reader = here.client(Role.SECURITY_ADMIN)
    for _ in range(2):
        assert reader.get("/self-check/").status_code == 200
    assert by() == {"primary_writes": 2}


def test_session_is_renewed_on_the_primary_beside_a_page_that_is_read(
    here: World, settings: object, by: Answered
) -> None:
    settings.SESSION_RENEW_SECONDS = 0
    reader = sheet(here)
    assert RENEWED not in reader.client.session
    reader.read()
    assert reader.client.session[RENEWED] > 0
    assert by() == {"replica": 1}


def test_who_was_signed_out_is_so_at_once(here: World, by: Answered) -> None:
    reader = sheet(here)
    reader.read()
    Session.objects.all().delete()
    cache.clear()
    assert reader.client.get(reader.url).status_code == 401
    assert by() == {"replica": 2}


def test_what_is_noted_about_reading_goes_to_the_primary_beside_it(here: World, by: Answered) -> None:
    reader = here.client(Role.CADRE)
    cache.clear()
    assert reader.get("/audit/").status_code == 403
    assert AuditEvent.objects.filter(action="access.refused").count() == 1


def test_one_that_is_gone_is_not_missed(world: World, replica: Standby, settings: object, by: Answered) -> None:
    with standby() as other:
        settings.DATABASE_REPLICAS = [other.named]
        other.catch_up()
        replicas.cache_clear()
        assert [found.health for found in inside.standbys()] == [DoctorVerdict.WELL]
        reader = sheet(world)
        assert reader.read()["events"] == []
        assert by() == {"replica": 1}
        other.kill()
        world.record(HOUSEHOLD, "WJ02")
        for _ in range(3):
            assert len(reader.read()["events"]) == 1
    assert by()["primary_behind"] >= 2  # at most one found out
    assert [found.health for found in inside.standbys()] == [DoctorVerdict.BAD]
    assert 'dongkou_replica_up{replica="1"} 0.0' in generate_latest(gathered()).decode()


def test_one_that_was_made_a_primary_is_none_any_more(world: World, replica: Standby, settings: object) -> None:
    with standby() as other:
        settings.DATABASE_REPLICAS = [other.named]
        other.ask("SELECT pg_promote()")
        replicas.cache_clear()
        world.record(HOUSEHOLD, "WJ02")
        assert len(sheet(world).read()["events"]) == 1


def test_reader_goes_back_to_the_primary_whatever_happens(here: World) -> None:
    one = replicas().replicas[0].connection()
    with pytest.raises(reading.Elsewhere) as refused, reading.reading_from(one):
        assert reading.is_reading()
        ScoreEvent.objects.update(note="x")
    assert refused.value.why is Unanswered.WRITES
    assert not reading.is_reading()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_is_in_recovery()")
        assert cursor.fetchone() == (False,)


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("40001", Unanswered.CANCELLED),
        ("57P01", Unanswered.GONE),
        ("25006", Unanswered.WRITES),
        ("0A000", Unanswered.WRITES),
        ("57014", None),
    ],
)
def test_what_a_replica_cannot_do_is_told_from_what_is_wrong(here: World, code: str, why: Unanswered | None) -> None:
    one = replicas().replicas[0].connection()
    expected = Exception if why is None else reading.Elsewhere
    with pytest.raises(expected) as told, reading.reading_from(one), connection.cursor() as cursor:
        cursor.execute(f"DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '{code}'; END $$")
    assert getattr(told.value, "why", None) is why
