from outcomes.models.measures import Measure, MeasureAnswer
from outcomes.models.policy import Category, Policy
from outcomes.models.releases import Figure, Release, ReleaseInput, ReleaseRun
from outcomes.models.returns import Obligation, ReturnVersion, Submission, SubmissionCount

__all__ = [
    "Category",
    "Figure",
    "Measure",
    "MeasureAnswer",
    "Obligation",
    "Policy",
    "Release",
    "ReleaseInput",
    "ReleaseRun",
    "ReturnVersion",
    "Submission",
    "SubmissionCount",
]
