"""Papers of an objection: the form to fill in, the receipt, and the ruling as a letter."""

from django.utils import timezone
from reportlab.platypus import Flowable

from households.files import papers
from households.months import label, spoken_with_year
from households.roles import LABELS, Role
from scoring.models import Objection, ObjectionStep
from scoring.objection_states import ObjectionAction, ObjectionState
from scoring.objections.reads import masked_head, outcome, what_of

_LINE = "________________"
FREE = "提异议不扣分，也不影响以后的评分和信访。"
_RULED = (ObjectionAction.UPHOLD, ObjectionAction.REJECT)


def blank_form() -> bytes:
    """To be filled in by hand: for whoever uses no telephone."""
    papers.use_fonts()
    parts: list[Flowable] = [
        papers.title("六零积分异议申请表"),
        papers.text(f"村、组：{_LINE}{_LINE}　户主：{_LINE}"),
        papers.text(f"哪个月的公示：{_LINE}　联系电话：{_LINE}"),
        papers.text("我对下面这件事有异议（打勾）：　□ 记错了，或者不该记　　□ 做了好事没有记上"),
        papers.text(f"是哪一条、哪一天的事：{_LINE * 2}"),
        papers.text("情况和理由（可以附照片、证明，不会写的请人代写）："),
        *(papers.text(_LINE * 4, size=12, spaceAfter=10) for _ in range(6)),
        papers.right(f"本人或家人签名：{_LINE}"),
        papers.right(f"日期：{_LINE}"),
        papers.gap(8),
        papers.text(
            "交给村干部、村务监督委员或乡镇，拿一张写有编号的回执。村里先评议，登记、确认和录入的人、亲属都不参加；不服的可以请乡镇复核。"
        ),
        papers.text(FREE),
    ]
    return papers.pdf(parts, name="六零积分异议申请表", foot="六零积分异议申请表")


def letter(one: Objection) -> bytes:
    """The receipt while it is open, the ruling once there is one. No free words of anybody: they are for the parties, on the page."""
    papers.use_fonts()
    ruled = [step for step in one.steps.all() if step.action in _RULED]
    title = "六零积分异议裁定书" if ruled else "六零积分异议回执"
    where = f"{one.village.parent.name if one.village.parent else ''}{one.village.name}"
    parts: list[Flowable] = [
        papers.title(title),
        papers.right(f"编号 {one.number}"),
        papers.gap(4),
        papers.text(f"{where} {masked_head(one)}家（户编号 {one.code}）："),
        papers.text(
            f"{spoken_with_year(timezone.localdate(one.filed_at))}收到对{label(one.period_id)}记录的异议：{what_of(one)}。"
        ),
        *map(_ruling, ruled),
        papers.text(f"现在：{outcome(one)}。{_next(one)}"),
        papers.text(FREE),
        papers.gap(14),
        papers.right(f"{where}（章）"),
        papers.right(spoken_with_year(timezone.localdate())),
    ]
    return papers.pdf(parts, name=f"{title} {one.number}", foot=f"{title} {one.number}")


def _ruling(step: ObjectionStep) -> Flowable:
    who = "村里评议" if step.role in (Role.CADRE, Role.SUPERVISOR) else LABELS[Role(step.role)]
    day = spoken_with_year(timezone.localdate(step.at))
    return papers.text(f"{day}，{who}：{step.action_label}。原因：{step.get_public_reason_display()}。")


def _next(one: Objection) -> str:
    if one.due_on is None:
        return ""
    if one.state == ObjectionState.ANSWERED:
        return f"不服的，{spoken_with_year(one.due_on)}以前可以请求复核，过期就按村里的意见办。"
    return f"{spoken_with_year(one.due_on)}以前答复。扫自家户牌、输入密码，随时能看到办到哪一步。"
