"""The programmes of the demo region: what the source names, in our own words."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from outcomes.actions import templates
from outcomes.models import ProgrammeTemplate, ReturnTemplate
from programmes.models import Beneficiary, Programme, Rung

Level = Programme.PreventionLevel
Stage = Programme.LifeStage
Evidence = Programme.EvidenceRating


@dataclass(frozen=True)
class ProgrammeSpec:
    code: str
    name: str
    summary: str
    steps: tuple[str, ...]
    level: str
    stage: str
    evidence: str
    rung: str
    beneficiary: str = Beneficiary.YOUNG_PEOPLE
    template: str = ""  # by its code; empty: the standard one


PROGRAMMES = [
    ProgrammeSpec(
        "emergency-departments",
        "Youth workers in emergency departments",
        "Youth workers who have known hardship themselves meet young people in crisis at the hospital, have time to "
        "listen, and stay with them after they go home.",
        (
            "A youth worker is there in the hours after an injury",
            "The young person talks to somebody they can trust",
            "Together they make a plan for staying safe",
            "Hospital staff learn what they see too little of",
            "Fewer young people come back hurt",
        ),
        Level.TERTIARY,
        Stage.ALL,
        Evidence.HIGH,
        Rung.ONE_TO_ONE,
        template="emergency-department",
    ),
    ProgrammeSpec(
        "sexual-health-clinics",
        "Youth workers in sexual health clinics",
        "A youth worker in the waiting room notices signs of exploitation early and offers help that is not a form.",
        (
            "A youth worker is part of the clinic's team",
            "Worries are heard before they become a referral",
            "The young person is walked to the right help",
            "Exploitation is found and stopped sooner",
        ),
        Level.SECONDARY,
        Stage.YOUNG_ADULTS,
        Evidence.EMERGING,
        Rung.ONE_TO_ONE,
        template="sexual-health-clinic",
    ),
    ProgrammeSpec(
        "exploitation-hubs",
        "Youth workers in exploitation hubs",
        "Youth workers sit with council, police and health colleagues and work with young people who are already "
        "caught up in violence or exploitation.",
        (
            "Agencies in one room share what they know",
            "Each young person has one worker they chose",
            "Pressure from those who exploit them is lifted",
            "They go back to school, work or family life",
        ),
        Level.TERTIARY,
        Stage.SCHOOL_AGE,
        Evidence.MODERATE,
        Rung.ONE_TO_ONE,
        template="exploitation-hub",
    ),
    ProgrammeSpec(
        "communities",
        "Youth workers out in communities",
        "Detached youth workers walk the estates, parks and high streets where young people spend their evenings.",
        (
            "Workers are out when and where tension is",
            "Young people know them by name",
            "Arguments are cooled before they grow",
            "Young people take up something better to do",
        ),
        Level.SECONDARY,
        Stage.ALL,
        Evidence.MODERATE,
        Rung.BRIEF_CONTACT,
        template="detached-outreach",
    ),
    ProgrammeSpec(
        "school-support",
        "Support in schools",
        "Mentors in schools work with pupils who are missing lessons or close to exclusion.",
        (
            "School and mentor agree who needs help first",
            "Pupils meet their mentor every week",
            "Home and school hear the same message",
            "Attendance rises and exclusions fall",
        ),
        Level.SECONDARY,
        Stage.SCHOOL_AGE,
        Evidence.MODERATE,
        Rung.ONE_TO_ONE,
        template="school-support",
    ),
    ProgrammeSpec(
        "school-routes",
        "Safer routes to school",
        "Local youth workers are on the routes and at the bus stops that pupils use before and after school.",
        (
            "Pupils say where they do not feel safe",
            "Youth workers are there at those hours",
            "Pupils meet familiar adults on their way",
            "Fewer incidents in the hour after school",
        ),
        Level.PRIMARY,
        Stage.SCHOOL_AGE,
        Evidence.LOW,
        Rung.EXPOSURE,
        template="school-routes",
    ),
    ProgrammeSpec(
        "maternity",
        "A steady start: maternity",
        "Midwives and family workers support parents-to-be for whom pregnancy is a time of risk.",
        (
            "Parents are asked, kindly, how home is",
            "They meet others in the same place",
            "They know where to turn when it is hard",
            "Babies are born into calmer homes",
        ),
        Level.PRIMARY,
        Stage.EARLY_YEARS,
        Evidence.MODERATE,
        Rung.GROUP,
        Beneficiary.PARENTS,
        template="maternity-early-years",
    ),
    ProgrammeSpec(
        "early-years",
        "A steady start: early years",
        "Play sessions that help small children to settle, share and say what they feel.",
        (
            "Families come because it is fun and near",
            "Children practise naming and calming feelings",
            "Nurseries carry on with the same words",
            "Children start school ready to learn",
        ),
        Level.PRIMARY,
        Stage.EARLY_YEARS,
        Evidence.LOW,
        Rung.GROUP,
        template="maternity-early-years",
    ),
    ProgrammeSpec(
        "primary-years",
        "Primary years: safe and strong",
        "After-school groups for children from five to eleven, on friendship, fairness and asking for help.",
        (
            "Children find a safe place after school",
            "They practise solving quarrels with words",
            "They know an adult to tell",
            "They move to secondary school with confidence",
        ),
        Level.PRIMARY,
        Stage.SCHOOL_AGE,
        Evidence.LOW,
        Rung.GROUP,
        template="groups",
    ),
    ProgrammeSpec(
        "secondary-years",
        "Secondary years: choices",
        "Groups for young people from eleven to seventeen, led by people who have made hard choices themselves.",
        (
            "Young people hear it from someone who was there",
            "They try out what they would say and do",
            "Friends back each other up",
            "Fewer carry a weapon or run with those who do",
        ),
        Level.PRIMARY,
        Stage.SCHOOL_AGE,
        Evidence.MODERATE,
        Rung.GROUP,
        template="groups",
    ),
    ProgrammeSpec(
        "after-education",
        "Next steps: after education",
        "Coaching for young adults who have left education and are in neither work nor training.",
        (
            "A coach meets them where they are",
            "One obstacle at a time is moved",
            "They try work with somebody beside them",
            "They keep a job, a course and a home",
        ),
        Level.SECONDARY,
        Stage.YOUNG_ADULTS,
        Evidence.MODERATE,
        Rung.ONE_TO_ONE,
    ),
    ProgrammeSpec(
        "heal-hub",
        "Heal Hub",
        "Quick mental health support on the young person's terms: they choose when, where and from whom.",
        (
            "Asking for help takes one call or message",
            "The young person chooses when, where and from whom",
            "Help begins within days, not months",
            "They cope better with what has happened",
        ),
        Level.SECONDARY,
        Stage.SCHOOL_AGE,
        Evidence.EMERGING,
        Rung.ONE_TO_ONE,
        template="heal-hub",
    ),
    ProgrammeSpec(
        "custody",
        "Youth workers in custody",
        "A youth worker meets young people in police custody, at the moment when they may want things to change.",
        (
            "A worker comes to the cell on the same day",
            "The young person is asked what they need",
            "Support goes on after they are released",
            "Fewer are arrested again",
        ),
        Level.TERTIARY,
        Stage.YOUNG_ADULTS,
        Evidence.HIGH,
        Rung.ONE_TO_ONE,
        template="custody",
    ),
    ProgrammeSpec(
        "places-of-worship",
        "Open doors in places of worship",
        "Mosques, gurdwaras and churches open their halls to young people of any faith or none.",
        (
            "Halls stand open on the evenings that matter",
            "Volunteers are trained and known locally",
            "Young people have somewhere to be and belong",
            "Communities act together to prevent harm",
        ),
        Level.PRIMARY,
        Stage.ALL,
        Evidence.EMERGING,
        Rung.GROUP,
        template="networks",
    ),
    ProgrammeSpec(
        "training",
        "Training for professionals",
        "Courses on trauma and exploitation for nurses, teachers, officers and housing staff.",
        (
            "Staff learn what trauma looks like",
            "They practise what to say and whom to call",
            "They notice sooner and respond more kindly",
            "Young people are met by adults who understand",
        ),
        Level.PRIMARY,
        Stage.ALL,
        Evidence.EMERGING,
        Rung.GROUP,
        Beneficiary.PROFESSIONALS,
        template="training",
    ),
]


def load() -> dict[str, Programme]:
    """Every programme by its code; those that are there already are left alone."""
    known = set(Programme.objects.values_list("code", flat=True))
    Programme.objects.bulk_create(
        Programme(
            code=spec.code,
            name=spec.name,
            summary=spec.summary,
            theory_of_change="\n".join(spec.steps),
            prevention_level=spec.level,
            life_stage=spec.stage,
            evidence_rating=spec.evidence,
            rung=spec.rung,
            beneficiary=spec.beneficiary,
            order=order,
        )
        for order, spec in enumerate(PROGRAMMES, start=1)
        if spec.code not in known
    )
    programmes = {p.code: p for p in Programme.objects.filter(code__in=[spec.code for spec in PROGRAMMES])}
    _give_templates(programmes)
    return programmes


def _give_templates(programmes: dict[str, Programme]) -> None:
    """Each programme is asked by the ready template of its kind, unless staff chose another."""
    ready = {template.code: template for template in ReturnTemplate.objects.all()}
    given = set(ProgrammeTemplate.objects.values_list("programme__code", flat=True))
    for spec in PROGRAMMES:
        if spec.template in ready and spec.code not in given:
            templates.assign(
                programme=programmes[spec.code], template=ready[spec.template], by=None, now=timezone.now()
            )
