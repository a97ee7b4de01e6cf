"""What the page for records takes along to a reception: the day's list with briefings, and what can be chosen from there."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from households.codes import county_of
from households.masks import mask_name
from households.models import User
from households.months import spoken_with_year
from households.register.initials import found_by
from petitions import choices
from petitions.models import Content, Petition, PetitionEvent, Promise, Reception, ReceptionOutcome, ReceptionRecord
from petitions.receptions import reads as receptions
from petitions.receptions.briefings import may_be_shown
from petitions.receptions.reads import ListedPetition
from petitions.states import SYSTEM, PetitionState

MAX_TEXT = 1500  # characters of what was filed; the rest is on the petition's page
MAX_STEPS = 5  # the latest, of those that say something


def package(reception: Reception, user: User, now: datetime) -> dict[str, Any]:
    """Everything the page works from, as of `now`. Filers are masked; no telephone number, no code, no papers.

    What accuses somebody who is present is left out, and of an accusation that may not lie on the table (`briefings`)
    only the number is there. The same number of queries however long the list is.
    """
    today = timezone.localdate(now)
    listed = [one for one in receptions.listed_petitions_of(reception, user, today, words=True) if not one.accuses]
    steps = _steps([one.petition for one in listed])
    return {
        "as_of": now.isoformat(),
        "reception": _reception(reception),
        "cases": [
            _listed(one, steps.get(one.petition.pk, []), today) if may_be_shown(reception, one) else _withheld(one)
            for one in listed
        ],
        "units": _searched(choices.units(county_of(reception.place_id), today)),
        "places": _searched(choices.places_for(user, today)),
        "here": reception.place_id,
        "contents": Content.choices,
        "outcomes": ReceptionOutcome.choices,
        "states": {state.value: state.label for state in PetitionState},
    }


def _searched(offered: choices.Choices) -> list[tuple[Any, ...]]:
    """Options as value, words and the letters that they are found by; groups of them by their headings."""
    return [
        (value, _searched(words)) if isinstance(words, list) else (value, words, found_by(words))
        for value, words in offered
    ]


def _reception(one: Reception) -> dict[str, str]:
    return {
        "kind": one.get_kind_display(),
        "enterprise": "yes" if one.kind == "enterprise_day" else "",
        "day": spoken_with_year(one.day),
        "hours": f"{one.starts:%H:%M}—{one.ends:%H:%M}",
        "place": f"{one.place.name} {one.room}".strip(),
        "leader": f"{one.post}{one.leader}",
        "state": one.status.label,
    }


def _listed(one: ListedPetition, steps: list[dict[str, str]], today: date) -> dict[str, Any]:
    petition: Any = one.petition
    lead = next((unit for unit in petition.at_work if unit.lead), None)
    return {
        "position": one.item.position,
        "number": petition.number,
        "title": petition.title,
        "seq": petition.seq,
        "state": petition.status.label,
        "due": petition.due_on.isoformat() if petition.due_on else "",
        "late": bool(petition.due_on and petition.due_on < today),
        "who": petition.enterprise or mask_name(petition.filer_name) or "没有留名",
        "people": petition.people,
        "place": petition.place.name,
        "came": "，".join((petition.get_way_display(), petition.get_kind_display(), petition.get_content_display())),
        "text": _shortened(petition.text),
        "units": [f"{unit.unit_name}（{'主办' if unit.lead else '协办'}）" for unit in petition.at_work],
        "lead": lead.unit if lead else "",
        "steps": steps,
        "promises": [_promise(promise, today) for promise in one.promises],
        "records": [_record(record) for record in one.records],
    }


def _withheld(one: ListedPetition) -> dict[str, Any]:
    """A case of which the list says that it is there, and nothing else."""
    petition = one.petition
    words = dict.fromkeys(("state", "due", "place", "came", "lead"), "")
    return words | {
        "position": one.item.position,
        "number": petition.number,
        "title": "检举控告件",
        "seq": petition.seq,
        "late": False,
        "who": "不带出",
        "people": 1,
        "text": "检举控告件的内容不带出，要看请在办公室打开信访件页面。",
        "units": [],
        "steps": [],
        "promises": [],
        "records": [],
    }


def _shortened(text: str) -> str:
    return text if len(text) <= MAX_TEXT else f"{text[:MAX_TEXT]}……（没有显示完）"


def _promise(one: Promise, today: date) -> dict[str, Any]:
    late = one.days_late(today)
    return {
        "what": one.what,
        "unit": one.unit_name,
        "due": one.due_on.isoformat(),
        "state": f"超期 {late} 天" if late else one.status.label,
    }


def _record(one: ReceptionRecord) -> dict[str, str]:
    at = timezone.localtime(one.said_at)
    return {"outcome": one.get_outcome_display(), "note": one.event.note, "at": f"{at:%m-%d %H:%M}"}


def _steps(petitions: Iterable[Petition]) -> dict[int, list[dict[str, str]]]:
    """The latest lines of each history that say something, newest first."""
    events = PetitionEvent.objects.filter(petition__in=list(petitions)).exclude(role=SYSTEM).order_by("-seq")
    found: dict[int, list[dict[str, str]]] = {}
    for event in events:
        lines = found.setdefault(event.petition_id, [])
        if len(lines) < MAX_STEPS and (event.told or event.note):
            day = timezone.localtime(event.at)
            said = event.told or event.note
            lines.append({"day": f"{day:%Y-%m-%d}", "step": event.action.label, "said": _shortened(said)[:400]})
    return found
