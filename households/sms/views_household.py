"""Behind the plate: what the household was told, and whether it wants SMS."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from households.models import Plate
from households.outbox import reads
from households.outbox.actions import KEPT, choose_sms
from households.plates.audience import of_household
from households.register.phones import masked
from households.sms.recipients import phone_is_mobile


@of_household
@require_safe
def household_messages(request: HttpRequest, plate: Plate) -> HttpResponse:
    """Looking leaves no mark."""
    household = plate.household
    context = {
        "token": plate.token,
        "said": reads.of_household(household.pk),
        "wanted": reads.wants_sms(household.pk),
        "phone": masked(household.phone) if phone_is_mobile(household) else "",
        "days": KEPT.days,
        "off": settings.SMS is None,
    }
    return render(request, "households/sms/household.html", context)


@of_household
@require_POST
def choose_household_sms(request: HttpRequest, plate: Plate) -> HttpResponse:
    """Wanted or not, as the button says."""
    wanted = request.POST.get("wanted") == "1"
    choose_sms(household=plate.household_id, wanted=wanted)
    messages.success(request, "好的，以后有消息也发短信。" if wanted else "好的，以后不发短信。消息仍然写在这里。")
    return redirect("household-messages", plate.token)
