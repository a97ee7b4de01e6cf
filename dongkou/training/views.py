"""练习村: where it is made, made anew, entered and left."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from dongkou.training import database
from dongkou.training.entering import KEY, enter, leave
from dongkou.training.posts import POSTS
from dongkou.training.state import PREFIX
from dongkou.training.villages import TrainingVillage, make_village, villages
from households.audience import division_in_scope, holders_of, user_of
from households.codes import Level, is_code, township_of
from households.models import Division, User
from households.permissions import Permission, may
from households.refusals import Refused
from households.roles import Role
from households.scope import lies_in


@dataclass(frozen=True, slots=True)
class TrainingRow:
    """A township on the page, with its village where it has one."""

    township: Division
    village: TrainingVillage | None


@holders_of(Permission.TRAIN)
@require_safe
def training(request: HttpRequest) -> HttpResponse:
    """The townships that the person may practise in."""
    user = user_of(request)
    places = _townships(user)
    known = villages([place.code for place in places])
    context = {
        "rows": [TrainingRow(place, known.get(place.code)) for place in places],
        "posts": POSTS,
        "own_post": user.role if user.role in POSTS else Role.CADRE,
        "may_make": may(user, Permission.PREPARE_TRAINING),
        "there": database.there(),
        "inside": KEY in request.session,
        "way_in": f"{PREFIX}/",
    }
    return render(request, "training/page.html", context)


@holders_of(Permission.PREPARE_TRAINING)
@require_POST
def make_training(request: HttpRequest, code: str) -> HttpResponse:
    """Make it, or make it anew."""
    township = division_in_scope(user_of(request), code, Level.TOWNSHIP)
    made = make_village(township=township, by=user_of(request))
    messages.success(request, f"{township.name}的练习村建好了（第 {made.made} 次），可以进去练习。")
    return redirect("training")


@holders_of(Permission.TRAIN)
@require_POST
def enter_training(request: HttpRequest, code: str) -> HttpResponse:
    """Go in, as one of its posts; whoever is the first of the township has the village made."""
    user = user_of(request)
    if not is_code(code, Level.TOWNSHIP) or not user.scope.meets(code):
        raise Http404
    township = get_object_or_404(Division, pk=code)
    post = request.POST.get("post", "")
    if post not in POSTS:
        raise Refused("no_such_post", "练习村里没有这个岗位。", hint="请从页面上选一个岗位。")
    village = villages([code]).get(code) or make_village(township=township, by=user, anew=False)
    enter(request.session, village=village, post=Role(post), by=user)
    return HttpResponseRedirect(f"{PREFIX}/")


@holders_of(Permission.TRAIN)
@require_POST
def leave_training(request: HttpRequest) -> HttpResponse:
    """Back to the real work."""
    leave(request.session)
    return redirect("home")


def _townships(user: User) -> list[Division]:
    place = user.division_id or "-"
    inside = lies_in(township_of(place))
    return list(Division.objects.filter(inside).of_level(Level.TOWNSHIP).order_by("code"))
