"""What scoring tells posts that happened: sheets sent back or frozen early, objections ruled on, requests decided, points to lapse."""

from datetime import date

from django.urls import reverse

from households.inbox.kinds import About, MessageKind
from households.months import label, spoken_with_year
from households.roles import Role
from scoring.finding_states import FindingState
from scoring.models import AskState
from scoring.months.calendar import STEP_NAMES
from scoring.states import WITHHOLDING_LABELS, AdjustmentState, SheetAction, WithholdingState

_RULED_BY: dict[str, str] = {Role.TOWNSHIP: "乡镇复核", Role.COUNTY_OFFICE: "县六零办复核"}


def _adjusted(about: About) -> str:
    return f"您这里申请的锁定后调整（第 {about[0]} 号）：{AdjustmentState(about[1]).label}。"


def _forced(about: About) -> str:
    seen = "公示过" if about[1] else "没有公示过"
    return f"{label(about[0])}没有等到锁定日就锁定了，{seen}。觉得不对，仍然可以提异议。"


def _day(iso: str) -> str:
    return spoken_with_year(date.fromisoformat(iso))


def _due_moved(about: About) -> str:
    return f"放假安排变了，{label(about[0])}台账的{STEP_NAMES[SheetAction(about[1])]}期限改到{_day(about[2])}。"


def _due_page(about: About) -> str:
    page = "review" if about[1] == SheetAction.APPROVE else "sheet"
    return reverse(page, args=[about[0]])


def _withheld(about: About) -> str:
    return f"您这里申请的依法不再公开（第 {about[0]} 号）：{WITHHOLDING_LABELS[WithholdingState(about[1])]}。"


def _points_page(about: About) -> str:
    """Of a department or of a place."""
    kind, owner = about[0], about[1]
    return reverse("department-points" if kind == "department" else "points", args=[owner])


def _finding(about: About) -> str:
    """Of a finding that a department filed."""
    return reverse("finding", args=[about[0]])


KINDS = (
    MessageKind(
        "finding.late", lambda about: f"部门对{label(about[1])}有一件认定，这个月已经申报，没有记到台账上。", _finding
    ),
    MessageKind(
        "finding.answered",
        lambda about: f"您部门的认定（第 {about[0]} 号）：{FindingState(about[1]).label}。",
        _finding,
    ),
    MessageKind(
        "sheet.return",
        lambda about: f"{label(about[0])}的台账被乡镇退回，请改好再申报。",
        lambda about: reverse("sheet", args=[about[0]]),
    ),
    MessageKind(
        "sheet.revoke",
        lambda about: f"{label(about[0])}的审核被县里退回，请重新审核。",
        lambda about: reverse("review-sheet", args=[about[0], about[1]]),
    ),
    MessageKind(
        "objection.ruled",
        lambda about: f"异议 {about[1]} {_RULED_BY.get(about[2], '村里评议')}有了裁定。",
        lambda about: reverse("objection", args=[about[0]]),
    ),
    MessageKind(
        "objection.remind",
        lambda about: f"上级催办：异议 {about[1]} 等您这里裁定，请抓紧办。",
        lambda about: reverse("objection", args=[about[0]]),
    ),
    MessageKind(
        "objection.due_moved",
        lambda about: f"放假安排变了，异议 {about[1]} 的期限改到{_day(about[2])}。",
        lambda about: reverse("objection", args=[about[0]]),
    ),
    MessageKind("sheet.due_moved", _due_moved, _due_page),
    MessageKind("sheet.forced", _forced, lambda about: reverse("sheet", args=[about[0]])),
    MessageKind(
        "freeze.forced",
        lambda about: f"{label(about[0])}有 {about[1]} 个村没有等到锁定日就锁定了。",
        lambda about: reverse("cockpit", args=[about[0]]),
    ),
    MessageKind(
        "freeze.decided",
        lambda about: f"您这里申请的{label(about[0])}提前锁定：{AskState(about[2]).label}。",
        lambda about: reverse("village-month", args=[about[0], about[1]]),
    ),
    MessageKind("withholding.decided", _withheld, lambda about: reverse("withholding", args=[about[0]])),
    MessageKind("adjustment.decided", _adjusted, lambda about: reverse("adjustment", args=[about[0]])),
    MessageKind(
        "points.decided",
        lambda about: f"您这里申请的积分调整{AskState(about[2]).label}。",
        lambda about: reverse("point-adjustments"),
    ),
    MessageKind(
        "points.lapsing",
        lambda about: f"{about[2]} 分{about[3]}年获得的积分还没有用，快到期了。",
        _points_page,
    ),
)
