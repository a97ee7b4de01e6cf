"""``manage.py set_up`` and ``check_templates``: only what there is to do, and every fault by name."""

import pytest
from django.core.management import CommandError, call_command
from django.db.migrations.recorder import MigrationRecorder

from dongkou.management.commands import set_up
from households.models import Division


@pytest.fixture
def called(monkeypatch):
    """Note which commands are called instead of calling them."""
    names = []
    monkeypatch.setattr(set_up, "call_command", lambda name, **_options: names.append(name))
    monkeypatch.setattr(set_up, "collect_statics", lambda _say: None)
    monkeypatch.setattr(set_up.training, "prepare", lambda: "")
    return names


@pytest.fixture
def waiting(monkeypatch):
    """Say whether a migration waits, whatever the database has."""
    return lambda answer: monkeypatch.setattr(set_up, "migrations_waiting", lambda: answer)


@pytest.mark.django_db
def test_a_database_that_is_up_to_date_has_no_migration_waiting():
    assert not set_up.migrations_waiting()


@pytest.mark.django_db
def test_a_migration_that_was_not_applied_is_noticed():
    MigrationRecorder.Migration.objects.filter(app="households").order_by("-id").first().delete()
    assert set_up.migrations_waiting()


@pytest.mark.django_db
@pytest.mark.parametrize(("demo", "expected"), [("none", []), ("small", ["load_demo"]), ("county", ["load_demo"])])
def test_an_empty_database_gets_the_demo_asked_for(called, waiting, demo, expected):
    waiting(False)
    call_command("set_up", demo=demo)
    assert called == expected


@pytest.mark.django_db
def test_a_database_with_divisions_gets_no_demo(called, waiting, monkeypatch):
    waiting(False)
    monkeypatch.setattr(Division.objects, "exists", lambda: True, raising=False)
    call_command("set_up", demo="small")
    assert called == []


@pytest.mark.django_db
def test_a_demo_that_was_broken_off_is_gone_on_with(called, waiting, monkeypatch):
    waiting(False)
    monkeypatch.setattr(Division.objects, "exists", lambda: True, raising=False)
    monkeypatch.setattr(set_up.story, "unfinished", lambda: True)
    call_command("set_up", demo="small")
    assert called == ["load_demo"]


@pytest.mark.django_db
def test_migrations_come_first(called, waiting):
    waiting(True)
    call_command("set_up", demo="small")
    assert called == ["migrate", "load_demo"]


def test_all_templates_of_the_project_are_sound():
    call_command("check_templates")


GOOD = "字" * 60 + '\n{% for day in "一二" %}{% if day in days and field.name == "x" %}{{ day }}{% endif %}{% endfor %}'


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("{% if %}", "Unexpected end"),
        ("{% load no_such_library %}", "no_such_library"),
        ('{% load icons %}{% if never %}{% icon "no-such-icon" %}{% endif %}', "no-such-icon"),
        ("\n" + "字" * 61, "line 2: 122 columns"),
        ('{% if request.user.role == "cadre" %}{% endif %}', "line 1: compares a role"),
        ('{% if never %}{% elif user.role not in "cadre leader" %}{% endif %}', "compares a role"),
        ('{% if state in "counting signed" %}{% endif %}', "name the states"),
        ('{% if one.state == "open" %}{% endif %}', "line 1: compares a value with a word"),
        ("{% if never %}{% elif never and line.state.value != 'open' %}{% endif %}", "compares a value with a word"),
        ('{% if field.name == "a" or kind == "b" %}{% endif %}', "compares a value with a word"),
        ('{% if "open" == one.state %}{% endif %}', "compares a word with a value"),
        ('<input type="hidden" name="op_id" value="{{ op_id }}">', "once_form"),
    ],
)
def test_a_template_at_fault_is_named(settings, tmp_path, text, fault):
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "bad.html").write_text(text, encoding="utf-8")
    (tmp_path / "templates" / "good.html").write_text(GOOD, encoding="utf-8")
    settings.BASE_DIR = tmp_path
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path / "templates"]}]
    with pytest.raises(CommandError, match=fault) as refusal:
        call_command("check_templates")
    assert "bad.html" in str(refusal.value)
    assert "good.html" not in str(refusal.value)
