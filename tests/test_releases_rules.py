"""What the database itself refuses of releases, and many people at once."""

import threading
from datetime import date
from functools import partial

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, connections, transaction

from outcomes.actions import releases
from outcomes.models import Category, Figure, Policy, Release, ReleaseFile, ReleaseInput, ReleaseRun
from partners.permissions import Role
from tests import factories
from tests.factories import PolicyFactory
from tests.test_releases_actions import JUNE, NOW, headline, make_region
from tests.test_releases_actions import region as region
from tests.test_releases_actions import region_once as region_once

pytestmark = pytest.mark.usefixtures("workbooks_once")


class TestDatabase:
    """Each rule by its name."""

    def refuses(self, name, change):
        with pytest.raises(DatabaseError, match=name), transaction.atomic():
            change()

    def test_release_approved_by_another(self, region):
        producer = factories.user_with(Role.ANALYST)
        release = releases.produce(month=JUNE, by=producer, now=NOW)
        self.refuses(
            "release_approved_by_another",
            self.decide(release, approved_by=producer, approved_at=NOW, public_at=NOW),
        )

    def test_release_never_edited(self, region):
        release = releases.produce(month=JUNE, by=None, now=NOW)
        self.refuses("release_never_edited", lambda: Release.objects.filter(pk=release.pk).update(status="final"))

    def decide(self, release, **values):
        return lambda: Release.objects.filter(pk=release.pk).update(**values)

    def test_release_discarded_never_public(self, region):
        release = releases.produce(month=JUNE, by=None, now=NOW)
        director = factories.user_with(Role.DIRECTOR)
        discarded = {"discarded_by": director, "discarded_at": NOW, "discarded_reason": "Wrong month."}
        approved = {"approved_by": director, "approved_at": NOW, "public_at": NOW}
        self.refuses("release_discarded_never_public", self.decide(release, **discarded, **approved))
        self.decide(release, **discarded)()
        self.refuses("release_never_edited", self.decide(release, **approved))
        self.refuses("release_never_edited", self.decide(release, discarded_reason="Another."))

    def test_release_discarded_with_reason(self, region):
        release = releases.produce(month=JUNE, by=None, now=NOW)
        director = factories.user_with(Role.DIRECTOR)
        rule = "release_discarded_with_reason"
        self.refuses(rule, self.decide(release, discarded_by=director, discarded_at=NOW))
        self.refuses(rule, self.decide(release, discarded_reason="Wrong month."))

    def test_release_discarded_whole(self, region):
        release = releases.produce(month=JUNE, by=None, now=NOW)
        self.refuses("release_discarded_whole", self.decide(release, discarded_at=NOW, discarded_reason="Why."))

    def test_release_never_deleted(self, region):
        release = releases.produce(month=JUNE, by=None, now=NOW)
        with connection.cursor() as cursor:
            self.refuses(
                "Cannot delete rows from outcomes_release",
                lambda: cursor.execute("DELETE FROM outcomes_release WHERE id = %s", [release.pk]),
            )

    @pytest.mark.parametrize("model", [Figure, ReleaseInput])
    def test_append_only(self, region, model):
        release = releases.produce(month=JUNE, by=None, now=NOW)
        rows = model.objects.filter(release=release)
        self.refuses("Cannot update or delete rows", lambda: rows.update(release=release))

    @pytest.mark.parametrize(
        ("model", "values", "rule"),
        [
            (Figure, {"order": 1_000_000, "period_type": "financial_year"}, "figure_with_its_release"),
            (ReleaseFile, {"name": "other.csv"}, "releasefile_with_its_release"),
        ],
    )
    @pytest.mark.django_db(transaction=True)
    def test_with_its_release(self, model, values, rule):
        make_region()
        release = releases.produce(month=JUNE, by=None, now=NOW)
        row = model.objects.filter(release=release).first()
        row.pk = None
        for name, value in values.items():
            setattr(row, name, value)
        self.refuses(rule, lambda: row.save(force_insert=True))

    def test_release_approved_after_it_was_produced(self, region):
        release = releases.produce(month=JUNE, by=None, now=NOW)
        release.pk, release.number = None, 2
        release.approved_by, release.approved_at = factories.user_with(Role.DIRECTOR), NOW
        self.refuses("release_approved_after_it_was_produced", lambda: release.save(force_insert=True))

    def test_release_attacked_before_it_is_approved(self, region):
        director = factories.user_with(Role.DIRECTOR)
        approved = {"approved_by": director, "approved_at": NOW, "public_at": NOW}
        rule = "release_attacked_before_it_is_approved"
        release = releases.produce(month=JUNE, by=None, now=NOW)
        for told in (None, [[0, 1, "lower"]]):
            release.pk, release.told, release.number = None, told, release.number + 1
            release.save(force_insert=True)
            self.refuses(rule, self.decide(release, **approved))
        # Neither without one that was approved, nor with one that was not.
        other = releases.produce(month=JUNE.plus(-1), by=None, now=NOW)
        release.pk, release.told, release.number, release.attacked_with = None, [], release.number + 1, [other.pk]
        release.save(force_insert=True)
        factories.certify(release)
        self.refuses(rule, self.decide(release, **approved))
        factories.approve(release=other, by=director, now=NOW)
        self.decide(release, **approved)()
        first = Release.objects.get(month=JUNE.first, number=1)
        self.refuses(rule, self.decide(first, **approved))

    def test_release_proven_before_it_is_approved(self, region):
        approved = {"approved_by": factories.user_with(Role.DIRECTOR), "approved_at": NOW, "public_at": NOW}
        rule = "release_proven_before_it_is_approved"
        release = releases.produce(month=JUNE, by=None, now=NOW)
        if not release.certificates.get().is_whole:
            self.refuses(rule, self.decide(release, **approved))
        release.pk, release.number = None, release.number + 1
        release.save(force_insert=True)
        self.refuses(rule, self.decide(release, **approved))
        factories.certify(release)
        self.refuses(rule, self.decide(release, unproven_reason="Nothing is unproven.", **approved))
        self.refuses("release_unproven_once_approved", self.decide(release, unproven_reason="Not approved yet."))
        self.decide(release, **approved)()
        self.refuses("release_never_edited", self.decide(release, unproven_reason="Another."))

    def test_policy_fixed_once_used(self, region):
        policy = releases.produce(month=JUNE, by=None, now=NOW).policy
        self.refuses("policy_fixed_once_used", lambda: Policy.objects.filter(pk=policy.pk).update(round_to=1))
        assert Policy.objects.filter(pk=policy.pk).update(unlock_days=3, remind_every=2)

    def test_policy_of_unpublished_months(self, region):
        release = releases.produce(month=JUNE, by=None, now=NOW)
        PolicyFactory(effective_from=date(2021, 6, 2)).delete()  # nobody has read the release yet
        factories.approve(release=release, by=factories.user_with(Role.DIRECTOR), now=NOW)
        for day in (date(2021, 4, 2), date(2021, 6, 30)):
            self.refuses("policy_of_unpublished_months", partial(PolicyFactory, effective_from=day))
        later = PolicyFactory(effective_from=date(2021, 7, 1))
        move = Policy.objects.filter(pk=later.pk)
        self.refuses("policy_of_unpublished_months", lambda: move.update(effective_from=date(2021, 6, 1)))
        with pytest.raises(ValidationError) as refused:
            PolicyFactory.build(effective_from=date(2021, 5, 1)).full_clean()
        assert refused.value.message_dict["effective_from"] == [
            "Figures of June 2021 are published by the rules before. Let these begin on 1 July 2021 or later."
        ]

    def test_category_code_fixed_once_used(self, region):
        district = Category.objects.filter(dimension="district", code="E08000025")
        district.update(name="Brum")
        self.refuses("category_code_fixed_once_used", lambda: district.update(code="elsewhere"))

    def test_release_number_once(self, region):
        release = releases.produce(month=JUNE, by=None, now=NOW)
        release.pk = None
        self.refuses("release_number_once", lambda: release.save(force_insert=True))

    def test_figure_once(self, region):
        figure = headline(releases.produce(month=JUNE, by=None, now=NOW))
        figure.pk, figure.order = None, 1_000_000
        self.refuses("figure_once", lambda: figure.save(force_insert=True))

    @pytest.mark.parametrize(
        ("rule", "values"),
        [
            ("figure_value_or_symbol", {"lower": None}),
            ("figure_value_or_symbol", {"symbol": "c"}),
            ("figure_range_in_order", {"lower": 200, "upper": 100}),
            ("figure_exact_range_in_order", {"exact_lower": 200, "exact_upper": 100}),
            ("figure_estimated_within_missing", {"returns_received": 99}),
            ("figure_symbol", {"symbol": "q", "lower": None}),
        ],
    )
    def test_figure_rules(self, region, rule, values):
        figure = headline(releases.produce(month=JUNE, by=None, now=NOW))
        figure.pk, figure.order, figure.period_type = None, 1_000_000, "financial_year"
        for name, value in values.items():
            setattr(figure, name, value)
        self.refuses(rule, lambda: figure.save(force_insert=True))

    def test_releaserun_one_open(self, region):
        run = releases.request(month=JUNE, by=None, now=NOW)
        run.pk = None
        self.refuses("releaserun_one_open", lambda: run.save(force_insert=True))

    def test_releaserun_finished_with_release(self, region):
        run = releases.request(month=JUNE, by=None, now=NOW)
        self.refuses(
            "releaserun_finished_with_release",
            lambda: ReleaseRun.objects.filter(pk=run.pk).update(state=ReleaseRun.State.FINISHED),
        )


def side_by_side(count, work):
    """Runs `work` in so many threads at once, each with its own connection; gives what they returned or raised."""
    barrier, answers = threading.Barrier(count), []

    def one():
        try:
            barrier.wait()
            answers.append(work())
        except Exception as problem:
            answers.append(problem)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.mark.django_db(transaction=True)
class TestAtTheSameTime:
    def test_ten_productions_give_one_release(self):
        make_region()
        answers = side_by_side(10, lambda: releases.produce(month=JUNE, by=None, now=NOW).pk)
        assert len(set(answers)) == 1
        assert Release.objects.count() == 1

    def test_ten_requests_give_one_run(self):
        make_region()
        answers = side_by_side(10, lambda: releases.request(month=JUNE, by=None, now=NOW).pk)
        assert len(set(answers)) == 1

    def test_ten_workers_with_one_run_give_one_release(self):
        make_region()
        run = ReleaseRun.objects.create(month=JUNE.first, requested_at=NOW, beat_at=NOW)
        answers = side_by_side(10, lambda: releases.carry_out(run_id=run.pk, clock=lambda: NOW))
        assert [type(answer) for answer in answers if answer is not None] == [Release]
        run.refresh_from_db()
        assert (run.state, run.percent, Release.objects.count()) == (ReleaseRun.State.FINISHED, 100, 1)

    def test_two_approvals_give_one(self):
        make_region()
        release = releases.produce(month=JUNE, by=None, now=NOW)
        people = [factories.user_with(Role.ANALYST), factories.user_with(Role.DIRECTOR)]
        answers = side_by_side(2, lambda: factories.approve(release=release, by=people.pop(), now=NOW))
        assert sorted(type(answer).__name__ for answer in answers) == ["AlreadyApproved", "Release"]
