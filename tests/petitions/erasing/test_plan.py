"""Every table and column of petitions that can hold words is known to erasing: a new one fails here until it is."""

from django.apps import apps
from django.db import models

from petitions.erasing.actions import DELETED, EMPTIED, WITHDRAWN
from petitions.models import PetitionEvent
from petitions.sealed import SealedTextField

# What the petition's own row loses is in `erasing._emptied`; the follow page's code digest opens what is left.
OWN = {"title", "text", "filer_name", "filer_phone", "filer_key", "enterprise", "external_link"}
KEPT = {
    "Petition": {"number", "follow_digest", "external_no"},
    "NumberSeries": {"county"},
    "Publication": {"county"},
    "Attachment": {"digest"},
    "PetitionEvent": {"role"},
    "ReplyTemplate": {"county", "name", "text", "shipped"},  # the office's own words, about no petition
    "Reception": {"room", "leader", "post"},  # where and by whom, about no petition
    "ReceptionStep": {"reason"},  # why a reception was put off
    "Promise": {"post"},
    "ClockRun": {"county", "key", "ended_by", "lead"},
    "AnswerRow": {"county", "lead"},
}


def wordy(model: type[models.Model]) -> set[str]:
    """Columns in which somebody's words could lie."""
    kinds = (SealedTextField, models.BinaryField, models.CharField, models.TextField)
    free = [field for field in model._meta.concrete_fields if isinstance(field, kinds) and not field.choices]
    return {field.name for field in free if not field.is_relation}


def known(name: str) -> set[str]:
    emptied = set(EMPTIED.get(name, {})) | (set(WITHDRAWN) if name == "Publication" else set())
    return emptied | KEPT.get(name, set()) | (OWN if name == "Petition" else set())


def test_every_column_with_words_is_known_to_erasing() -> None:
    missing = {
        model.__name__: wordy(model) - known(model.__name__)
        for model in apps.get_app_config("petitions").get_models()
        if model.__name__ not in DELETED
    }
    assert {name: columns for name, columns in missing.items() if columns} == {}


def test_plan_names_only_what_exists() -> None:
    models_of = {model.__name__: model for model in apps.get_app_config("petitions").get_models()}
    assert {*EMPTIED, *DELETED, *KEPT} <= set(models_of)
    assert all(columns <= wordy(models_of[name]) for name, columns in KEPT.items())


def test_a_forgotten_column_would_be_noticed() -> None:
    assert {"told", "note"} <= wordy(PetitionEvent)
    assert wordy(PetitionEvent) - KEPT["PetitionEvent"] == {"told", "note"}
