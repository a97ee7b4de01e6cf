"""A petition is filed: by the filer, with or without a name, or by somebody on their behalf."""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from households.codes import CodeError, level_of
from households.imports.cells import CellFault
from households.imports.cells import phone as read_phone
from households.imports.staging import one_at_a_time
from households.models import Division, User
from households.operations import Answer, WantedOperation
from households.permissions import Permission, may
from households.refusals import Refused
from households.roles import Role
from households.words import folding
from petitions import units
from petitions.filing import external
from petitions.filing.actions.writing import Entry, write
from petitions.filing.asked import Filing
from petitions.filing.codes import new_code
from petitions.models import Channel, Content, Demand, Petition, PetitionKind, Way
from petitions.models.petitions import MAX_ENTERPRISE, MAX_EXTERNAL_NO, MAX_NAME, MAX_PEOPLE, MAX_TEXT, MAX_TITLE
from petitions.steps.against_office import is_against_office

WAYS: dict[Channel, tuple[Way, ...]] = {
    Channel.ENTERPRISE: (Way.ENTERPRISE, Way.PAGE, Way.DEPARTMENT, Way.VISIT, Way.LETTER),
    Channel.PEOPLE: (Way.PAGE, Way.CADRE, Way.DEPARTMENT, Way.VISIT, Way.LETTER),
    Channel.NET: (Way.HOTLINE, Way.REDNET, Way.MAILBOX, Way.PAGE),
}


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

    def act() -> Answer:
        entry = entry_of(op_id, sound, at or timezone.now(), by)
        with _number_of_others(sound):
            [answer] = write([entry], by=by)
        return answer

    answer = operation_of(op_id, sound, by).once(act)
    return Filed(Petition.objects.select_related("place").get(pk=answer["petition"]), new_code(op_id))


def entry_of(op_id: UUID, filing: Filing, at: datetime, by: User | None) -> Entry:
    """What is written of a filing as `checked` gives it. Refused where nobody could take it in."""
    accused = units.accused(filing.accused)
    return Entry(op_id, filing, at, accused, is_against_office(accused, by=by))


def operation_of(op_id: UUID, filing: Filing, by: User | None) -> WantedOperation:
    """The write that is remembered under the id; `filing` as `checked` gives it."""
    return WantedOperation(op_id, by, "petition.file", [_payload(filing)])


@contextmanager
def _number_of_others(filing: Filing) -> Iterator[None]:
    """Refuse (409) what came in under this number before, while whoever files another waits."""
    if not filing.external_no:
        yield
        return
    one_at_a_time("petitions")
    if external.known([(filing.way, filing.external_no)]):
        raise _external_known(filing.external_no)
    try:
        with transaction.atomic():
            yield
    except IntegrityError as fault:
        if "petition_external_once" not in str(fault):
            raise
        raise _external_known(filing.external_no) from fault


def _payload(filing: Filing) -> dict[str, Any]:
    return vars(filing) | {
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


_CHOICES = {
    name: frozenset(choices.values)
    for name, choices in (
        ("channel", Channel), ("way", Way), ("content", Content), ("kind", PetitionKind), ("demand", Demand)
    )
}  # fmt: skip


def _wrong_choices(filing: Filing) -> dict[str, str]:
    wrong = {name: "不在选项里" for name, known in _CHOICES.items() if getattr(filing, name) not in known}
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
