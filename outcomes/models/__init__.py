from outcomes.models.extensions import Extension
from outcomes.models.measures import Measure, MeasureAnswer, MeasureProgramme
from outcomes.models.policy import Category, Policy
from outcomes.models.releases import Figure, Release, ReleaseFile, ReleaseInput, ReleaseRun
from outcomes.models.returns import Obligation, ReturnVersion, Submission, SubmissionCount

__all__ = [
    "Category",
    "Extension",
    "Figure",
    "Measure",
    "MeasureAnswer",
    "MeasureProgramme",
    "Obligation",
    "Policy",
    "Release",
    "ReleaseFile",
    "ReleaseInput",
    "ReleaseRun",
    "ReturnVersion",
    "Submission",
    "SubmissionCount",
]
