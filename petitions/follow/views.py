"""Where people follow what they filed: by number and code, or on their household's page. No staff session has a part in it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from households.audience import public, unlisted
from households.fields import faults_of, row_id
from households.files.answers import attachment
from households.models import Plate
from households.outbox import reads as outbox
from households.plates.audience import of_household
from households.refusals import Refused
from households.sessions import leave, ran_out
from petitions.erasing import actions as erasing
from petitions.erasing import rules as erasing_rules
from petitions.filing import household_page
from petitions.filing import sessions as follow_sessions
from petitions.filing.downloads import file_answer
from petitions.filing.uploads import papers
from petitions.follow import archive
from petitions.follow import page as follow_page
from petitions.follow.actions import rate_all, supplement_with_papers
from petitions.follow.forms import FilerForm, FilerWords, FollowForm, RateForm
from petitions.follow.opening import follow
from petitions.letters import letters
from petitions.models import Petition, Promise, RatedSubject, Score
from petitions.promises.actions import promises
from petitions.publishing import actions as publishing
from petitions.steps import closing


@dataclass(frozen=True, slots=True)
class FollowedPetition:
    """A filer in front of their petition: by the code when `token` is empty, else on their household's page."""

    petition: Petition
    token: str = ""

    def url(self, page: str = "", *parts: object) -> str:
        """The address of the petition's page, or of one that belongs to it: act, file, copy."""
        name = f"-{page}" if page else ""
        if not self.token:
            return reverse(f"petition-follow{name}", args=parts)
        return reverse(f"household-petition{name}", args=[self.token, self.petition.number, *parts])


@public
@unlisted
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def petition_follow(request: HttpRequest) -> HttpResponse:
    """Number and code open the petition for half an hour; with a session it is shown."""
    if request.method == "POST":
        return _enter(request)
    petition = follow_sessions.petition_in_session(request)
    if petition is not None:
        return _page(request, FollowedPetition(petition))
    return render(request, "petitions/follow/opening.html", {"form": FollowForm()})


@public
@unlisted
@require_POST
def petition_follow_leave(request: HttpRequest) -> HttpResponse:
    """End every session of this device; the answer is the same whether there was one or not."""
    response = redirect("petition-follow")
    leave(request, response)
    return response


@public
@unlisted
@sensitive_post_parameters("note")
@require_POST
def petition_follow_act(request: HttpRequest, act: str) -> HttpResponse:
    """One of the filer's steps; without a session to the door."""
    petition = follow_sessions.petition_in_session(request)
    if petition is None:
        return ran_out(redirect("petition-follow"), follow_sessions.FOLLOWING)
    return _act(request, FollowedPetition(petition), act)


@public
@unlisted
@require_safe
def petition_follow_file(request: HttpRequest, file: int) -> HttpResponse:
    """One of the petition's files, for its filer."""
    petition = follow_sessions.petition_in_session(request)
    return file_answer(petition, file) if petition else redirect("petition-follow")


@public
@unlisted
@require_safe
def petition_follow_copy(request: HttpRequest) -> HttpResponse:
    """Everything the filer may read, as a text file to keep."""
    petition = follow_sessions.petition_in_session(request)
    return _copy(petition) if petition else redirect("petition-follow")


@of_household
@require_safe
def household_petition_copy(request: HttpRequest, plate: Plate, number: str) -> HttpResponse:
    """The same on the household's page."""
    return _copy(_followed(plate, number).petition)


@public
@unlisted
@require_safe
def petition_follow_archive(request: HttpRequest) -> HttpResponse:
    """All of it in one file: to read, for a program, letters, photos and files."""
    petition = follow_sessions.petition_in_session(request)
    return _archive(petition) if petition else redirect("petition-follow")


@of_household
@require_safe
def household_petition_archive(request: HttpRequest, plate: Plate, number: str) -> HttpResponse:
    """The same on the household's page."""
    return _archive(_followed(plate, number).petition)


@of_household
@require_safe
def household_petition(request: HttpRequest, plate: Plate, number: str) -> HttpResponse:
    """One that the household filed with a name, or that was filed for it; 404 for every other one."""
    return _page(request, _followed(plate, number))


@of_household
@sensitive_post_parameters("note")
@require_POST
def household_petition_act(request: HttpRequest, plate: Plate, number: str, act: str) -> HttpResponse:
    """One of the filer's steps."""
    return _act(request, _followed(plate, number), act)


@of_household
@require_safe
def household_petition_file(request: HttpRequest, plate: Plate, number: str, file: int) -> HttpResponse:
    """One of the petition's files."""
    return file_answer(_followed(plate, number).petition, file)


def _copy(petition: Petition) -> HttpResponse:
    return attachment(archive.text_of(follow_page.page_of(petition)), f"{petition.number}.txt")


def _archive(petition: Petition) -> HttpResponse:
    return attachment(archive.archive(petition), f"{petition.number}.zip", private=True)


def _enter(request: HttpRequest) -> HttpResponse:
    form = FollowForm(request.POST)
    if not form.is_valid():
        return render(request, "petitions/follow/opening.html", {"form": form}, status=422)
    try:
        petition = follow(number=form.cleaned_data["number"], code=form.cleaned_data["code"], request=request)
    except Refused as refusal:
        return render(
            request, "petitions/follow/opening.html", {"form": form, "refusal": refusal}, status=refusal.status
        )
    response = redirect("petition-follow")
    follow_sessions.open_session(request, response, petition)
    return response


def _followed(plate: Plate, number: str) -> FollowedPetition:
    found = household_page.of_household(plate).filter(number=number)
    petition = found.select_related("place__parent", "merged_into", "public_wish").first()
    if petition is None:
        raise Http404
    return FollowedPetition(petition, plate.token)


def _page(request: HttpRequest, followed: FollowedPetition, refusal: Refused | None = None) -> HttpResponse:
    page = follow_page.page_of(followed.petition)
    context = {
        "page": page,
        "petition": followed.petition,
        "token": followed.token,
        "copy": followed.url("copy"),
        "archive": followed.url("archive"),
        "promises": Promise.objects.of(followed.petition, timezone.localdate()),
        "erasing": erasing_rules.for_filer(followed.petition),
        "scores": Score.choices,
        "acts": {name: followed.url("act", name) for name in ACTS},
        "chapters": [(chapter, followed.url("act", chapter.act)) for chapter in page.chapters],
        "letters": [(name, followed.url("letter", seq)) for seq, name in letters.offered(followed.petition)],
        "files": [(file, followed.url("file", file.pk)) for file in page.attachments if file.by_id is None],
        "answer_files": [(file, followed.url("file", file.pk)) for file in page.attachments if file.by_id],
        "said": outbox.of_petition(followed.petition.number),
        "refusal": refusal,
    }
    return render(request, "petitions/follow/page.html", context, status=refusal.status if refusal else 200)


def _act(request: HttpRequest, followed: FollowedPetition, act: str) -> HttpResponse:
    if act not in ACTS:
        raise Http404
    step, done = ACTS[act]
    try:
        step(request, followed.petition)
    except Refused as refusal:
        followed.petition.refresh_from_db(fields=["state", "seq", "paused", "due_on"])
        return _page(request, followed, refusal)
    messages.success(request, done)
    return redirect(followed.url())


def _given(request: HttpRequest) -> FilerWords:
    form = FilerForm(request.POST, request.FILES)
    if not form.is_valid():
        words = ("提交的内容不完整，没有保存。", "请重新打开这一页再试。")
        raise Refused("form", words[0], hint=words[1], fields=faults_of(form), status=400)
    return form.words()


def _noted(action: Callable[..., Petition]) -> Callable[[HttpRequest, Petition], None]:
    """The step of an action that takes the filer's words alone."""

    def step(request: HttpRequest, petition: Petition) -> None:
        given = _given(request)
        action(op_id=given.op_id, petition=petition, note=given.note)

    return step


def _supplement(request: HttpRequest, petition: Petition) -> None:
    given = _given(request)
    made = papers(given.files)
    supplement_with_papers(op_id=given.op_id, petition=petition, note=given.note, papers=made)


def _wish(*, allowed: bool) -> Callable[[HttpRequest, Petition], None]:
    """The filer's word on whether their petition may stand in the public list."""

    def step(request: HttpRequest, petition: Petition) -> None:
        publishing.wish(op_id=_given(request).op_id, petition=petition, allowed=allowed)

    return step


def _rate(request: HttpRequest, petition: Petition) -> None:
    form = RateForm(request.POST)
    if not form.is_valid():
        raise Refused("form", "没有选好，没有保存。", hint="请重新打开这一页再试。", status=400)
    given = form.cleaned_data
    scores = {subject.value: given[subject.value] for subject in RatedSubject}
    rate_all(op_id=given["op_id"], petition=petition, scores=scores, comment=given["note"])


def _promise_fulfilled(request: HttpRequest, petition: Petition) -> None:
    given, number = _given(request), request.POST.get("number", "")
    known = Promise.objects.filter(petition=petition, number=row_id(number) or 0)
    found = known.select_related("petition__place").first()
    if found is None:
        raise Refused("not_found", "没有这项承诺。", hint="请重新打开这一页再试。", status=404)
    promises.confirm(op_id=given.op_id, promise=found, note=given.note)


ACTS: dict[str, tuple[Callable[[HttpRequest, Petition], None], str]] = {
    "confirm": (_noted(closing.confirm), "好的，记下了：已经解决。"),
    "reopen": (_noted(partial(closing.reopen, by=None)), "记下了：没有解决，退回重新办理。"),
    "ask_review": (_noted(partial(closing.ask_review, by=None)), "已经替您申请复查。"),
    "ask_final_review": (_noted(partial(closing.ask_final_review, by=None)), "已经替您申请复核。"),
    "withdraw": (_noted(closing.withdraw), "已经撤回。"),
    "ask_erasure": (_noted(erasing.ask_erasure), "申请收到了，信访局会在这里答复您。"),
    "supplement": (_supplement, "补充的情况收到了。"),
    "rate": (_rate, "谢谢您的评价。"),
    "keep_private": (_wish(allowed=False), "记下了：这件事不会放进公开列表。"),
    "allow_public": (_wish(allowed=True), "记下了：去掉姓名、电话、住址以后可以公开。"),
    "promise_kept": (_promise_fulfilled, "好的，记下了：承诺已经兑现。"),
}


_OWN = "h/<str:token>/petitions/<petition_number:number>/"
urlpatterns: list[URLPattern] = [
    path("petitions/follow/", petition_follow, name="petition-follow"),
    path("petitions/follow/leave/", petition_follow_leave, name="petition-follow-leave"),
    path("petitions/follow/copy/", petition_follow_copy, name="petition-follow-copy"),
    path("petitions/follow/archive/", petition_follow_archive, name="petition-follow-archive"),
    path("petitions/follow/do/<str:act>/", petition_follow_act, name="petition-follow-act"),
    path("petitions/follow/files/<int:file>/", petition_follow_file, name="petition-follow-file"),
    path(_OWN, household_petition, name="household-petition"),
    path(f"{_OWN}copy/", household_petition_copy, name="household-petition-copy"),
    path(f"{_OWN}archive/", household_petition_archive, name="household-petition-archive"),
    path(f"{_OWN}do/<str:act>/", household_petition_act, name="household-petition-act"),
    path(f"{_OWN}files/<int:file>/", household_petition_file, name="household-petition-file"),
]
