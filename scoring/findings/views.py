"""Findings: a department's own list, filing one, one of them with what may be done about it."""

from collections.abc import Callable
from uuid import uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from households.audience import holders_of, user_of
from households.codes import Level, is_level
from households.operations import Answer
from households.permissions import Permission, may
from households.refusals import Refused
from households.register.places import names_of
from scoring.findings.actions import answering, filing
from scoring.findings.forms import FindingForm, FindingWordsForm
from scoring.findings.reads import clauses_of, findings_of, lines_of, recorded_directly, waiting_for
from scoring.models import Finding
from scoring.months.months import begun
from scoring.restatements.forms import FindPlaceForm, PlaceForm
from scoring.restatements.places import places_found

PER_PAGE = 50
INCOMPLETE = Refused("form", "提交的内容不完整，没有生效。", hint="请按提示补全。", status=422)
seeing = holders_of(Permission.SEE_FINDINGS)
filers = holders_of(Permission.FILE_FINDING)


@seeing
@require_safe
def findings(request: HttpRequest) -> HttpResponse:
    """What waits for the reader, then all; of a department also what it wrote on sheets itself."""
    user = user_of(request)
    mine = list(waiting_for(user).whole()[:PER_PAGE])
    rest = findings_of(user).exclude(pk__in=[one.pk for one in mine])
    page = Paginator(rest, PER_PAGE).get_page(request.GET.get("page"))
    lines = lines_of([*mine, *page.object_list], user)
    files = may(user, Permission.FILE_FINDING)
    context = {
        "mine": lines[: len(mine)],
        "lines": lines[len(mine) :],
        "page": page,
        "files": files,
        "direct": list(recorded_directly(user)[:PER_PAGE]) if files else [],
    }
    return render(request, "scoring/findings/list.html", context)


@filers
@require_http_methods(["GET", "HEAD", "POST"])
def finding_new(request: HttpRequest) -> HttpResponse:
    """`?month=&code=` of a household or division; without it, the search for one."""
    place = PlaceForm(request.GET)
    if not place.is_valid():
        return _find(request)
    month, code, user = place.cleaned_data["month"], place.cleaned_data["code"], user_of(request)
    if not user.scope.covers(code):
        raise Http404
    begun(month, code)
    posted = request.method == "POST"
    form = FindingForm(clauses_of(user, month, code), request.POST if posted else None, initial={"op_id": uuid4()})
    refusal = None
    if posted and form.is_valid():
        try:
            return _file(request, form, code)
        except Refused as refused:
            refusal = refused
    context = {"form": form, "month": month, "code": code, "place": names_of([code])[code], "refusal": refusal}
    status = refusal.status if refusal else 422 if form.errors else 200
    return render(request, "scoring/findings/new.html", context, status=status)


def _find(request: HttpRequest) -> HttpResponse:
    form = FindPlaceForm(request.GET if "words" in request.GET else None, initial={"month": request.GET.get("month")})
    found = places_found(form.cleaned_data["words"], user_of(request)) if form.is_valid() else None
    return render(request, "scoring/findings/place.html", {"form": form, "found": found})


def _file(request: HttpRequest, form: FindingForm, code: str) -> HttpResponse:
    given = dict(form.cleaned_data)
    op_id = given.pop("op_id")
    raw = {**given, "household" if is_level(code, Level.HOUSEHOLD) else "division": code, "date": str(given["date"])}
    answer = filing.file(op_id=op_id, raw=raw, by=user_of(request))
    told = "已经记到台账上，等第二人确认。" if answer["event"] else "这个月已经申报：已经转给村里说明、乡镇更正。"
    messages.success(request, told)
    return redirect("finding", answer["id"])


@seeing
@require_safe
def finding(request: HttpRequest, finding: int) -> HttpResponse:
    """One finding: what it says, what became of it, and what the reader may do."""
    return _show(request, _finding_or_404(request, finding))


@filers
@require_POST
def finding_withdraw(request: HttpRequest, finding: int) -> HttpResponse:
    """Its department takes it back."""

    def act(words: str, **given: object) -> Answer:
        return filing.withdraw(reason=words, **given)  # type: ignore[arg-type]

    return _step(request, finding, act, "已撤回。")


@holders_of(Permission.DECLARE)
@require_POST
def finding_explain(request: HttpRequest, finding: int) -> HttpResponse:
    """The village says why its declaration stands."""
    return _step(request, finding, answering.explain, "已记下，乡镇审核时看得到。")


@holders_of(Permission.ASK_RESTATEMENT)
@require_POST
def finding_decline(request: HttpRequest, finding: int) -> HttpResponse:
    """The township asks for no correction."""
    return _step(request, finding, answering.decline, "已记下，部门看得到原因。")


@holders_of(Permission.ASK_RESTATEMENT)
@require_POST
def finding_correct(request: HttpRequest, finding: int) -> HttpResponse:
    """The township asks for a correction."""
    return _step(request, finding, answering.correct, "已经申请更正，等县六零办决定。")


def _step(request: HttpRequest, number: int, act: Callable[..., Answer], told: str) -> HttpResponse:
    found, form = _finding_or_404(request, number), FindingWordsForm(request.POST)
    if not form.is_valid():
        return _show(request, found, INCOMPLETE)
    try:
        act(finding=found.pk, by=user_of(request), **form.cleaned_data)
    except Refused as refusal:
        return _show(request, _finding_or_404(request, number), refusal)
    messages.success(request, told)
    return redirect("finding", found.pk)


def _show(request: HttpRequest, found: Finding, refusal: Refused | None = None) -> HttpResponse:
    [line] = lines_of([found], user_of(request))
    acts = [
        (line.explains, "finding-explain", "说明", "为什么申报不改", "说明以后乡镇才能审核，说明一直保留。"),
        (line.corrects, "finding-correct", "申请更正", "为什么要更正", "县六零办同意后，各级结果重新计算。"),
        (line.declines, "finding-decline", "不更正", "为什么不更正", "部门会看到原因。"),
        (line.withdraws, "finding-withdraw", "撤回", "撤回的原因", "台账上的这一条一并撤回。"),
    ]
    forms = [
        (name, label, words, hint, FindingWordsForm(initial={"op_id": uuid4()}, auto_id=f"{name}-%s"))
        for may_do, name, label, words, hint in acts
        if may_do
    ]
    context = {"line": line, "one": found, "forms": forms, "refusal": refusal}
    return render(request, "scoring/findings/page.html", context, status=refusal.status if refusal else 200)


def _finding_or_404(request: HttpRequest, number: int) -> Finding:
    found = findings_of(user_of(request)).filter(pk=number).first()
    if found is None:
        raise Http404
    return found
