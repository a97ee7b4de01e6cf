"""A household asks to have something about itself corrected; its village answers, within a term and with words."""

from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from households import audit
from households.models import CorrectionRequest, CorrectionState, Household, User
from households.outbox.actions import put
from households.permissions import Permission, may
from households.refusals import Refused
from households.words.folding import stored

LONGEST = 500


@transaction.atomic
def ask_correction(*, household: Household, words: str) -> CorrectionRequest:
    """The household writes what is wrong and how it is right. One at a time."""
    asked = _written(words, "写明哪里不对、应该是什么")
    now = timezone.now()
    due_on = timezone.localdate(now) + timedelta(days=settings.CORRECTION_DAYS)
    try:
        with transaction.atomic():
            made = CorrectionRequest.objects.create(
                household=household, asked=asked.encode(), asked_at=now, due_on=due_on
            )
    except IntegrityError:
        hint = "等村里答复以后，可以再提。"
        raise Refused("correction_open", "您家上一个请求还没有答复。", hint=hint, status=409) from None
    audit.record(audit.VILLAGER, "correction.ask", place=household.pk, subject=made.pk)
    return made


@transaction.atomic
def answer_correction(*, request: CorrectionRequest, corrected: bool, words: str, by: User) -> CorrectionRequest:
    """The village has corrected it, or says why not; the household reads the words. Whoever is first counts."""
    if not may(by, Permission.ANSWER_CORRECTIONS, at=request.household_id):
        raise Refused("not_yours", "您不能答复这一户的请求。", status=403)
    answer = _written(words, "写明怎么处理的")
    state = CorrectionState.DONE if corrected else CorrectionState.REFUSED
    found = CorrectionRequest.objects.select_for_update().get(pk=request.pk)
    if found.state != CorrectionState.OPEN:
        raise Refused("answered_already", "这个请求已经答复过了。", status=409)
    found.state, found.answer, found.answered_by, found.answered_at = state, answer.encode(), by, timezone.now()
    found.save(update_fields=["state", "answer", "answered_by", "answered_at"])
    put("correction.answered", key=found.pk, households=[found.household_id])
    audit.record(by, "correction.answer", place=found.household_id, subject=found.pk, corrected=corrected)
    return found


def _written(words: str, wanted: str) -> str:
    found = stored(words)
    if not found or len(found) > LONGEST:
        reason = f"请{wanted}。" if not found else f"最多写 {LONGEST} 个字。"
        raise Refused("words_missing", reason, fields={"words": reason}, status=422)
    return found
