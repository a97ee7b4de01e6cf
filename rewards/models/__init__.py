"""The models of rewards, by noun."""

from rewards.models.awards import Award, AwardDecision, AwardLine, AwardReview, AwardRun, Choice, RunState
from rewards.models.ballots import Ballot, BallotOption, Slip, Voice, VoiceChannel, VoiceEntry
from rewards.models.funds import AwardKind, AwardRule, Fund, FundSource, GoalKind, RuleBand, RuleGoal
from rewards.models.performance import GradeBand, PerformanceCredit
from rewards.models.pictures import Picture
from rewards.models.project_money import Allocation, PayeeKind, Payment
from rewards.models.projects import (
    Acceptance,
    Milestone,
    PhotoStage,
    Project,
    ProjectKind,
    ProjectPhoto,
    ProjectStep,
)
from rewards.models.redemptions import Proof, Redemption, RedemptionChannel
from rewards.models.shop import Item, Shop
from rewards.models.stock import MoveKind, StockMove, Stocktake, StocktakeLine

__all__ = [
    "Acceptance",
    "Allocation",
    "Award",
    "AwardDecision",
    "AwardKind",
    "AwardLine",
    "AwardReview",
    "AwardRule",
    "AwardRun",
    "Ballot",
    "BallotOption",
    "Choice",
    "Fund",
    "FundSource",
    "GoalKind",
    "GradeBand",
    "Item",
    "Milestone",
    "MoveKind",
    "PayeeKind",
    "Payment",
    "PerformanceCredit",
    "PhotoStage",
    "Picture",
    "Project",
    "ProjectKind",
    "ProjectPhoto",
    "ProjectStep",
    "Proof",
    "Redemption",
    "RedemptionChannel",
    "RuleBand",
    "RuleGoal",
    "RunState",
    "Shop",
    "Slip",
    "StockMove",
    "Stocktake",
    "StocktakeLine",
    "Voice",
    "VoiceChannel",
    "VoiceEntry",
]
