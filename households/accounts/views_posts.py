"""One account as a post: who holds it, who held it, correcting, moving and handing over; and everybody's own post."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from households.accounts.actions import posts, requests
from households.accounts.forms import SucceedForm
from households.accounts.forms_posts import CorrectForm, HandOverPostForm, MovePostForm
from households.accounts.passwords import one_time_password
from households.accounts.reads import accounts_within, bound, holders_of_post, tenure_of, tenures_of
from households.accounts.views import account_or_404, show_once
from households.audience import holders_of, signed_in, user_of
from households.confirming.views import with_password
from households.house.waiting import waiting_for
from households.models import User
from households.permissions import Permission
from households.refusals import Refused
from households.register.phones import read_kept

FORM_PAGE = "households/accounts/post_form.html"


@holders_of(Permission.MANAGE_ACCOUNTS)
@require_safe
def account(request: HttpRequest, user_id: int) -> HttpResponse:
    """One account: the person, the post and who held it before, and what can be done."""
    user = account_or_404(request, user_id)
    context = {
        "account": user,
        "phone": read_kept(user.phone),
        "bound": user.pk in bound([user]),
        "holders": holders_of_post(user),
        "tenures": tenures_of(user),
        "own": user.pk == user_of(request).pk,
    }
    return render(request, "households/accounts/account.html", context)


@holders_of(Permission.MANAGE_ACCOUNTS)
@require_http_methods(["GET", "HEAD", "POST"])
@with_password
def correct_account(request: HttpRequest, user_id: int) -> HttpResponse:
    """Another name or telephone of the same person."""
    user = account_or_404(request, user_id)
    known = {"display_name": user.display_name, "phone": read_kept(user.phone)}
    form = CorrectForm(request.POST or None, initial=known)
    if form.is_valid():
        try:
            changed = posts.correct_user(user=user, **form.cleaned_data, by=user_of(request))
        except Refused as refusal:
            refusal.say_in(form)
        else:
            messages.success(request, "已更正。" if changed else "没有改动。")
            return redirect("account", user.pk)
    return _form_page(request, user, form, "更正资料", "更正")


@holders_of(Permission.MANAGE_ACCOUNTS)
@require_http_methods(["GET", "HEAD", "POST"])
@with_password
def move_account(request: HttpRequest, user_id: int) -> HttpResponse:
    """The same person at another post."""
    user = account_or_404(request, user_id)
    form = MovePostForm(user_of(request).scope, request.POST or None)
    if form.is_valid():
        try:
            posts.move_user(user=user, **form.cleaned_data, by=user_of(request))
        except Refused as refusal:
            refusal.say_in(form)
        else:
            messages.success(request, f"{user.display_name}已换岗位，原来的登录和令牌都已失效，请他重新登录。")
            return redirect("account", user.pk)
    return _form_page(request, user, form, "换岗位", "换到这个岗位")


@holders_of(Permission.MANAGE_ACCOUNTS)
@require_http_methods(["GET", "HEAD", "POST"])
@with_password
def hand_over_account(request: HttpRequest, user_id: int) -> HttpResponse:
    """The post to another person in one act, with its open work; a high post by two people."""
    user = account_or_404(request, user_id)
    if not user.is_active:
        raise Refused("closed", f"账号{user.username}已经停用。", hint="请直接新建账号。", status=409)
    if user.is_high:
        return _ask_succession(request, user)
    form = HandOverPostForm(accounts_within(user_of(request).scope).exclude(pk=user.pk), request.POST or None)
    if form.is_valid():
        given, password = dict(form.cleaned_data), one_time_password()
        to = given.pop("existing")
        try:
            made = posts.hand_over(user=user, to=to, **given, password=password, by=user_of(request))
        except Refused as refusal:
            refusal.say_in(form)
        else:
            if to is None:
                return show_once(request, made, password, "岗位已移交，请把密码当面交给接手人")
            messages.success(request, f"岗位已移交给{to.display_name}，请他重新登录。{user.display_name}的账号已停用。")
            return redirect("account", to.pk)
    return _form_page(request, user, form, "移交岗位", "移交", work=True)


def _ask_succession(request: HttpRequest, user: User) -> HttpResponse:
    form = SucceedForm(request.POST or None)
    if form.is_valid() and user.division:
        try:
            requests.ask_to_create(
                **form.cleaned_data, role=user.role, place=user.division, predecessor=user, by=user_of(request)
            )
        except Refused as refusal:
            refusal.say_in(form)
        else:
            messages.success(request, "申请已提出，第二个人确认时新账号开出、原来的账号停用。")
            return redirect("account-requests")
    return _form_page(request, user, form, "申请移交要职", "提出申请", work=True)


def _form_page(
    request: HttpRequest, user: User, form: object, heading: str, button: str, *, work: bool = False
) -> HttpResponse:
    waiting = waiting_for(user, timezone.localdate()) if work else []
    context = {"account": user, "form": form, "heading": heading, "button": button, "work": work, "waiting": waiting}
    return render(request, FORM_PAGE, context)


@signed_in
@require_safe
def own_post(request: HttpRequest) -> HttpResponse:
    """Everybody's own post: since when, who held it before, what came with it, what waits now."""
    user = user_of(request)
    tenure = tenure_of(user)
    if tenure is None:
        raise PermissionDenied
    context = {"tenure": tenure, "holders": holders_of_post(user), "waiting": waiting_for(user, timezone.localdate())}
    return render(request, "households/accounts/own_post.html", context | {"phone": read_kept(user.phone)})
