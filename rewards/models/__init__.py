"""The models of rewards, by noun."""

from rewards.models.awards import Award, AwardDecision, AwardLine, AwardReview, AwardRun, Choice, RunState
from rewards.models.funds import AwardKind, AwardRule, Fund, FundSource, GoalKind, RuleBand, RuleGoal
from rewards.models.performance import GradeBand, PerformanceCredit
from rewards.models.pictures import Picture
from rewards.models.redemptions import Channel, Proof, Redemption
from rewards.models.shop import Item, Shop
from rewards.models.stock import MoveKind, StockMove, Stocktake, StocktakeLine

__all__ = [
    "Award",
    "AwardDecision",
    "AwardKind",
    "AwardLine",
    "AwardReview",
    "AwardRule",
    "AwardRun",
    "Channel",
    "Choice",
    "Fund",
    "FundSource",
    "GoalKind",
    "GradeBand",
    "Item",
    "MoveKind",
    "PerformanceCredit",
    "Picture",
    "Proof",
    "Redemption",
    "RuleBand",
    "RuleGoal",
    "RunState",
    "Shop",
    "StockMove",
    "Stocktake",
    "StocktakeLine",
]
