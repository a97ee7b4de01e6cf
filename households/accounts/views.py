"""Signing in and out, one's own password, and the system admin's list of accounts."""

from functools import partial
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from households import attempts
from households.accounts import lockout, signing_in
from households.accounts.actions import accounts, sessions
from households.accounts.coming_in import THROUGH_PROVIDER, come_in, note_session
from households.accounts.forms import ChangePasswordForm, CreateUserForm, FindUserForm, SignInForm
from households.accounts.passwords import one_time_password
from households.accounts.reads import accounts_within, bound, matching
from households.accounts.sheet import TABLE, table_rows
from households.accounts.views_second_factor import ask_for_code
from households.audience import holders_of, public, signed_in, user_of
from households.confirming import own_password
from households.confirming.actions import has_factor
from households.confirming.views import with_password
from households.files.answers import table
from households.models import User
from households.permissions import Permission
from households.refusals import Refused

PER_PAGE = 50
PASSWORD_PAGE = "households/accounts/change_password.html"  # noqa: S105  # a template
WRONG = "账号或密码不对。"
LIMIT_HINT = "连续错 5 次，账号会锁定 15 分钟。忘记密码请找系统管理员。"


@public
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for user name and password; five failures lock the account for a while (django-axes)."""
    if request.user.is_authenticated:
        return HttpResponseRedirect(onward_of(request))
    form = SignInForm(request.POST or None)
    refusal = None
    if form.is_valid():
        try:
            user = signing_in.look(request, **form.cleaned_data)
            refusal = _refusal_of(request, user)
        except Refused as busy:
            refusal = busy
        else:
            if user is not None and refusal is None:
                onward = onward_of(request)
                if has_factor(user):
                    return ask_for_code(request, user, onward)
                return come_in(request, user, onward, with_code=False)
    context = {"form": form, "refusal": refusal, "next": onward_of(request)}
    status = 429 if refusal and refusal.code == "busy" else 200
    return render(request, "households/accounts/sign_in.html", context, status=status)


def _refusal_of(request: HttpRequest, user: User | None) -> Refused | None:
    if user is None:
        attempts.note_failure(signing_in.TRIES, request)
        return Refused("sign_in_failed", WRONG, hint=LIMIT_HINT)
    if signing_in.is_expired(user):
        return Refused("one_time_expired", "这个一次性密码已经过期。", hint="请找本县的系统管理员换一个。")
    return None


def onward_of(request: HttpRequest) -> str:
    """Where the person wanted to go, if that is a page of ours."""
    wanted = request.POST.get("next") or request.GET.get("next") or "/"
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if ours else "/"


def locked_out(request: HttpRequest, _answer: HttpResponse | None, credentials: dict[str, str] | None) -> HttpResponse:
    """AXES_LOCKOUT_CALLABLE: the answer instead of any other while an account is locked."""
    address = getattr(request, "axes_ip_address", None)
    minutes = lockout.minutes_left(lockout.counted_name(request, credentials), address)
    reason = f"密码连续错了 5 次，账号已锁定，请 {minutes} 分钟后再试。"
    if request.path_info.startswith("/api/"):
        answer: HttpResponse = JsonResponse({"code": "locked_out", "detail": reason, "fields": {}}, status=429)
    else:
        answer = render(request, "households/accounts/locked_out.html", {"minutes": minutes}, status=429)
    answer["Retry-After"] = str(minutes * 60)
    return answer


@signed_in
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session of this browser. Tokens that other systems use go on: they stand in the list of sign-ins."""
    accounts.note_sign_out(by=user_of(request))
    sessions.forget(key=str(request.session.session_key))
    through = settings.OIDC is not None and request.session.get(THROUGH_PROVIDER)
    logout(request)
    return redirect("oidc-left" if through else "home")


@signed_in
@sensitive_post_parameters("current", "password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def change_password(request: HttpRequest) -> HttpResponse:
    """One's own password; demanded at the first sign-in."""
    user = user_of(request)
    form = ChangePasswordForm(user, partial(own_password.is_own, request), request.POST or None)
    try:
        valid = form.is_valid()
    except Refused as busy:
        return render(request, PASSWORD_PAGE, {"form": form, "refusal": busy}, status=busy.status)
    if not request.user.is_authenticated:
        return redirect("sign-in")
    if valid:
        try:
            accounts.change_password(user=user, password=form.cleaned_data["password"], by=user)
        except Refused as refusal:
            form.add_error("password", refusal.sentence)
        else:
            update_session_auth_hash(request, user)
            note_session(request, user)
            messages.success(request, "密码已修改，下次请用新密码登录。")
            return redirect("home")
    return render(request, PASSWORD_PAGE, {"form": form})


@holders_of(Permission.MANAGE_ACCOUNTS)
@require_safe
def users(request: HttpRequest) -> HttpResponse:
    """The accounts that the system admin looks after."""
    return render(
        request, "households/accounts/list.html", found_page(request, accounts_within(user_of(request).scope))
    )


@holders_of(Permission.MANAGE_ACCOUNTS)
@require_safe
def users_table(request: HttpRequest) -> HttpResponse:
    """The same accounts as a workbook, with their telephones: a list for calling and for the file."""
    user = user_of(request)
    found = found_accounts(FindUserForm(request.GET), accounts_within(user.scope))
    return table("xlsx", TABLE, table_rows(found), name="账号", title="账号")


@holders_of(Permission.MANAGE_ACCOUNTS)
@require_http_methods(["GET", "HEAD", "POST"])
@with_password
def create_user(request: HttpRequest) -> HttpResponse:
    """A new account; its one-time password is shown on the answer and nowhere else."""
    admin = user_of(request)
    form = CreateUserForm(admin.scope, request.POST or None)
    if form.is_valid():
        password = one_time_password()
        try:
            user = accounts.create_user(**form.cleaned_data, password=password, by=admin)
        except Refused as refusal:
            refusal.say_in(form)
        else:
            return show_once(request, user, password, "账号已建立")
    return render(request, "households/accounts/create.html", {"form": form})


@holders_of(Permission.MANAGE_ACCOUNTS)
@require_POST
@with_password
def new_password(request: HttpRequest, user_id: int) -> HttpResponse:
    """A new one-time password for somebody who forgot theirs."""
    user = account_or_404(request, user_id)
    password = one_time_password()
    accounts.set_password(user=user, password=password, by=user_of(request))
    return show_once(request, user, password, "已换成一次性密码")


@holders_of(Permission.MANAGE_ACCOUNTS)
@require_POST
@with_password
def close_user(request: HttpRequest, user_id: int) -> HttpResponse:
    """Close an account; its sessions end at once, for good."""
    user = account_or_404(request, user_id)
    accounts.deactivate_user(user=user, by=user_of(request))
    messages.success(request, f"账号{user.username}已停用，正在用它的浏览器和令牌都已退出。")
    return redirect("users")


@holders_of(Permission.MANAGE_ACCOUNTS)
@require_POST
@with_password
def reopen_user(request: HttpRequest, user_id: int) -> HttpResponse:
    """Open a closed account again; it signs in anew."""
    user = account_or_404(request, user_id)
    accounts.activate_user(user=user, by=user_of(request))
    messages.success(request, f"账号{user.username}已启用。")
    return redirect("users")


def found_page(request: HttpRequest, among: QuerySet[User]) -> dict[str, Any]:
    """What lists of accounts show: the search, a page of those it finds, and who of them is locked out."""
    form = FindUserForm(request.GET)
    found = found_accounts(form, among)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    locked = lockout.locked_out(user.username for user in page)
    return {"form": form, "page": page, "locked": locked, "bound": bound(page)}


def found_accounts(form: FindUserForm, among: QuerySet[User]) -> QuerySet[User]:
    """What the filter above the list leaves, in its order."""
    wanted = form.cleaned_data if form.is_valid() else {"words": "", "role": "", "state": ""}
    return matching(among, wanted["words"], wanted["role"], wanted["state"]).order_by("role", "username")


def account_or_404(request: HttpRequest, user_id: int) -> User:
    """One of the accounts that the admin looks after."""
    user = accounts_within(user_of(request).scope).filter(pk=user_id).first()
    if user is None:
        raise Http404
    return user


def show_once(request: HttpRequest, user: User, password: str, heading: str) -> HttpResponse:
    """The page with a one-time password: this answer alone."""
    context = {"account": user, "password": password, "heading": heading}
    return render(request, "households/accounts/one_time_password.html", context)
