"""Money into projects and out of them. Allocated <= award and budget, paid <= allocated, at every moment.

Locks in this order: awards by number, then the project. Every sum is moved by a guarded update, held by a constraint, and compared
with its rows by the database when the transaction commits.
"""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import F, Sum

from households.accounts.hands import check_key
from households.models import User
from households.refusals import Refused
from rewards.awards.actions import commitments
from rewards.models import Allocation, Award, PayeeKind, Payment, Project
from rewards.money import yuan
from rewards.project_states import ADVANCE_PERCENT, ProjectAction, ProjectState, payable
from rewards.projects.actions.project_rows import locked, moved_on, said


@dataclass(frozen=True, slots=True)
class Bill:
    """What is paid to whom. `fen` in whole fen, more than 0."""

    fen: int
    payee_kind: str
    payee: str
    voucher_no: str
    paid_on: date
    note: str = ""

    def checked(self) -> "Bill":
        """The same, trimmed; Refused when something is missing."""
        if self.payee_kind not in PayeeKind.values:
            raise Refused("payee_kind", "请选择收款方是企业、合作社还是务工人员。", fields={"payee_kind": "不认识"})
        _positive(self.fen)
        payee, voucher = said(self.payee, "收款方", 60), said(self.voucher_no, "凭证号", 40)
        return Bill(self.fen, self.payee_kind, payee, voucher, self.paid_on, self.note.strip()[:200])


def _positive(fen: int) -> None:
    if fen <= 0:
        raise Refused("amount", "金额要大于 0。", fields={"amount": "要大于 0"})


@transaction.atomic
def allocate(*, award: Award, project: Project, fen: int, by: User | None) -> Allocation:
    """Move money of the village's own award to an approved project. Refused when award or budget is too small (409).

    Refused too while the month behind the award has been restated and the county has not decided.
    """
    check_key(by)
    _positive(fen)
    award = commitments.lock_open(award.pk)
    project = locked(project, ProjectAction.ALLOCATE)
    if award.division_id != project.village_id:
        raise Refused("award_elsewhere", "这笔奖励不是这个村的。", hint="请选本村的奖励。")
    commitments.commit(award, fen)
    room = Project.objects.filter(pk=project.pk, allocated_fen__lte=F("budget_fen") - fen)
    if not room.update(allocated_fen=F("allocated_fen") + fen):
        left = (project.budget_fen or 0) - project.allocated_fen
        hint = "请减少金额；造价有变化时，先按程序重新立项。"
        raise Refused(
            "budget_too_small", f"按核定金额还差 {yuan(left)} 元，安排不了 {yuan(fen)} 元。", hint=hint, status=409
        )
    allocation = Allocation.objects.create(award=award, project=project, fen=fen, by=by)
    note = f"从{award.get_kind_display()}安排 {yuan(fen)} 元"
    moved_on(project, ProjectAction.ALLOCATE, note=note, by=by, award=award.letter_no)
    return allocation


@transaction.atomic
def release(*, award: Award, project: Project, fen: int, reason: str, by: User | None) -> Allocation:
    """Take unpaid money of a project back into its award; possible while the award is suspended."""
    check_key(by)
    _positive(fen)
    reason = said(reason, "收回的原因", 200)
    award = commitments.lock(award.pk)
    project = locked(project, ProjectAction.RELEASE)
    given = project.allocations.filter(award=award).aggregate(fen=Sum("fen"))["fen"] or 0
    spare = Project.objects.filter(pk=project.pk, allocated_fen__gte=F("paid_fen") + fen)
    if fen > given or not spare.update(allocated_fen=F("allocated_fen") - fen):
        most = min(given, project.unpaid_fen)
        raise Refused("too_much_back", f"最多可以收回 {yuan(most)} 元。", hint="已经付出去的收不回。", status=409)
    commitments.give_back(award, fen)
    allocation = Allocation.objects.create(award=award, project=project, fen=-fen, note=reason, by=by)
    note = f"收回{award.get_kind_display()} {yuan(fen)} 元：{reason}"
    moved_on(project, ProjectAction.RELEASE, note=note, by=by, award=award.letter_no)
    return allocation


@transaction.atomic
def pay(*, project: Project, bill: Bill, by: User | None) -> Payment:
    """Pay out of what was allocated: before acceptance at most ADVANCE_PERCENT of it. Refused while an award behind it waits."""
    check_key(by)
    bill = bill.checked()
    for award in sorted(_awards_behind(project)):
        commitments.lock_open(award)
    project = locked(project, ProjectAction.PAY)
    most = payable(project.allocated_fen, project.paid_fen, project.stage)
    if bill.fen > most:
        raise _too_much(project, most, bill.fen)
    if project.payments.filter(voucher_no=bill.voucher_no).exists():
        raise Refused(
            "voucher_used", f"凭证号 {bill.voucher_no} 已经付过款。", hint="请核对，不要重复付款。", status=409
        )
    _move_paid(project, bill.fen)
    payment = Payment.objects.create(
        project=project,
        fen=bill.fen,
        payee_kind=bill.payee_kind,
        payee=bill.payee,
        voucher_no=bill.voucher_no,
        paid_on=bill.paid_on,
        note=bill.note,
        by=by,
    )
    note = f"付给{payment.public_payee} {yuan(bill.fen)} 元，凭证 {bill.voucher_no}"
    moved_on(project, ProjectAction.PAY, note=note, by=by)
    return payment


@transaction.atomic
def reverse_payment(*, payment: Payment, voucher_no: str, reason: str, on: date, by: User | None) -> Payment:
    """Undo a payment by a negative one; once."""
    check_key(by)
    reason, voucher_no = said(reason, "冲正的原因", 200), said(voucher_no, "凭证号", 40)
    project = locked(payment.project, ProjectAction.REVERSE)
    if payment.fen < 0 or Payment.objects.filter(reverses=payment).exists():
        raise Refused("already_reversed", "这笔付款已经冲正，或本身就是冲正。", status=409)
    if project.payments.filter(voucher_no=voucher_no).exists():
        raise Refused("voucher_used", f"凭证号 {voucher_no} 已经用过。", hint="冲正要用新的凭证号。", status=409)
    _move_paid(project, -payment.fen)
    reversal = Payment.objects.create(
        project=project,
        fen=-payment.fen,
        payee_kind=payment.payee_kind,
        payee=payment.payee,
        voucher_no=voucher_no,
        paid_on=on,
        reverses=payment,
        note=reason,
        by=by,
    )
    moved_on(project, ProjectAction.REVERSE, note=f"冲正凭证 {payment.voucher_no}：{reason}", by=by)
    return reversal


def _awards_behind(project: Project) -> set[int]:
    """The awards whose money is in the project now."""
    sums = project.allocations.order_by().values("award").annotate(left=Sum("fen")).filter(left__gt=0)
    return set(sums.values_list("award", flat=True))


def _move_paid(project: Project, fen: int) -> None:
    """Guarded: never below nothing, never above what was allocated."""
    room = Project.objects.filter(pk=project.pk, paid_fen__gte=-fen, paid_fen__lte=F("allocated_fen") - fen)
    if not room.update(paid_fen=F("paid_fen") + fen):
        raise _too_much(project, project.unpaid_fen, fen)
    project.refresh_from_db(fields=["paid_fen"])


def _too_much(project: Project, most: int, fen: int) -> Refused:
    hint = "请先安排资金，或减少金额。"
    if project.stage is ProjectState.BUILDING and fen <= project.unpaid_fen:
        hint = f"验收前最多付到已安排的 {ADVANCE_PERCENT}%，其余等验收后再付。"
    reason = f"现在最多可以付 {yuan(most)} 元，付不了 {yuan(fen)} 元。"
    return Refused("not_allocated", reason, hint=hint, status=409)
