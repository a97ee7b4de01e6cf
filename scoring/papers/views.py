"""Paper sheets: printing, keying in twice, settling what differs."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.forms import BaseFormSet, formset_factory
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from households.audience import division_in_scope, holders_of, user_of
from households.codes import Level, village_of
from households.fields import OnceForm
from households.files.answers import attachment, shown
from households.files.photos import made_anew
from households.models import Division
from households.permissions import Permission
from households.refusals import Refused
from scoring.batches.reads import VillagePeople, clauses_for, people_of
from scoring.models import PaperSheet
from scoring.papers import paper as papers
from scoring.papers.actions import both, key_in, print_paper, settle
from scoring.papers.forms import ROWS, PaperPhotoForm, PaperRowForm
from scoring.papers.rules import PaperRow, differences
from scoring.sheets.reads import only_village, place_in_reach

recording = holders_of(Permission.RECORD_EVENT)
Rows = formset_factory(PaperRowForm, extra=ROWS, max_num=ROWS)


@recording
@require_safe
def paper_list(request: HttpRequest, month: str) -> HttpResponse:
    """The groups to print a sheet for, and the papers of the month with what is to be done about each."""
    user = user_of(request)
    if not user.works_in_village:
        raise Http404
    place = place_in_reach(user, request.GET.get("village") or only_village(user), month)
    own = PaperSheet.objects.within(user.scope).filter(period=month, group__in=place.groups)
    own = own.select_related("group", "printed_by", "first_by", "second_by").defer("photo")
    context = {
        "month": month,
        "place": place,
        "village": place.village,
        "groups": [group for group in place.groups if user.scope.covers(group.code)],
        "papers": list(own[:100]),
    }
    return render(request, "scoring/papers/list.html", context)


@recording
@require_POST
def paper_print(request: HttpRequest, month: str, group: str) -> HttpResponse:
    """A new blank sheet of the group."""
    user = user_of(request)
    place = division_in_scope(user, group, Level.GROUP)
    made = print_paper(month=month, group=place, by=user)
    people = _people(made, request)
    village = Division.objects.get(code=village_of(group))
    data = papers.pdf(made, f"{village.name}{place.name}", people.households, clauses_for(month, user))
    return attachment(data, f"{village.name}{place.name}{month}纸质台账.pdf", private=True)


@recording
@require_safe
def paper_by_token(request: HttpRequest, paper_token: str) -> HttpResponse:
    """Where the code on the paper leads."""
    found = PaperSheet.objects.within(user_of(request).scope).filter(token=paper_token).first()
    if found is None:
        raise Http404
    return redirect("paper", found.pk)


@recording
@require_http_methods(["GET", "HEAD", "POST"])
def paper(request: HttpRequest, sheet_no: int) -> HttpResponse:
    """One paper: keyed in by the first, by the second from the photo, then settled."""
    found = _paper_or_404(request, sheet_no)
    people, user = _people(found, request), user_of(request)
    keys = found.second is None and found.first_by_id != user.pk
    first = found.first is None
    posted = request.method == "POST" and keys
    form = _once(request, first=first, posted=posted)
    rows = Rows(request.POST if posted else None, form_kwargs={"clauses": clauses_for(found.period_id, user)})
    refusal = None
    if posted and form.is_valid() and rows.is_valid():
        try:
            keyed = _keyed(rows, found, people, request)
            if all(not row.errors for row in rows.forms):
                return _key(request, found, keyed, form)
        except Refused as refused:
            refusal = refused
    context = _context(found, people) | {
        "keys": keys,
        "first": first,
        "form": form,
        "rows": rows,
        "settles": found.second is not None
        and not found.batch_id
        and user.pk in (found.first_by_id, found.second_by_id),
        "once": OnceForm(initial={"op_id": uuid4()}),
        "refusal": refusal,
    }
    status = refusal.status if refusal else 422 if posted else 200
    return render(request, "scoring/papers/page.html", context, status=status)


@recording
@require_POST
def paper_settle(request: HttpRequest, sheet_no: int) -> HttpResponse:
    """Write what both read, and what was chosen of each difference."""
    found, form = _paper_or_404(request, sheet_no), OnceForm(request.POST)
    first, second = both(found)
    choices = [request.POST.get(f"choice-{at}", "") for at in range(len(differences(first, second)))]
    try:
        if not form.is_valid():
            raise Refused("form", "提交的内容不完整，没有生效。")
        answer = settle(op_id=form.cleaned_data["op_id"], paper=found.pk, choices=choices, by=user_of(request))
    except Refused as refusal:
        messages.error(request, refusal.sentence)
        return redirect("paper", found.pk)
    messages.success(request, f"已登记 {answer['added']} 条。")
    return redirect("batch", found.period_id, answer["batch"])


@recording
@require_safe
def paper_photo(request: HttpRequest, sheet_no: int) -> HttpResponse:
    """The photo, for those who key it in."""
    found = _paper_or_404(request, sheet_no)
    if found.photo is None:
        raise Http404
    return shown(bytes(found.photo), f"纸质台账-{found.token}.jpg", private=True)


def _once(request: HttpRequest, *, first: bool, posted: bool) -> OnceForm:
    kind = PaperPhotoForm if first else OnceForm
    return kind(request.POST, request.FILES) if posted else kind(initial={"op_id": uuid4()})


def _keyed(
    rows: "BaseFormSet[PaperRowForm]", found: PaperSheet, people: VillagePeople, request: HttpRequest
) -> list[PaperRow]:
    read = [form.row(found.period_id, people, user_of(request)) for form in rows.forms]
    return [row for row in read if row]


def _key(request: HttpRequest, found: PaperSheet, rows: list[PaperRow], form: OnceForm) -> HttpResponse:
    upload = form.cleaned_data.get("photo")
    photo = made_anew(upload) if upload else b""
    op_id = form.cleaned_data["op_id"]
    answer = key_in(op_id=op_id, paper=found.pk, rows=rows, photo=photo, by=user_of(request))
    told = {-1: "已录入，请另一个人对着照片再录一遍。", 0: "两遍一样，可以登记了。"}
    messages.success(request, told.get(answer["differ"], f"两遍有 {answer['differ']} 处不同，请逐处选好。"))
    return redirect("paper", found.pk)


def _context(found: PaperSheet, people: VillagePeople) -> dict[str, Any]:
    first, second = both(found)
    settled = found.second is not None
    return {
        "one": found,
        "month": found.period_id,
        "differences": [
            (at, _words(one.first, people), _words(one.second, people))
            for at, one in enumerate(differences(first, second) if settled else [])
        ],
        "agreed": len(first) if settled else 0,
    }


def _words(row: PaperRow | None, people: VillagePeople) -> str:
    """One row as it is read aloud; a person who has read nothing says nothing."""
    if row is None:
        return "没有这一行"
    code, day, clause, document, note = row
    return "，".join(
        part for part in (f"{people.name(code)} {code[-4:]}", clause, day[8:] + "日", document, note) if part
    )


def _people(found: PaperSheet, request: HttpRequest) -> VillagePeople:
    """The households of the paper's group."""
    village = Division.objects.get(code=village_of(found.group_id))
    people = people_of(village, found.period_id, user_of(request))
    inside = [one for one in people.households if one.code.startswith(found.group_id)]
    return replace(people, households=inside)


def _paper_or_404(request: HttpRequest, number: int) -> PaperSheet:
    if not user_of(request).works_in_village:
        raise Http404
    inside = PaperSheet.objects.within(user_of(request).scope).filter(pk=number)
    found = inside.select_related("group", "printed_by", "first_by", "second_by", "batch").first()
    if found is None:
        raise Http404
    return found
