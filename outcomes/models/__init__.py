from outcomes.models.certificates import Certificate
from outcomes.models.cube import Presence, ReachCell, ReachCube
from outcomes.models.extensions import Extension
from outcomes.models.figures import Figure
from outcomes.models.funder_reports import (
    FunderReport,
    MappingRow,
    QuarterReport,
    QuarterReportFile,
    QuarterRow,
    ReportMapping,
)
from outcomes.models.linkage import LedgerEntry, Linkage, LinkDecision, LinkedIdentity, LinkQuestion, Recount
from outcomes.models.measures import Measure, MeasureAnswer, MeasureAnswerPart, MeasureOption, MeasureSuccession
from outcomes.models.objections import Objection, ObjectionWriting
from outcomes.models.policy import Category, Policy
from outcomes.models.publishing import AnnouncedDate, EarlyAccess, EarlyReading
from outcomes.models.register_keys import RegisterKey
from outcomes.models.registers import RegisterContact, RegisterFile, RegisterIdentity
from outcomes.models.release_runs import ReleaseRun
from outcomes.models.releases import Release, ReleaseFile, ReleaseInput
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
    "AnnouncedDate",
    "Category",
    "Certificate",
    "Comment",
    "EarlyAccess",
    "EarlyReading",
    "Explanation",
    "Extension",
    "Figure",
    "FunderReport",
    "LedgerEntry",
    "LinkDecision",
    "LinkQuestion",
    "Linkage",
    "LinkedIdentity",
    "MappingRow",
    "Measure",
    "MeasureAnswer",
    "MeasureAnswerPart",
    "MeasureOption",
    "MeasureSuccession",
    "Objection",
    "ObjectionWriting",
    "Obligation",
    "Policy",
    "Presence",
    "ProgrammeTemplate",
    "QuarterReport",
    "QuarterReportFile",
    "QuarterRow",
    "ReachCell",
    "ReachCube",
    "Recount",
    "RegisterContact",
    "RegisterFile",
    "RegisterIdentity",
    "RegisterKey",
    "Release",
    "ReleaseFile",
    "ReleaseInput",
    "ReleaseRun",
    "ReportMapping",
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
