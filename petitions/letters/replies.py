"""Ready-made words for filers: what is shipped, what may stand in them, and how the gaps are filled.

A text never names anybody: only number, dates and units can be filled in.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.utils import timezone

from households.models import Division
from households.refusals import Refused
from households.workdays.workdays import day_label, local_day
from petitions.models import Assignment, Petition, ReplyTemplate
from petitions.states import TRANSITIONS, Need, PetitionAction

_A = PetitionAction
# Steps that tell the filer something: accepting, and all that cannot be made without words for them.
USED_FOR = (
    _A.ACCEPT,
    *(action for action in _A if any(one.action is action and Need.TOLD in one.needs for one in TRANSITIONS)),
)
GAPS = {
    "编号": "这件信访的编号",
    "提交日期": "来信人提交的日期",
    "今天": "写这段话的日期",
    "到期日": "现在这一步的最后一天；没有期限时写“期限内”",
    "承办单位": "主办单位；还没有交办时写“承办单位”",
    "信访局": "本县信访局的名称",
}
_GAP = re.compile(r"\{([^{}]*)\}")
MAX_TEXT, MAX_NAME = 2000, 30


@dataclass(frozen=True, slots=True)
class Reply:
    """One text to choose. `key` is the shipped one's name, or the row's id; `row` is empty for a shipped one."""

    key: str
    action: PetitionAction
    name: str
    text: str
    row: ReplyTemplate | None = None


SHIPPED: tuple[Reply, ...] = (
    Reply(
        "accept-plain",
        _A.ACCEPT,
        "受理告知",
        "您反映的事项（{编号}）已经受理。我们会在规定期限内办理，并把结果告诉您。",
    ),
    Reply(
        "accept-long",
        _A.ACCEPT,
        "受理告知（需要调查）",
        "您反映的事项（{编号}）已经受理。这件事需要到现场调查，最迟{到期日}答复您。您有新的材料，可以随时补充。",
    ),
    Reply(
        "not-accept-court",
        _A.NOT_ACCEPT,
        "不予受理：已在法院",
        "您反映的事项（{编号}）已经在法院办理，依法不作为信访受理。"
        "请按法院的通知参加诉讼；对判决不服，可以在期限内上诉。",
    ),
    Reply(
        "not-accept-final",
        _A.NOT_ACCEPT,
        "不予受理：复核已经终结",
        "您反映的事项已经复核终结，同一事实和理由不再受理。有新的事实，请把材料交给{信访局}，我们会看。",
    ),
    Reply(
        "redirect-court",
        _A.REDIRECT,
        "分流：走诉讼或仲裁",
        "您反映的事项（{编号}）应当通过诉讼或者仲裁解决。"
        "请到县法院立案窗口或者仲裁委员会提出；请不起律师的，可以到县法律援助中心申请帮助。",
    ),
    Reply(
        "redirect-discipline",
        _A.REDIRECT,
        "分流：转纪检监察机关",
        "您反映的问题（{编号}）属于纪检监察机关的职责，我们已按规定转去，由他们依法处理。",
    ),
    Reply(
        "answer-solved",
        _A.ANSWER,
        "答复：已经解决",
        "您在{提交日期}反映的事项（{编号}），{承办单位}已经办理完毕。"
        "办理结果：\n\n如果还有没解决的地方，请在查询页面上告诉我们。",
    ),
    Reply(
        "answer-plan",
        _A.ANSWER,
        "答复：已经列入计划",
        "您在{提交日期}反映的事项（{编号}），{承办单位}已经核实，情况属实。"
        "已列入计划，安排如下：\n\n办好以后我们会再告诉您。",
    ),
    Reply(
        "answer-cannot",
        _A.ANSWER,
        "答复：按规定办不了",
        "您在{提交日期}反映的事项（{编号}），{承办单位}已经核实。"
        "按照规定现在办不了，依据和原因是：\n\n您对这个答复不服，可以在 30 天内申请复查。",
    ),
    Reply(
        "extend-complex",
        _A.EXTEND,
        "延期：情况复杂",
        "您反映的事项（{编号}）情况比较复杂，需要进一步调查核实，经批准延长办理期限。"
        "请您谅解，办好以后我们马上答复您。",
    ),
    Reply(
        "pause-survey",
        _A.PAUSE,
        "暂停：等鉴定结果",
        "您反映的事项（{编号}）要等鉴定（检测）结果才能继续办理，等待期间暂停计算期限。结果出来就恢复办理。",
    ),
    Reply(
        "tell-visit",
        _A.TELL,
        "告知：将上门了解情况",
        "{承办单位}近日会上门了解您反映的情况（{编号}），请您留意电话。上门的同志会出示工作证，不收取任何费用。",
    ),
    Reply(
        "tell-material",
        _A.TELL,
        "告知：请补充材料",
        "为了尽快办理您反映的事项（{编号}），请您补充以下材料：\n\n可以在查询页面上拍照提交，也可以送到{信访局}。",
    ),
    Reply(
        "merge-same",
        _A.MERGE,
        "并案：同一件事",
        "您反映的事项（{编号}）与另一件是同一件事，从今天起一起办理，期限按先提交的那一件计算。"
        "您用原来的查询码照样能看进展。",
    ),
    Reply(
        "review-upheld",
        _A.REVIEW,
        "复查：维持原意见",
        "您申请复查的事项（{编号}），我们重新核实了情况，原处理意见事实清楚、依据正确，予以维持。"
        "理由是：\n\n您对复查意见不服，可以在 30 天内申请复核。",
    ),
    Reply(
        "review-changed",
        _A.REVIEW,
        "复查：改变原意见",
        "您申请复查的事项（{编号}），我们重新核实了情况，原处理意见有不妥之处，现改为："
        "\n\n您对复查意见不服，可以在 30 天内申请复核。",
    ),
    Reply(
        "final-upheld",
        _A.FINAL_REVIEW,
        "复核：维持",
        "您申请复核的事项（{编号}），经复核，维持复查意见。理由是："
        "\n\n这是信访程序的最后意见。同一事实和理由不再受理。",
    ),
    Reply(
        "refuse-erasure",
        _A.REFUSE_ERASURE,
        "不予清除：需要留存",
        "您申请清除的信访（{编号}）依法需要留存，现在不能清除。保存期满后系统会自动清除。",
    ),
)


def offered(county: str) -> list[Reply]:
    """What the county's people choose from: the shipped texts as they are or as they were changed, and its own."""
    rows = list(ReplyTemplate.objects.filter(county=county).order_by("id"))
    instead = {row.shipped: row for row in rows if row.shipped}
    shipped = (_of_row(instead[one.key]) if one.key in instead else one for one in SHIPPED)
    own = (_of_row(row) for row in rows if not row.shipped)
    standing = [one for one in (*shipped, *own) if one.row is None or one.row.retired_at is None]
    return sorted(standing, key=lambda one: USED_FOR.index(one.action))


def _of_row(row: ReplyTemplate) -> Reply:
    return Reply(str(row.pk), PetitionAction(row.action), row.name, row.text, row)


def found(county: str, key: str) -> Reply | None:
    """One of those that are offered."""
    return next((one for one in offered(county) if one.key == key), None)


def facts_of(petition: Petition, at_work: Iterable[Assignment]) -> dict[str, str]:
    """What fills the gaps, as it is today. One query."""
    county = Division.objects.get(pk=petition.county).name
    lead = next((one.unit_name for one in at_work if one.lead), "承办单位")
    return {
        "编号": petition.number,
        "提交日期": day_label(local_day(petition.filed_at)),
        "今天": day_label(timezone.localdate()),
        "到期日": day_label(petition.due_on) if petition.due_on else "期限内",
        "承办单位": lead,
        "信访局": f"{county}信访局",
    }


def filled(text: str, facts: Mapping[str, str]) -> str:
    """The text with its gaps filled; what is no gap stays as it is."""
    return _GAP.sub(lambda gap: facts.get(gap[1].strip(), gap[0]), text)


def for_steps(
    petition: Petition, at_work: Iterable[Assignment], steps: Collection[PetitionAction]
) -> dict[PetitionAction, list[tuple[str, str]]]:
    """Name and filled text of each template, by the steps that are open. Two queries, or none when none of them tells."""
    by_action: dict[PetitionAction, list[tuple[str, str]]] = {}
    if not set(steps) & set(USED_FOR):
        return by_action
    facts = facts_of(petition, at_work)
    for one in offered(petition.county):
        by_action.setdefault(one.action, []).append((one.name, filled(one.text, facts)))
    return by_action


def check(action: str, name: str, text: str) -> None:
    """Refuse a template that cannot be used, naming every fault."""
    wrong = {}
    if action not in USED_FOR:
        wrong["action"] = "请选择用在哪一步"
    if not name or len(name) > MAX_NAME:
        wrong["name"] = f"必填，最多 {MAX_NAME} 个字"
    if not text or len(text) > MAX_TEXT:
        wrong["text"] = f"必填，最多 {MAX_TEXT} 个字"
    unknown = [gap.strip() for gap in _GAP.findall(text) if gap.strip() not in GAPS]
    if unknown:
        wrong["text"] = f"没有“{{{unknown[0]}}}”这个空，可以用的有：{'、'.join(f'{{{gap}}}' for gap in GAPS)}"
    if wrong:
        raise Refused("invalid", "；".join(dict.fromkeys(wrong.values())) + "。", fields=wrong)
