"""The models of rewards, by noun."""

from rewards.models.awards import Award, AwardDecision, AwardLine, AwardReview, AwardRun, Choice, RunState
from rewards.models.funds import AwardKind, AwardRule, Fund, FundSource, GoalKind, RuleBand, RuleGoal
from rewards.models.performance import GradeBand, PerformanceCredit

__all__ = [
    "Award",
    "AwardDecision",
    "AwardKind",
    "AwardLine",
    "AwardReview",
    "AwardRule",
    "AwardRun",
    "Choice",
    "Fund",
    "FundSource",
    "GoalKind",
    "GradeBand",
    "PerformanceCredit",
    "RuleBand",
    "RuleGoal",
    "RunState",
]

from rewards.models.pictures import Picture

__all__ = ["Picture"]
