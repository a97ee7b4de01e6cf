"""A petition is filed: by the filer, with or without a name, or by somebody on their behalf."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from households.codes import CodeError, county_of, level_of
from households.imports.cells import CellFault
from households.imports.cells import phone as read_phone
from households.imports.staging import one_at_a_time
from households.models import Division, Household, User
from households.operations import Answer, WantedOperation
from households.permissions import Permission, may
from households.refusals import Refused
from households.roles import Role
from households.sql import column
from households.words import folding
from petitions import units
from petitions.clocks import deadlines
from petitions.filing import external
from petitions.filing.codes import digest_of, filer_key, new_code
from petitions.models import Accused, Case, Channel, Content, Demand, Petition, PetitionEvent, PetitionKind, Way
from petitions.models.petitions import MAX_ENTERPRISE, MAX_EXTERNAL_NO, MAX_NAME, MAX_PEOPLE, MAX_TEXT, MAX_TITLE
from petitions.search.indexing import keep_words
from petitions.states import FILER, PetitionAction, PetitionState
from petitions.steps.against_office import is_against_office
from petitions.steps.history import record
from petitions.steps.step import Step
from petitions.tallies import rows as tally_rows

WAYS: dict[Channel, tuple[Way, ...]] = {
    Channel.ENTERPRISE: (Way.ENTERPRISE, Way.PAGE, Way.DEPARTMENT, Way.VISIT, Way.LETTER),
    Channel.PEOPLE: (Way.PAGE, Way.CADRE, Way.DEPARTMENT, Way.VISIT, Way.LETTER),
    Channel.NET: (Way.HOTLINE, Way.REDNET, Way.MAILBOX, Way.PAGE),
}


@dataclass(frozen=True, kw_only=True)
class Filing:
    """What is asked. `place` is the code of the division it is about (the county when nothing nearer is known).

    `accused` names whom it accuses: department:CODE, division:CODE (township or smaller) or user:NAME (one that nobody
    has is passed over); then `content` is an accusation. Without `name` it is nameless; without `phone` nobody can call
    back. `case` joins the life story of an earlier one.
    """

    channel: str
    way: str
    content: str
    place: str
    title: str
    text: str
    kind: str = PetitionKind.FIRST
    demand: str = Demand.COMPLAINT
    name: str = ""
    phone: str = ""
    enterprise: str = ""
    household: Household | None = None
    people: int = 1
    external_no: str = ""
    external_link: str = ""
    accused: tuple[str, ...] = field(default=())
    case: Case | None = None


@dataclass(frozen=True)
class Filed:
    """The petition and the code for the receipt: shown this once, kept nowhere."""

    petition: Petition
    code: str


def file(*, op_id: UUID, filing: Filing, by: User | None, at: datetime | None = None) -> Filed:
    """Take a petition in, once for `op_id`; the same id gives the same number and code again.

    `by` None is the filer themselves; a person files for somebody else (FILE_FOR_OTHERS, within their scope; departments take
    whoever comes, from anywhere in the county). `at` is when it came in, for what is entered
    later; not in the future. Refused 422 with `fields`, 403 for who may not, 409 for a hotline or 红网 number that is
    there already.
    """
    sound = checked(filing, by, at)
    code = new_code(op_id)

    def act() -> Answer:
        petition = _file(sound, code, by, at or timezone.now())
        return {"petition": petition.pk, "number": petition.number}

    answer = operation_of(op_id, sound, by).once(act)
    return Filed(Petition.objects.select_related("place").get(pk=answer["petition"]), code)


def operation_of(op_id: UUID, filing: Filing, by: User | None) -> WantedOperation:
    """The write that `file` remembers under the id; `filing` as `checked` gives it."""
    return WantedOperation(op_id, by, "petition.file", [_payload(filing)])


def _file(filing: Filing, code: str, by: User | None, at: datetime) -> Petition:
    accused = units.accused(filing.accused)
    against_office = is_against_office(accused, by=by)
    [number] = numbers(county_of(filing.place), timezone.localdate(at).year)
    case = filing.case or Case.objects.create(opened_at=at)
    petition = petition_of(filing, number=number, code=code, case=case, by=by, at=at)
    petition.against_office = against_office
    _insert(petition)
    Accused.objects.bulk_create(Accused(petition=petition, **one) for one in accused)
    step, event = first_event(petition, by, at)
    event.save(force_insert=True)
    tally_rows.keep(petition, [deadlines.history_line(event)])
    record(petition, step)
    keep_words(petition, [], seq=1)
    return petition


def petition_of(filing: Filing, *, number: str, code: str, case: Case, by: User | None, at: datetime) -> Petition:
    """The petition as it is filed, not yet written."""
    return Petition(
        number=number,
        follow_digest=digest_of(number, code),
        case=case,
        filer_name=filing.name,
        filer_phone=filing.phone,
        filer_key=filer_key(filing.phone),
        filed_at=at,
        filed_by=by,
        state=PetitionState.FILED,
        due_on=deadlines.first_due(filing.way, filing.demand, at),
        place_id=filing.place,
        **{name: getattr(filing, name) for name in _COLUMNS},
    )


_COLUMNS = (
    "channel",
    "way",
    "content",
    "kind",
    "demand",
    "title",
    "text",
    "enterprise",
    "household",
    "people",
    "external_no",
    "external_link",
)


def _insert(petition: Petition) -> None:
    if petition.external_no:
        one_at_a_time("petitions")
        if external.known([(petition.way, petition.external_no)]):
            raise _external_known(petition.external_no)
    try:
        with transaction.atomic():
            petition.save(force_insert=True)
    except IntegrityError as fault:
        if "petition_external_once" not in str(fault):
            raise
        raise _external_known(petition.external_no) from fault


def first_event(petition: Petition, by: User | None, at: datetime) -> tuple[Step, PetitionEvent]:
    """The first step of a history and its line, not yet written."""
    data = {name: getattr(petition, name) for name in ("channel", "way", "content", "kind", "demand")}
    step = Step(PetitionAction.FILE, by, by.role if by else FILER, at=at)
    event = PetitionEvent(
        petition=petition, seq=1, kind=step.action, state=petition.state, at=at, by=by, role=step.role, data=data
    )
    return step, event


_NEXT = """
    INSERT INTO petitions_numberseries (county, year, last) VALUES (%(county)s, %(year)s, %(count)s)
    ON CONFLICT (county, year) DO UPDATE SET last = petitions_numberseries.last + %(count)s
    RETURNING last
"""


def numbers(county: str, year: int, count: int = 1) -> list[str]:
    """The next numbers of the county's year; who files at the same moment waits for them, so that none is given twice."""
    [last] = column(_NEXT, {"county": county, "year": year, "count": count})
    return [f"{county}-{year}-{serial:06d}" for serial in range(last - count + 1, last + 1)]


def _payload(filing: Filing) -> dict[str, Any]:
    given = {name: getattr(filing, name) for name in (*_COLUMNS, "place", "name", "phone", "accused")}
    return given | {
        "household": filing.household.code if filing.household else "",
        "case": filing.case and filing.case.pk,
    }


def checked(filing: Filing, by: User | None, at: datetime | None, *, places: Collection[str] | None = None) -> Filing:
    """The filing as it is kept, without blanks around; refused with every field that is wrong.

    `places` are the codes known to be there, for who has looked already.
    """
    texts = {field: fold(getattr(filing, field)) for field, fold in _FOLDS.items()}
    wrong = _wrong_texts(filing, texts) | _wrong_choices(filing)
    if not (_is_place(filing.place) if places is None else filing.place in places):
        wrong["place"] = "没有这个地方"
    if at is not None and at > timezone.now():
        wrong["at"] = "晚于现在"
    if texts["external_no"] and by is not None and by.role != Role.PETITION_OFFICE:
        wrong["external_no"] = "由信访局登记"  # else a refusal would tell the accused that there is one
    if wrong:
        names = "、".join(_NAMES[name] for name in wrong)
        raise Refused("invalid", f"请核对：{names}。", hint="改好后再提交。", fields=wrong)
    _check_may(by, filing.place)
    return Filing(**{**vars(filing), **texts, "phone": _phone(filing.phone)})


_FOLDS: dict[str, Callable[[str], str]] = {
    "title": folding.stored,
    "text": str.strip,
    "name": folding.name,
    "enterprise": folding.name,
    "external_no": folding.ticket,
}


def _phone(typed: str) -> str:
    try:
        return read_phone(typed.strip())
    except CellFault as fault:
        raise Refused("phone_unreadable", f"{fault}。", fields={"phone": str(fault)}) from fault


_NAMES = {
    "title": "标题",
    "text": "内容",
    "name": "姓名",
    "enterprise": "企业名称",
    "external_no": "来源编号",
    "way": "来源",
    "channel": "渠道",
    "content": "内容类别",
    "kind": "信访类别",
    "demand": "诉求类型",
    "people": "人数",
    "place": "地点",
    "accused": "被检举控告对象",
    "at": "时间",
}


_LONGEST = {
    "title": MAX_TITLE,
    "text": MAX_TEXT,
    "name": MAX_NAME,
    "enterprise": MAX_ENTERPRISE,
    "external_no": MAX_EXTERNAL_NO,
}


def _wrong_texts(filing: Filing, texts: dict[str, str]) -> dict[str, str]:
    wrong = {name: f"最多 {limit} 个字" for name, limit in _LONGEST.items() if len(texts[name]) > limit}
    wrong |= {name: "必填" for name in ("title", "text") if not texts[name]}
    if filing.channel == Channel.ENTERPRISE and not texts["enterprise"]:
        wrong["enterprise"] = "必填"
    return wrong | {name: "有不能识别的字符" for name, text in texts.items() if "\0" in text}


def _wrong_choices(filing: Filing) -> dict[str, str]:
    choices = {"channel": Channel, "way": Way, "content": Content, "kind": PetitionKind, "demand": Demand}
    wrong = {name: "不在选项里" for name, known in choices.items() if getattr(filing, name) not in known.values}
    if not wrong and filing.way not in WAYS[Channel(filing.channel)]:
        wrong["way"] = "不属于这个渠道"
    if not 1 <= filing.people <= MAX_PEOPLE:
        wrong["people"] = f"应在 1 到 {MAX_PEOPLE} 之间"
    if filing.accused and filing.content != Content.ACCUSATION:
        wrong["accused"] = "只有检举控告才填"
    return wrong


def _is_place(code: str) -> bool:
    try:
        level_of(code)
    except CodeError:
        return False
    return Division.objects.filter(pk=code).exists()


def _check_may(by: User | None, place: str) -> None:
    if by is None:
        return
    at = None if by.role == Role.DEPARTMENT else place
    if not may(by, Permission.FILE_FOR_OTHERS, at=at):
        raise Refused("not_yours", "您不能为这个地方的群众代办信访。", hint="请选本辖区的地点。", status=403)


def _external_known(number: str) -> Refused:
    return Refused(
        "external_exists",
        f"来源编号 {number} 已经登记过。",
        hint="不用再登记一次；内容不同的，请按编号找到那一件，在里面补充材料。",
        fields={"external_no": "已登记"},
        status=409,
    )
