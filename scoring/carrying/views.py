"""The page where whoever has a line hands in what somebody without one recorded."""

from dataclasses import asdict
from secrets import token_urlsafe
from typing import Any

from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from households.audience import holders_of, user_of
from households.files import uploads
from households.files.answers import attachment
from households.permissions import Permission
from households.refusals import Refused
from scoring.carrying.actions import HandedIn, hand_in
from scoring.carrying.carried import LARGEST
from scoring.carrying.forms import CarriedForm

KEPT = 24 * 3600  # seconds that the receipts of a file can be fetched; later the file is handed in again
staff = holders_of(Permission.SEE_SHEET)


@staff
@require_http_methods(["GET", "HEAD", "POST"])
def carried(request: HttpRequest) -> HttpResponse:
    """Hand a file in."""
    form = CarriedForm(request.POST or None, request.FILES or None)
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            data = uploads.content(form.cleaned_data["file"], LARGEST, _too_large)
            return redirect("carried-receipts", _kept(hand_in(data=data, by=user_of(request)), request))
        except Refused as fault:
            refusal = fault
    status = refusal.status if refusal else 422 if form.errors else 200
    return render(request, "scoring/carrying/page.html", {"form": form, "refusal": refusal}, status=status)


@staff
@require_safe
def carried_receipts(request: HttpRequest, carried: str) -> HttpResponse:
    """What became of a file, for whoever handed it in; with `?file=1` the receipts to carry back."""
    kept = cache.get(_name(carried))
    if kept is None or kept["by"] != user_of(request).pk:
        messages.info(request, "这份回执已经看不到了，请把原来的文件再交一次。")
        return redirect("carried")
    if request.GET.get("file"):
        return attachment(kept["receipts"], f"{kept['village']}{kept['month']}回执.dkr", private=True)
    return render(request, "scoring/carrying/receipts.html", {"done": kept, "carried": carried})


def _kept(done: HandedIn, request: HttpRequest) -> str:
    token = token_urlsafe(16)
    kept = asdict(done) | {"receipts": done.receipts.decode(), "by": user_of(request).pk}
    cache.set(_name(token), kept, KEPT)
    return token


def _name(token: str) -> str:
    return f"carried:{token}"


def _too_large(_size: int) -> Any:
    return Refused("carried_file", "文件太大，不是台账页面存出来的。", fields={"file": "太大"}, status=413)
