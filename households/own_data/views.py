"""Behind the plate: what is kept about the household, a copy of it, who looked, and asking to correct it."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from households import audit
from households.files.answers import attachment, json_file, never_kept
from households.models import CorrectionRequest, Plate
from households.own_data import paper, registry
from households.own_data.actions import ask_correction
from households.own_data.forms import AskCorrectionForm
from households.plates.audience import of_household
from households.refusals import Refused
from households.register.looking import COPIED, looks_at

LOOKS, ASKED = 100, 20


@of_household
@require_http_methods(["GET", "HEAD", "POST"])
def own_data(request: HttpRequest, plate: Plate) -> HttpResponse:
    """The page; and asking for a correction on it."""
    form = AskCorrectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = ask_correction(household=plate.household, words=form.cleaned_data["words"])
        except Refused as refusal:
            form.add_error("words", refusal.sentence)
        else:
            messages.success(request, f"已经送到村里，{made.due_on.month}月{made.due_on.day}日以前答复。")
            return redirect("own-data", plate.token)
    asked = CorrectionRequest.objects.filter(household=plate.household_id)
    context = {
        "token": plate.token,
        "form": form,
        "asked": asked[:ASKED],
        "days": settings.CORRECTION_DAYS,
        "looks": looks_at(plate.household_id, most=LOOKS),
        "kept": [(section.title, len(section.rows)) for section in registry.kept_about(plate)],
    }
    return render(request, "households/own_data/page.html", context, status=422 if form.errors else 200)


@of_household
@require_safe
def own_copy(request: HttpRequest, plate: Plate, form: str) -> HttpResponse:
    """Everything as PDF or JSON."""
    if form not in ("pdf", "json"):
        raise Http404
    name = f"本户的全部内容-{plate.household_id}-{timezone.localdate():%Y%m%d}.{form}"
    made = {
        "pdf": lambda: attachment(paper.pdf(plate), name, private=True),
        "json": lambda: never_kept(json_file(registry.as_json(plate), name)),
    }
    response = made[form]()
    audit.record(audit.VILLAGER, COPIED, place=plate.household_id, form=form)
    return response
