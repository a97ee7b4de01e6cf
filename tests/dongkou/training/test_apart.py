"""What is done in a training village moves nothing of the county: no sum, no rank, no export, no line of the log."""

import json
import logging
from io import StringIO
from uuid import uuid4

import pytest
from django.conf import LazySettings
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dongkou.keys import FieldKeys
from dongkou.resealing import still_used
from dongkou.syslog import LOGGER
from dongkou.training import database
from dongkou.training.house import checked
from dongkou.training.state import PREFIX
from dongkou.training.villages import TrainingVillage
from households.models import AuditEvent, Division, Household
from households.months import month_of
from households.register.phones import decrypt, encrypt
from households.roles import Role
from households.sql import column, rows, run
from rewards.awards.engine import Band
from rewards.models import Award, AwardRun
from scoring.models import DivisionScore, ScoreEvent
from scoring.rollup.rollup import roll_up_marked
from tests.rewards.awards.scene import TEN_THOUSAND, funded
from tests.world import MONTH, World

TABLES = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1"
OF_THE_WAY_IN = ("django_session", "households_auditevent", "households_trail")


def everything() -> dict[str, str]:
    """A digest of every table of the county but what the way in writes."""
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        found = {}
        for (table,) in cursor.fetchall():
            if table not in OF_THE_WAY_IN:
                cursor.execute(
                    f"SELECT md5(coalesce(string_agg(t::text, chr(10) ORDER BY t::text), '')) FROM {table} t"
                )
                found[table] = cursor.fetchone()[0]
        return found


def exported(capsys: pytest.CaptureFixture[str]) -> list[str]:
    """What the operator's commands give away."""
    given = []
    for command, *rest in (
        ("rankings", MONTH, "village"),
        ("rankings", MONTH, "township"),
        ("rankings", MONTH, "county"),
        ("department_rankings", MONTH),
    ):
        call_command(command, *rest)
        given.append(capsys.readouterr().out)
    return given


def inside(client: Client, village: TrainingVillage, post: str = Role.CADRE) -> Client:
    answer = client.post(reverse("enter-training", args=[village.township]), {"post": post})
    assert answer["Location"] == f"{PREFIX}/"
    return client


def bonus(client: Client, village: TrainingVillage, month: str) -> dict[str, object]:
    """A household of the training village gets points, by the interface that the sheet's own page uses."""
    with database.opened():
        household = Household.objects.filter(code__startswith=village.code).first().code
    op = {"op_id": str(uuid4()), "type": "add", "household": household, "clause": "WJ02"}
    op |= {"date": timezone.localdate().isoformat(), "document_no": "", "note": ""}
    answer = client.post(
        f"{PREFIX}/api/v1/sheets/{month}/{village.code}/ops/",
        json.dumps({"base_version": None, "ops": [op]}),
        content_type="application/json",
    )
    return answer.json()["results"][0]


def test_what_is_done_in_a_training_village_changes_nothing_of_the_county(
    world: World, village: TrainingVillage, capsys: pytest.CaptureFixture[str]
) -> None:
    world.frozen_month()
    roll_up_marked()
    client = world.client(Role.CADRE)
    rows, given = everything(), exported(capsys)
    inside(client, village)
    month = month_of(timezone.localdate())
    assert bonus(client, village, month)["status"] == "applied"
    with database.opened():
        assert ScoreEvent.objects.filter(code__startswith=village.code).count() == 1
        assert DivisionScore.objects.get(month=month, code=village.code).events == 1  # rolled up at once
    roll_up_marked()
    assert (everything(), exported(capsys)) == (rows, given)
    assert not AuditEvent.objects.filter(action="event.record").exists()


def test_county_takes_no_place_with_an_invented_code(world: World) -> None:
    with pytest.raises(IntegrityError, match="division_is_not_invented"), transaction.atomic():
        Division.objects.create(code="990525", name="混进来的县")


def test_verify_finds_an_invented_code_where_no_key_refuses_it(world: World) -> None:
    assert [line.holds for line in checked(None)] == [True]
    DivisionScore.objects.create(
        month=MONTH,
        code="990726201001",
        active=9,
        households=9,
        total=99999,
        adjustment=0,
        six_zero=9,
        events=0,
        as_of=timezone.now(),
    )
    [line] = checked(None)
    assert (line.holds, "990726201001" in line.sentence) == (False, True)


def test_audit_lines_of_training_stay_on_the_machine(village: TrainingVillage) -> None:
    [keep] = logging.getLogger(LOGGER).filters
    assert keep(logging.makeLogRecord({}))
    with database.opened():
        assert not keep(logging.makeLogRecord({}))


def test_training_takes_no_place_of_the_county(village: TrainingVillage, world: World) -> None:
    with database.opened(), pytest.raises(IntegrityError, match="division_is_invented"):
        Division.objects.create(code=world.county.code, name=world.county.name)


def test_every_page_of_it_says_so_and_no_other_page_does(world: World, village: TrainingVillage) -> None:
    client = inside(world.client(Role.CADRE), village)
    words = "练习村：这里的分数不计入任何统计"
    for name in ("home", "sheet-due", "households", "rankings-now", "points-home", "rules"):
        here = client.get(f"{PREFIX}{reverse(name)}", follow=True)
        assert (here.status_code, here.request["PATH_INFO"].startswith(PREFIX)) == (200, True), name
        assert words in here.content.decode(), name
        assert words not in client.get(reverse(name), follow=True).content.decode(), name


def test_register_shows_the_invented_people_alone(world: World, village: TrainingVillage) -> None:
    client = inside(world.client(Role.CADRE), village)
    page = client.get(f"{PREFIX}{reverse('households')}", follow=True).content.decode()
    assert "练甲一" in page
    assert world.household.head_name not in page
    assert world.household.head_name in client.get(reverse("households"), follow=True).content.decode()


def test_nobody_comes_in_without_the_real_account(world: World, village: TrainingVillage) -> None:
    assert Client().get(f"{PREFIX}/")["Location"] == reverse("training")
    client = inside(world.client(Role.CADRE), village)
    person = world.user(Role.CADRE)
    person.is_active = False
    person.save(update_fields=["is_active"])
    assert client.get(f"{PREFIX}/")["Location"] == reverse("training")


def test_signing_out_inside_ends_the_training_and_not_the_work(world: World, village: TrainingVillage) -> None:
    client = inside(world.client(Role.CADRE), village)
    assert client.post(f"{PREFIX}{reverse('sign-out')}")["Location"] == reverse("training")
    assert client.get(f"{PREFIX}/")["Location"] == reverse("training")
    assert "东山村" in client.get("/").content.decode()


def test_start_migrates_the_training_database_only_when_it_lacks_something(
    training_database: None, transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(database, "call_command", lambda name, **_options: asked.append(name))
    assert (database.prepare(), asked) == ("", [])
    lacking = (
        "DELETE FROM django_migrations WHERE id = (SELECT max(id) FROM django_migrations) RETURNING app, name, applied"
    )
    with database.opened():
        [taken] = rows(lacking)
    try:
        assert (database.prepare(), asked) == ("", ["migrate"])
    finally:
        with database.opened():
            run("INSERT INTO django_migrations (app, name, applied) VALUES (%s, %s, %s)", taken)


def test_first_start_copies_the_empty_tables_and_a_county_is_never_copied(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "_SUFFIX", "_copied")
    Division.objects.create(code="430726", name="某县")
    database.copy_of_empty()
    assert not database.there()
    Division.objects.all().delete()
    database.copy_of_empty()
    assert database.there()
    with database.opened():
        applied = column("SELECT name FROM django_migrations ORDER BY id")
    run(f'DROP DATABASE "{database.name()}"')
    assert applied == column("SELECT name FROM django_migrations ORDER BY id")


def test_renewed_key_reaches_the_training_villages_too(
    transactional_db: None, village: TrainingVillage, settings: LazySettings
) -> None:
    """Otherwise the old key could never be given up."""
    with database.opened():
        Household.objects.filter(code__startswith=village.code).update(phone=encrypt("13900000009"))
    settings.FIELD_KEYS = FieldKeys({**settings.FIELD_KEYS, 2: b"a second key of thirty-two bytes"})
    said = StringIO()
    call_command("reseal", stdout=said)
    assert "练习村：" in said.getvalue() and "全部密文都用最新的密钥。" in said.getvalue()
    with database.opened():
        assert {*Household.objects.filter(code__startswith=village.code).values_list("phone", flat=True)} != {None}
        assert list(still_used()) == []
        phones = Household.objects.filter(code__startswith=village.code).values_list("phone", flat=True)
        assert {decrypt(phone) for phone in phones} == {"13900000009"}


def test_training_village_is_given_no_award(world: World, village: TrainingVillage) -> None:
    """Not by the county's engine, which does not meet it; not past it, for the database knows no such place; and nobody
    inside holds a key of money."""
    world.frozen_month()
    scene = funded(world)
    scene.rule(bands=[Band(1, 3, TEN_THOUSAND)])
    lines = scene.preview(first=MONTH, last=MONTH).lines
    assert [line for line in lines.all() if line.division_id.startswith("99")] == []
    line = lines.first()
    line.pk, line.division_id = None, village.code
    with pytest.raises(IntegrityError), transaction.atomic():
        line.save(force_insert=True)
        connection.check_constraints()
    client = inside(world.client(Role.TOWNSHIP), village, Role.TOWNSHIP)
    answer = client.post(f"{PREFIX}{reverse('fund-preview', args=[scene.fund.pk])}", {"kind": "comprehensive"})
    assert answer.status_code == 403
    with database.opened():
        assert (Award.objects.count(), AwardRun.objects.count()) == (0, 0)
