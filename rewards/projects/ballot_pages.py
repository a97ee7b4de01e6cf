"""Ballots as pages show them: how many have spoken, how it ended. Never who chose what."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils import timezone

from households.codes import village_of
from households.models import Division, Household
from rewards.models import Ballot, BallotOption, PhotoStage, ProjectPhoto, Slip, Voice, VoiceChannel
from rewards.project_states import winners
from rewards.projects.actions.ballots import result_of


@dataclass(frozen=True, slots=True)
class OptionLine:
    """One option with a picture of the place as it is, and its votes once they are public."""

    option: BallotOption
    picture: str
    votes: int | None
    won: bool


@dataclass(frozen=True, slots=True)
class BallotView:
    """A ballot with its options and how many households have spoken, by phone and on paper."""

    ballot: Ballot
    options: list[OptionLine]
    by_pin: int
    slips_out: int

    @property
    def open(self) -> bool:
        """Whether households may still choose."""
        return not self.ballot.ended and timezone.now() < self.ballot.closes_at

    @property
    def counting(self) -> bool:
        """Past its end, not settled yet."""
        return not self.ballot.ended and not self.open

    @property
    def spoken(self) -> int:
        return self.by_pin + self.slips_out

    @property
    def percent(self) -> int:
        """Share of households that have spoken, rounded down."""
        return self.spoken * 100 // len(self.ballot.households)


def ballots_of(village: Division) -> list[Ballot]:
    """A village's ballots, newest first."""
    return list(Ballot.objects.filter(village=village).defer("households"))


def view_of(ballot: Ballot) -> BallotView:
    """The ballot with its options, a fixed number of queries."""
    options = list(ballot.options.select_related("project"))
    votes = result_of(ballot)
    pictures = _pictures([option.project_id for option in options])
    won = set(_won(ballot, options, votes))
    lines = [
        OptionLine(option, pictures.get(option.project_id, ""), votes.get(option.project_id), option.project_id in won)
        for option in options
    ]
    channels = ballot.voices.aggregate(
        pin=Count("pk", filter=Q(channel=VoiceChannel.PIN)), paper=Count("pk", filter=Q(channel=VoiceChannel.PAPER))
    )
    return BallotView(ballot, lines, channels["pin"], channels["paper"])


def _won(ballot: Ballot, options: Sequence[BallotOption], votes: dict[int, int]) -> list[int]:
    return winners({option.project_id: votes.get(option.project_id, 0) for option in options}, ballot.places)


def _pictures(projects: Sequence[int]) -> dict[int, str]:
    """The first picture of each place before the works."""
    photos = ProjectPhoto.objects.filter(project__in=projects, stage=PhotoStage.BEFORE).order_by("-id")
    return dict(photos.values_list("project", "picture"))


def newest_for(household: Household) -> Ballot | None:
    """The village's newest ballot that was not called off."""
    ballots = Ballot.objects.filter(village=village_of(household.code), called_off_at__isnull=True)
    return ballots.order_by("-id").first()


def voice_of(ballot: Ballot, household: Household) -> Voice | None:
    """What this household said: for its own page alone."""
    return Voice.objects.filter(ballot=ballot, household=household).first()


@dataclass(frozen=True, slots=True)
class SlipLine:
    """A paper slip on the staff's page. What stands on it is not shown: the second reader must read the paper."""

    slip: Slip
    state: str

    @property
    def waits(self) -> bool:
        return self.state == "待核对"


def slips_of(ballot: Ballot) -> list[SlipLine]:
    """The slips keyed so far, by number."""
    slips = ballot.slips.select_related("keyed_by", "confirmed_by", "struck_by")
    return [SlipLine(slip, _slip_state(slip)) for slip in slips]


def _slip_state(slip: Slip) -> str:
    if slip.struck_at:
        return "两次不一致，已划去"
    return "已核对" if slip.confirmed_at else "待核对"


def on_paper(ballot: Ballot) -> list[Household]:
    """The households that took a slip."""
    taken = Household.objects.filter(pk__in=ballot.voices.filter(channel=VoiceChannel.PAPER).values("household"))
    return list(taken.select_related("group"))
