"""A word of its own in every column for words that people write, in a county where every kind of act has been done.

The words go past the doors into the rows: so what no form of today writes is looked for, too. A column is found in the models, and
a new one is planted unless NO_WORDS names it.
"""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any
from uuid import uuid4

from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.db.models import CharField, Field, Model, TextField

from households.own_data.actions import answer_correction, ask_correction
from households.register.phones import encrypt
from households.roles import Role
from households.sealing.fields import SealedBytesField
from households.sealing.texts import SealedTextField
from petitions.follow.actions import rate_all
from petitions.publishing.actions import Redacted, publish
from rewards.models import Redemption
from rewards.shop.actions.redemptions import void
from scoring.models import Withholding
from scoring.restatements import actions as restating
from scoring.withholdings.actions import withholding as withholding_actions
from tests.petitions.desk import Desk
from tests.samples import laid_out
from tests.scoring.restatements.adjusting import ask_addition, grant
from tests.world import HOUSEHOLDS, STRANGE, VILLAGE, World, found

# Heads of 东山村 and their telephones, as they stand where no word is planted over them.
HEADS = re.compile("|".join(re.findall(rf"^{VILLAGE},\d,\d,(\w+)", HOUSEHOLDS, re.MULTILINE)) + "|1380000000[0-9]")
SHORTEST = 5  # signs of a planted word
ROOMS = ("households", "scoring", "petitions", "rewards")
# What the program, the operator or a list gives: table, or table and column.
NO_WORDS = {
    "households_auditevent",
    "households_trail",
    "households_trailseal",
    "households_keptmoment",
    "households_borderline",
    "households_borderorder.county",
    "households_department",
    "households_division",
    "households_householderasure",
    "households_linkage.from_month",
    "households_linkage.to_month",
    "households_householdwords",
    "households_operation",
    "households_pastname",
    "households_plate",
    "households_platedevice",
    "households_platepapers",
    "households_platerun",
    "households_platerunvillage",
    "households_postmessage",
    "households_outboxmessage",
    "households_nosms",
    "households_alarm.source",
    "households_alarm.key",
    "households_alarm.what",
    "households_alarm.where",
    "households_alarm.place",
    "households_tenure",
    "households_user",
    "households_wordsmark",
    "petitions_answerrow",
    "petitions_attachment",
    "petitions_clockrun",
    "petitions_numberseries",
    "rewards_award",
    "rewards_awardline",
    "rewards_gradeband",
    "rewards_performancecredit",
    "rewards_picture",
    "scoring_account",
    "scoring_archivedmonth",
    "scoring_eventphoto.digest",
    "scoring_objectionphoto",
    "scoring_calendarversion.county",
    "scoring_reviewlook.household",
    "scoring_calendarversion.from_month",
    "scoring_clause",
    "scoring_dailyroot",
    "scoring_departmentscore",
    "scoring_divisionscore",
    "scoring_householdscore",
    "scoring_indicator",
    "scoring_ledgerhead",
    "scoring_mark",
    "scoring_papersheet.token",
    "scoring_period",
    "scoring_monthreminder",
    "scoring_scheme",
    "scoring_sheet",
    "scoring_villageroot",
    "households_changereading",
    "households_householdproposal.place",
    "households_importchange",
    "households_importpaper",
    "households_secondfactor",
    "households_importrun",
    "households_setupaddress",
    "households_household.code",
    "households_household.initials",
    "households_household.land_contractor_code",
    "petitions_petition.filer_key",
    "petitions_petition.follow_digest",
    "petitions_petition.number",
    "petitions_petitionevent.role",
    "petitions_publication.county",
    "petitions_replytemplate.county",
    "petitions_replytemplate.shipped",
    "rewards_awardrun.digest",
    "rewards_project.state",
    "rewards_projectstep.action",
    "rewards_projectstep.state",
    "rewards_redemption.month",
    "rewards_stockmove.source_key",
    "scoring_adjustment.code",
    "scoring_adjustment.state",
    "scoring_pointadjustment.owner",
    "scoring_pointentry.chain",
    "scoring_pointentry.month",
    "scoring_pointentry.source_key",
    "scoring_rankingsnapshot.body",
    "scoring_rankingsnapshot.digest",
    "scoring_rankingsnapshot.level",
    "scoring_rankingsnapshot.month",
    "scoring_rankingsnapshot.within",
    "scoring_schemeask.place",
    "scoring_scoreevent.code",
    "scoring_scoreevent.kind",
    "scoring_finding.code",
    "scoring_objection.code",
    "scoring_objection.state",
    "scoring_objection.way",
    "scoring_objectionstep.action",
    "scoring_objectionstep.role",
    "scoring_objectionstep.state",
    "scoring_withholding.place",
    "scoring_withholding.state",
}
PERSONAL = ("head_name", "address", "note")  # of a change that is wanted


def _wanted(planted: str, kept: bytes) -> bytes:
    return json.dumps(json.loads(kept) | dict.fromkeys(PERSONAL, planted), ensure_ascii=False).encode()


def _written_over(planted: str, _kept: bytes | None) -> bytes:
    return json.dumps({"head_name": planted, "address": planted}, ensure_ascii=False).encode()


# How the word stands in a column of more than words.
WITHIN: dict[str, Callable[[str, Any], bytes]] = {
    "households_householdchange.before": _written_over,
    "households_householdproposal.wish": _wanted,
}


def columns() -> Iterator[tuple[type[Model], Field]]:
    """Every column that can hold words."""
    for model in apps.get_models():
        table = model._meta.db_table
        for field in model._meta.local_fields if model._meta.app_label in ROOMS and table not in NO_WORDS else ():
            written = isinstance(field, CharField | TextField | SealedTextField | SealedBytesField)
            written = written or field.name == "phone"
            written = written and (field.max_length or SHORTEST) >= SHORTEST
            if written and not field.choices and not field.remote_field and name_of(model, field) not in NO_WORDS:
                yield model, field


def name_of(model: type[Model], field: Field) -> str:
    return f"{model._meta.db_table}.{field.name}"


def planted_scene() -> dict[str, str]:
    """What stands for the parts of addresses, as `laid_out` does."""
    samples = laid_out()
    _more_acts(found(), samples)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # what is never edited has triggers
        _plant()
        cursor.execute("SET LOCAL session_replication_role = origin")
    return samples


def word(number: int) -> str:
    return f"留{number:03}字"


def planted_words() -> dict[str, str]:
    """{word: column}"""
    return {word(number): name_of(*column) for number, column in enumerate(columns())}


def _plant() -> None:
    """Into every row but the strangers', who read what is theirs."""
    for number, (model, field) in enumerate(columns()):
        rows = model._base_manager.all()
        for key in {"code", "chain"} & {each.name for each in model._meta.local_fields}:
            rows = rows.exclude(**{f"{key}__startswith": STRANGE[:9]})
        for row, kept in rows.values_list("pk", field.name):
            with (
                suppress(IntegrityError),
                transaction.atomic(),
            ):  # taken by another row, or a reason for what nobody withdrew
                model._base_manager.filter(pk=row).update(**{field.name: _planted(model, field, word(number), kept)})


def _planted(model: type[Model], field: Field, planted: str, kept: Any) -> Any:
    """The word as the column keeps it."""
    if field.name == "phone" and not isinstance(field, SealedTextField):
        return encrypt(planted)
    if within := WITHIN.get(name_of(model, field)):
        return within(planted, kept)
    return planted.encode() if isinstance(field, SealedBytesField) else planted


def _more_acts(world: World, samples: dict[str, str]) -> None:
    """What has been decided, given up or published, beside what still waits."""
    office = world.user(Role.COUNTY_OFFICE)
    grant(world, ask_addition(world))
    refused = ask_addition(world, world.households[2].code)
    restating.refuse(op_id=uuid4(), adjustment=refused.pk, reason="证据不足", by=office)
    withholding_actions.grant(op_id=uuid4(), withholding=Withholding.objects.get().pk, by=office)
    void(
        op_id=uuid4(),
        redemption=Redemption.objects.get(pk=samples["redemption"]),
        reason="不要了",
        by=world.user(Role.CADRE),
    )
    told = ask_correction(household=world.households[3], words="电话写错了")
    answer_correction(request=told, corrected=True, words="改好了", by=world.user(Role.CADRE))
    desk = Desk(world)
    petition = desk.confirmed(title="门前的灯", name="", phone="")
    rate_all(op_id=uuid4(), petition=petition, scores={"office": "satisfied", "unit": "satisfied"}, comment="好")
    redacted = Redacted(title="修灯", text="灯不亮", answer="已修好", seen=True)
    publish(op_id=uuid4(), petition=petition, by=world.user(Role.PETITION_OFFICE), redacted=redacted)
