from .impact import ImpactAnswer, ImpactFollowUp
from .initial import Baseline, InitialEvaluation, InitialRequest, IntendedAction
from .plan import EvaluationPlan

__all__ = [
    "Baseline",
    "EvaluationPlan",
    "ImpactAnswer",
    "ImpactFollowUp",
    "InitialEvaluation",
    "InitialRequest",
    "IntendedAction",
]
