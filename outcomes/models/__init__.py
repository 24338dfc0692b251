from outcomes.models.extensions import Extension
from outcomes.models.measures import Measure, MeasureAnswer, MeasureAnswerPart, MeasureOption, MeasureSuccession
from outcomes.models.policy import Category, Policy
from outcomes.models.register_keys import RegisterKey
from outcomes.models.registers import RegisterContact, RegisterFile, RegisterIdentity
from outcomes.models.releases import Figure, Release, ReleaseFile, ReleaseInput, ReleaseRun
from outcomes.models.returns import Explanation, Obligation, ReturnVersion, Submission, SubmissionCount
from outcomes.models.reviewing import Comment, SentBack
from outcomes.models.templates import (
    ProgrammeTemplate,
    ReturnTemplate,
    TemplateCheck,
    TemplateQuestion,
    TemplateSection,
    TemplateVersion,
)
from outcomes.models.unlocks import Unlock, UnlockRequest

__all__ = [
    "Category",
    "Comment",
    "Explanation",
    "Extension",
    "Figure",
    "Measure",
    "MeasureAnswer",
    "MeasureAnswerPart",
    "MeasureOption",
    "MeasureSuccession",
    "Obligation",
    "Policy",
    "ProgrammeTemplate",
    "RegisterContact",
    "RegisterFile",
    "RegisterIdentity",
    "RegisterKey",
    "Release",
    "ReleaseFile",
    "ReleaseInput",
    "ReleaseRun",
    "ReturnTemplate",
    "ReturnVersion",
    "SentBack",
    "Submission",
    "SubmissionCount",
    "TemplateCheck",
    "TemplateQuestion",
    "TemplateSection",
    "TemplateVersion",
    "Unlock",
    "UnlockRequest",
]
