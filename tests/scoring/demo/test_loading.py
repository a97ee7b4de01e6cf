"""Loading the demo: the same twice, refused twice, and going on after a kill."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from households.models import AuditEvent, Division, Household, Linkage, Plate, User
from households.months import month_of, shift
from households.refusals import Refused
from scoring.demo import months, story
from scoring.models import DivisionScore, ScoreEvent, Sheet
from tests.scoring.demo.small_demo import load_small

Facts = dict[str, Any]


class Killed(Exception):
    """Stands for a kill."""


def facts() -> Facts:
    """Everything that a seed decides."""
    events = ScoreEvent.objects.order_by("pk").values_list(
        "op_id", "code", "clause__code", "date", "note", "withdraw_reason"
    )
    scores = DivisionScore.objects.order_by("month", "code").values_list("month", "code", "total", "households")
    return {
        "households": list(Household.objects.values_list("code", "head_name", "initials", "address")),
        "linkages": list(Linkage.objects.values_list("department", "division", "weight")),
        "events": list(events),
        "sheets": list(Sheet.objects.values_list("period", "village", "state")),
        "scores": list(scores),
        "people": list(User.objects.values_list("username", "display_name")),
    }


def steps() -> list[str]:
    return list(AuditEvent.objects.filter(action=story.STEP).order_by("id").values_list("subject", flat=True))


def load_killed(folder: Path, monkeypatch: pytest.MonkeyPatch, where: object, name: str) -> None:
    """Load until `name` of the module `where` is called, as if somebody had killed the process there."""

    def kill(*args: object, **given: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(where, name, kill)
        with pytest.raises(Killed):
            load_small(folder)


@pytest.mark.django_db
def test_same_seed_gives_the_same_data(tmp_path: Path) -> None:
    found = []
    for _ in range(2):
        with transaction.atomic():
            load_small(tmp_path)
            found.append(facts())
            transaction.set_rollback(True)
    first, again = found
    assert first == again
    assert all(first.values())


@pytest.mark.django_db
def test_killed_load_goes_on_where_it_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    current = month_of(timezone.localdate())
    load_killed(tmp_path, monkeypatch, months, "return_sheet")
    assert steps() == ["register", "people", shift(current, -3), shift(current, -2)]
    assert story.unfinished()
    before = list(ScoreEvent.objects.order_by("pk").values_list("pk", flat=True))
    paper = load_small(tmp_path, seed=99)
    added = ["photos", "alarms", "borders", "lives", "plates"]
    assert steps()[4:] == [shift(current, -1), "contacts", current, *added]
    assert list(ScoreEvent.objects.order_by("pk").values_list("pk", flat=True))[: len(before)] == before
    assert not story.unfinished()
    assert User.objects.get(username="shenji").check_password(paper.split("shenji")[1].split()[0])


@pytest.mark.django_db
def test_load_killed_while_the_paper_is_written_writes_it_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    load_killed(tmp_path, monkeypatch, story.accounts, "write")
    assert steps() == ["register"]
    assert not User.objects.exists()
    paper = load_small(tmp_path)
    assert paper.count("/h/") == 4
    tokens = [line.split()[-2].split("/")[2] for line in paper.splitlines() if "/h/" in line]
    assert Plate.objects.filter(token__in=tokens, revoked_at=None).count() == 4


@pytest.mark.django_db
def test_second_load_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(story, "_steps", lambda load: load.once(story.LAST, lambda rng: None))
    story.load(kind="small", seed=1, today=timezone.localdate(), paper=tmp_path / "p", say=lambda text: None)
    with pytest.raises(Refused, match="已经有区划"):
        load_small(tmp_path)


@pytest.mark.django_db
def test_command_without_demo_loads_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_demo", demo="none")
    assert not Division.objects.exists()
    assert capsys.readouterr().out == "没有要求载入演示数据。\n"


def test_command_refuses_a_database_in_use(world: object, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        call_command("load_demo")
    assert stop.value.code == 1
    assert "不再载入演示数据" in capsys.readouterr().err
    assert not story.unfinished()


@pytest.mark.parametrize(("kind", "frozen", "reviewed"), [("small", 2, 1), ("county", 11, 0)])
def test_plans_end_in_the_month_under_way(kind: str, frozen: int, reviewed: int) -> None:
    plan = story.plan_of(kind, timezone.localdate())
    assert (len(plan.frozen), int(plan.reviewed is not None)) == (frozen, reviewed)
    assert plan.current == month_of(timezone.localdate()) == shift(plan.frozen[-1], 1 + reviewed)
