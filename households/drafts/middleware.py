"""A form that was not taken loses nothing of what was typed into it, whichever form it was (ADR 29).

Its session had run out, its token had become old, or it was refused on a page that does not show it: the text is kept for
whoever wrote it, who is led back to the page and finds it there.
"""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import resolve_url
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve, reverse
from django.utils.cache import add_never_cache_headers

from households.drafts import kept, rules, rules_faults, writers
from households.drafts.kept import FormDraft
from households.operations import was_carried_out
from households.refusals import FAULTS
from households.sessions import cookie_name, renew_all

Handler = Callable[[HttpRequest], HttpResponse]
COOKIE = "dongkou_kept"
SIGN_OUT = "sign-out"
CLEARED = '"cache"'  # never "storage": what was not sent yet waits there (docs/adr/0038-what-rests-in-clear.md)
ACCOUNT = "account"
RAN_OUT = "离开太久，系统已经自动退出，刚才没有交上去。再进来一次，您写的内容还在。"
TAKEN_BEFORE = "这一份以前已经交上去了，不用再交。"
CHOICE_KEPT = "离开太久，系统已经自动退出，刚才没有交上去。再进来一次，会回到刚才那一页，您选的还在。"
NOTHING_KEPT = "离开太久，系统已经自动退出，刚才没有交上去。请再进来做一次。"


class Drafts:
    """Stands inside the layer of messages: what it says is shown on the next page.

    As the layer that knows pages as they are sent it also puts the faults of a page into the order of its fields.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path_info.startswith("/api/"):
            return response
        if request.method == "POST":
            response = _sent(request, response)
        elif request.method == "GET":
            response = _read(request, response)
        _put_faults_in_order(response)
        if getattr(response, "left", False) or _view_name(request) == SIGN_OUT:
            _leave(request, response)
        else:
            writers.note(request, response)
            renew_all(request, response)
        return response


def _sent(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The answer to a form, or in its place the way back to it."""
    if getattr(response, "csrf_failed", False):
        return _token_was_old(request, response)
    if _view_name(request) == SIGN_OUT:
        return response
    owner = _ran_out(request, response)
    if owner is not None:
        return _to_the_door(request, response, owner)
    if _is_page(response):
        _with_what_was_sent(request, response)
    return response


def _with_what_was_sent(request: HttpRequest, response: HttpResponse) -> None:
    """A page in answer to a form: what it does not show of the text goes into its form, or is kept for the page before."""
    files = list(request.FILES)
    html = _text(response)
    if not _is_lost(request, response):
        filled: str | None = rules.choose_again(html, files) if files else None
    else:
        fields = rules.typed(dict(request.POST.lists()))
        filled = rules.fill(html, page=request.path, action=request.path, fields=fields, files=files, note="")
        owners = writers.present(request) if filled is None else []
        if owners and _keep(request, response, owners[0]):
            filled = rules.beside(html, _note("refused", page=_page_of(request)))
    if filled is not None:
        response.content = filled.encode()
    if _faults(request):
        sent = dict(request.POST.lists())
        html = rules_faults.mark(
            _text(response), page=request.path, action=request.path, fields=sent, faults=_faults(request)
        )
        response.content = html.encode()


def _put_faults_in_order(response: HttpResponse) -> None:
    if _is_page(response) and b"data-fault" in response.content:
        response.content = rules_faults.in_order(_text(response)).encode()


def _faults(request: HttpRequest) -> dict[str, str]:
    """What an action found wrong with fields whose form the page did not show."""
    return getattr(request, FAULTS, {})


def _ran_out(request: HttpRequest, response: HttpResponse) -> str | None:
    """Whose session was over when the form came; empty when nobody knows whose, None when none was over."""
    over = getattr(response, "session_over", None)
    if over is None and is_sent_to_sign_in(request, response):
        over = ACCOUNT
    return writers.of_form(request, over) if over else None


def is_sent_to_sign_in(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether the answer is that somebody has to sign in first."""
    sign_in = resolve_url(settings.LOGIN_URL)
    return response.status_code == 302 and urlsplit(response["Location"]).path == sign_in != request.path


def _to_the_door(request: HttpRequest, response: HttpResponse, owner: str) -> HttpResponse:
    """To where the writer comes in again, told what happened; a piece of a page is replaced by the door as a whole."""
    page = _page_of(request)
    door = urlsplit(response["Location"]).path
    is_account = door == resolve_url(settings.LOGIN_URL)
    answer: HttpResponse = redirect_to_login(page, door) if is_account else HttpResponseRedirect(door)
    if request.headers.get("HX-Request"):
        answer = HttpResponse(headers={"HX-Redirect": answer["Location"]})
    has_kept = bool(owner) and _keep(request, answer, owner)
    written = rules.words(rules.typed(dict(request.POST.lists())))
    messages.warning(request, NOTHING_KEPT if not has_kept else RAN_OUT if written else CHOICE_KEPT)
    return answer


def _token_was_old(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The form stood open while its writer came in anew elsewhere, or the browser lost its cookie.

    What another site sent is kept for nobody. A form for everybody comes back at once, filled in; one of an account only for
    the account that it was made for.
    """
    if not _came_from_us(request):
        return response
    match = request.resolver_match
    if match and getattr(match.func, "login_required", True):
        owner = writers.of_form(request, ACCOUNT)
        if not owner:
            return response
        if owner in writers.present(request):
            return _back_to_the_page(request, owner)
        return _to_the_door(request, HttpResponseRedirect(resolve_url(settings.LOGIN_URL)), owner)
    return _again(request, response)


def _back_to_the_page(request: HttpRequest, owner: str) -> HttpResponse:
    page = _page_of(request)
    answer: HttpResponse = HttpResponseRedirect(page)
    if request.headers.get("HX-Request"):
        answer = HttpResponse(headers={"HX-Redirect": page})
    _keep(request, answer, owner)
    return answer


def _again(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The same address as somebody opens it, with what was typed: nothing needs to be kept for that."""
    match, sent, files = request.resolver_match, request.POST, list(request.FILES)
    if match is None:
        return response
    if was_carried_out(
        sent.get("op_id", "")
    ):  # sent again by Back: the next person on this telephone reads nothing of it
        messages.info(request, TAKEN_BEFORE)
        return HttpResponseRedirect(request.get_full_path())
    request.method = "GET"
    request.POST = QueryDict()
    try:
        page = match.func(request, *match.args, **match.kwargs)
    finally:
        request.method = "POST"
        request.POST = sent
    owner = _ran_out(request, page)
    if owner is not None:
        return _to_the_door(request, page, owner)
    if page.status_code == 405:  # a button without a page of its own
        return response
    if not _is_page(page):
        return page
    html, fields = _text(page), rules.typed(dict(sent.lists()))
    path, note = request.path, _note("old")
    filled = rules.fill(html, page=path, action=path, fields=fields, files=files, note=note)
    page.content, page.status_code = (filled or rules.beside(html, _note("again"))).encode(), 422
    return page


def _read(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """A page for whom something was kept: with it, when its form stands there; otherwise the way to the page that has it."""
    if request.headers.get("HX-Request"):
        to_sign_in = is_sent_to_sign_in(request, response)
        return HttpResponse(headers={"HX-Redirect": response["Location"]}) if to_sign_in else response
    number = request.COOKIES.get(cookie_name(COOKIE), "")
    if not number or response.status_code != 200 or not _is_page(response):
        return response
    draft = kept.find(number)
    if draft is None:
        response.delete_cookie(cookie_name(COOKIE), samesite="Lax")
        return response
    if draft.owner not in writers.present(request):
        return response
    html = _with_draft(_text(response), request.path, draft)
    if html is None:
        kept.note_led(number, draft)
        return HttpResponseRedirect(draft.page)
    response.content = html.encode()
    add_never_cache_headers(response)  # the page may be one for everybody, with this in it it is not
    kept.drop(number)
    response.delete_cookie(cookie_name(COOKIE), samesite="Lax")
    return response


def _with_draft(html: str, path: str, draft: FormDraft) -> str | None:
    """The page with the draft in its form, or beside it where there is no form for it and nowhere else to go."""
    words = rules.words(draft.fields)
    note = _note("filled" if words else "chosen")
    filled = rules.fill(html, page=path, action=draft.action, fields=draft.fields, files=draft.files, note=note)
    if filled is not None:
        return rules_faults.mark(filled, page=path, action=draft.action, fields=draft.fields, faults=draft.faults)
    if draft.led or path == urlsplit(draft.page).path:
        return rules.beside(html, _note("beside", words=words)) if words else html
    return None


def _note(how: str, **more: object) -> str:
    return render_to_string("households/drafts/note.html", {"how": how, **more})


def _keep(request: HttpRequest, response: HttpResponse, owner: str) -> bool:
    """Keep what was typed and chosen for `owner`; False when there is nothing."""
    fields = rules.typed(dict(request.POST.lists()))
    faults = _faults(request)
    if not fields and not faults:
        return False
    fields = {name: [""] for name in faults} | fields
    number = kept.keep(FormDraft(owner, _page_of(request), request.path, fields, list(request.FILES), faults))
    if not number:
        return False
    kept.drop(request.COOKIES.get(cookie_name(COOKIE), ""))
    secure = bool(settings.SESSION_COOKIE_SECURE)
    name, life = cookie_name(COOKIE), kept.SECONDS
    response.set_cookie(name, number, max_age=life, secure=secure, httponly=True, samesite="Lax")
    return True


def _leave(request: HttpRequest, response: HttpResponse) -> None:
    kept.drop(request.COOKIES.get(cookie_name(COOKIE), ""))
    response.delete_cookie(cookie_name(COOKIE), samesite="Lax")
    writers.forget(response)
    response["Clear-Site-Data"] = CLEARED


def _is_lost(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether a form was refused by a page that does not hold what was typed into it."""
    if not 400 <= response.status_code < 500 and response.status_code != 503:  # 503: there was no room for its files
        return False
    words = rules.words(rules.typed(dict(request.POST.lists())))
    html = _text(response)
    return any(not rules.stands_in(html, word) for word in words)


def _page_of(request: HttpRequest) -> str:
    """Where the form stood, as far as the browser says so; otherwise where it was sent."""
    told = urlsplit(request.headers.get("HX-Current-URL") or request.headers.get("Referer", ""))
    if told.netloc == request.get_host() and told.path != reverse("sign-in"):
        try:
            resolve(told.path)
        except Resolver404:
            return request.get_full_path()
        return f"{told.path}?{told.query}" if told.query else told.path
    return request.get_full_path()


def _came_from_us(request: HttpRequest) -> bool:
    ours = f"{request.scheme}://{request.get_host()}"
    origin = request.headers.get("Origin")
    return origin == ours if origin else request.headers.get("Referer", "").startswith(f"{ours}/")


def _is_page(response: HttpResponse) -> bool:
    is_html = str(response.get("Content-Type", "")).startswith("text/html")
    return is_html and not response.streaming and response.status_code not in (301, 302, 303, 304)


def _text(response: HttpResponse) -> str:
    return response.content.decode(response.charset or "utf-8")


def _view_name(request: HttpRequest) -> str:
    match = request.resolver_match
    return (match.url_name or "") if match else ""
