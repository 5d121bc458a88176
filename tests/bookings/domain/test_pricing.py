"""What a booking costs, and why."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agencies.models import AgencyMembership
from bookings.domain.pricing import charge_for, explain, price_of, priced, tier_of, tiers_at_booking
from bookings.enums import BookingStatus, ChargeKind
from bookings.models import ChargingPolicy, PolicyPrice
from courses.enums import LengthBand, SessionStatus
from tests.factories import (
    AgencyFactory,
    BookingFactory,
    CourseFactory,
    PartnershipFactory,
    PolicyFactory,
    SessionFactory,
    at,
)

S = BookingStatus
ABSENCE, PLACE = ChargeKind.ABSENCE, ChargeKind.PLACE
# The demonstration policy of 2025: £80 a day, £40 a half day, nothing for a briefing.
DEMO = [
    (ABSENCE, "", LengthBand.FULL_DAY, "80"),
    (ABSENCE, "", LengthBand.HALF_DAY, "40"),
    (ABSENCE, "", LengthBand.BRIEFING, "0"),
    (PLACE, "D", LengthBand.FULL_DAY, "50"),
    (PLACE, "D", LengthBand.HALF_DAY, "30"),
    (PLACE, "E", LengthBand.FULL_DAY, "50"),
    (PLACE, "E", LengthBand.HALF_DAY, "30"),
    (PLACE, "F", LengthBand.FULL_DAY, "100"),
    (PLACE, "F", LengthBand.HALF_DAY, "50"),
]


def policy_with(prices: list[tuple]) -> ChargingPolicy:
    policy = ChargingPolicy(notice_days=5)
    policy.price_table = {(kind, tier, length): Decimal(amount) for kind, tier, length, amount in prices}
    return policy


EVERY_STATUS = [
    (S.REQUESTED, None),
    (S.BOOKED, None),
    (S.WAITING, None),
    (S.OFFERED, None),
    (S.DECLINED, None),
    (S.CANCELLED, None),
    (S.LATE_CANCELLED, (ABSENCE, 80)),
    (S.ATTENDED, (PLACE, 50)),
    (S.WALK_IN, (PLACE, 50)),
    (S.PART, (PLACE, 50)),
    (S.DID_NOT_ATTEND, (ABSENCE, 80)),
    (S.REFUSED_LATE, (ABSENCE, 80)),
    (S.SUBSTITUTED, None),
    (S.TRANSFERRED, None),
    (S.SESSION_CANCELLED, None),
]


def test_the_table_names_every_status() -> None:
    assert {status for status, _ in EVERY_STATUS} == set(S)


@pytest.mark.rule("R55")
@pytest.mark.parametrize(("status", "charge"), EVERY_STATUS)
def test_each_status_has_one_effect_on_the_money(status: str, charge: tuple | None) -> None:
    """A full day, an agency that pays £50 a place."""
    assert charge_for(status=status, policy=policy_with(DEMO), tier="E", length="full_day", days=1) == charge


@pytest.mark.rule("R56")
@pytest.mark.parametrize(
    ("status", "tier", "length", "days", "charge"),
    [
        (S.DID_NOT_ATTEND, "A", "full_day", 1, (ABSENCE, 80)),
        (S.REFUSED_LATE, "E", "half_day", 1, (ABSENCE, 40)),
        (S.DID_NOT_ATTEND, "C", "briefing", 1, None),
        (S.DID_NOT_ATTEND, "F", "full_day", 1, (PLACE, 100)),  # one charge, the higher of £100 and £80, never £180
        (S.DID_NOT_ATTEND, "F", "half_day", 1, (PLACE, 50)),
        (S.DID_NOT_ATTEND, "D", "full_day", 1, (ABSENCE, 80)),
        (S.ATTENDED, "F", "full_day", 1, (PLACE, 100)),
        (S.ATTENDED, "A", "full_day", 1, None),
        (S.WALK_IN, "E", "half_day", 1, (PLACE, 30)),
        (S.PART, "A", "full_day", 2, None),
        (S.DID_NOT_ATTEND, "A", "full_day", 2, (ABSENCE, 160)),
        (S.ATTENDED, "F", "full_day", 2, (PLACE, 200)),
        (S.DID_NOT_ATTEND, None, "full_day", 1, (ABSENCE, 80)),  # an agency without terms pays no place fee
        (S.ATTENDED, None, "full_day", 1, None),
        (S.DID_NOT_ATTEND, "A", "e_learning", 1, None),  # what is not named is £0
        (S.ATTENDED, "F", "briefing", 1, None),
        (S.ATTENDED, "G", "full_day", 1, None),
    ],
)
def test_the_charge_of_each_case(status: str, tier: str | None, length: str, days: int, charge: tuple | None) -> None:
    assert charge_for(status=status, policy=policy_with(DEMO), tier=tier, length=length, days=days) == charge


def test_where_absence_and_place_fee_are_equal_it_counts_as_an_absence() -> None:
    policy = policy_with([(ABSENCE, "", "full_day", "80"), (PLACE, "F", "full_day", "80")])
    assert charge_for(status=S.DID_NOT_ATTEND, policy=policy, tier="F", length="full_day", days=1) == (ABSENCE, 80)


def test_a_tiers_own_price_goes_before_that_of_every_tier() -> None:
    policy = policy_with([(ABSENCE, "", "full_day", "80"), (ABSENCE, "A", "full_day", "0")])
    assert price_of(policy=policy, tier="A", length="full_day", days=1, kind=ABSENCE) == 0
    assert price_of(policy=policy, tier="B", length="full_day", days=1, kind=ABSENCE) == 80


def test_nothing_is_charged_without_a_policy() -> None:
    assert charge_for(status=S.DID_NOT_ATTEND, policy=None, tier="A", length="full_day", days=1) is None


AMOUNTS = st.decimals(0, 500, places=2)


@settings(max_examples=1000, deadline=None)
@given(AMOUNTS, AMOUNTS, st.sampled_from(list(S)), st.integers(1, 5))
def test_money_is_never_negative_and_an_absence_never_cheaper_than_coming(
    absence: Decimal, place: Decimal, status: str, days: int
) -> None:
    policy = policy_with([(ABSENCE, "", "full_day", absence), (PLACE, "F", "full_day", place)])
    case = {"policy": policy, "tier": "F", "length": "full_day", "days": days}
    found = charge_for(status=status, **case)
    came = charge_for(status=S.ATTENDED, **case)
    assert found is None or found[1] > 0
    if status in (S.DID_NOT_ATTEND, S.REFUSED_LATE, S.LATE_CANCELLED):
        assert (found[1] if found else 0) == max(absence, place) * days
        assert (found[1] if found else 0) >= (came[1] if came else 0)


@pytest.mark.django_db
class TestTier:
    @pytest.mark.parametrize(
        ("day", "tier"), [("2024-03-31", None), ("2024-04-01", "F"), ("2025-03-31", "F"), ("2025-04-01", "B")]
    )
    def test_it_is_that_of_the_membership_in_force_on_the_day(self, day: str, tier: str | None) -> None:
        agency = AgencyFactory(tier="")
        AgencyMembership.objects.create(agency=agency, charge_tier="F", effective_from=dt.date(2024, 4, 1))
        AgencyMembership.objects.create(agency=agency, charge_tier="B", effective_from=dt.date(2025, 4, 1))
        assert tier_of(agency=agency, on=dt.date.fromisoformat(day)) == tier

    def test_a_site_without_terms_of_its_own_has_its_parents(self) -> None:
        parent = AgencyFactory(tier="E")
        site = AgencyFactory(tier="", parent=parent, partnership=parent.partnership)
        assert tier_of(agency=site, on=dt.date(2026, 1, 1)) == "E"

    def test_a_site_with_its_own_terms_keeps_them(self) -> None:
        parent = AgencyFactory(tier="E")
        site = AgencyFactory(tier="A", parent=parent, partnership=parent.partnership)
        assert tier_of(agency=site, on=dt.date(2026, 1, 1)) == "A"

    def test_a_booking_is_priced_by_the_tier_of_the_day_it_was_made(self) -> None:
        agency = AgencyFactory(tier="F")
        booking = BookingFactory(agency=agency, booked_at=at("2025-03-31 23:30"))
        AgencyMembership.objects.create(agency=agency, charge_tier="A", effective_from=dt.date(2025, 4, 1))
        assert tiers_at_booking([booking]) == {booking.pk: "F"}


@pytest.mark.django_db
class TestPriced:
    def test_the_policy_that_the_booking_keeps_sets_the_price(self) -> None:
        """Worked example 10: booked in March 2025 for April, under the policy of before."""
        partnership = PartnershipFactory()
        old = PolicyFactory(partnership=partnership, notice_days=3)
        PolicyFactory(partnership=partnership, effective_from=dt.date(2025, 4, 1), prices=DEMO)
        session = SessionFactory(partnership=partnership, starts_at=at("2025-04-10 09:30"))
        booking = BookingFactory(
            session=session, policy=old, status=S.DID_NOT_ATTEND, booked_at=at("2025-03-20 10:00"), place_number=None
        )
        [charge] = priced([booking], now=at("2025-04-10 17:00"))
        assert (charge.amount, charge.policy) == (Decimal("50"), old)

    @pytest.mark.rule("R53")
    def test_a_session_that_we_cancelled_costs_nobody_anything(self) -> None:
        """Worked example 9, with someone who had cancelled late before."""
        partnership = PartnershipFactory()
        PolicyFactory(partnership=partnership)
        session = SessionFactory(partnership=partnership, status=SessionStatus.CANCELLED)
        bookings = [
            BookingFactory(session=session, status=status) for status in (S.LATE_CANCELLED, S.SESSION_CANCELLED)
        ]
        assert priced(bookings, now=at("2026-03-12 17:00")) == []

    def test_many_cost_as_many_statements_as_few(self, django_assert_num_queries: object) -> None:
        partnership = PartnershipFactory()
        PolicyFactory(partnership=partnership)
        for size in (1, 3):
            made = [
                BookingFactory(session=SessionFactory(partnership=partnership), status=S.DID_NOT_ATTEND)
                for _ in range(size)
            ]
            fresh = list(type(made[0]).objects.filter(pk__in=[one.pk for one in made]))
            with django_assert_num_queries(7):  # type: ignore[operator]
                assert len(priced(fresh, now=at("2026-03-12 17:00"))) == size


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("status", "course", "kind", "amount", "tier", "sentence"),
    [
        (S.DID_NOT_ATTEND, {}, ABSENCE, 80, "A", "Did not attend. Full day £80."),
        (S.REFUSED_LATE, {"length": "half_day"}, ABSENCE, 40, "E", "Arrived too late. Half day £40."),
        (S.DID_NOT_ATTEND, {"days": 2}, ABSENCE, 160, "A", "Did not attend. 2 days at £80: £160."),
        (S.ATTENDED, {}, PLACE, 100, "F", "Attended. Place fee of tier F: full day £100."),
        (S.LATE_CANCELLED, {}, ABSENCE, 80, "A", "Cancelled 2 working days before; 5 needed. Full day £80."),
    ],
)
def test_the_explanation_says_what_happened_and_what_it_costs(
    status: str, course: dict, kind: str, amount: int, tier: str, sentence: str
) -> None:
    partnership = PartnershipFactory()
    session = SessionFactory(
        partnership=partnership,
        course=CourseFactory(partnership=partnership, **course),
        starts_at=at("2026-03-12 09:30"),
    )
    booking = BookingFactory(
        session=session,
        policy=PolicyFactory(partnership=partnership, prices=DEMO),
        status=status,
        cancelled_at=at("2026-03-10 10:00"),
        place_number=None,
    )
    assert explain(booking, kind=kind, amount=Decimal(amount), tier=tier) == sentence


@pytest.mark.django_db
def test_one_working_day_is_one_day() -> None:
    session = SessionFactory(starts_at=at("2026-03-12 09:30"))
    booking = BookingFactory(
        session=session,
        policy=PolicyFactory(partnership=session.partnership),
        status=S.LATE_CANCELLED,
        cancelled_at=at("2026-03-11 10:00"),
        place_number=None,
    )
    found = explain(booking, kind=ABSENCE, amount=Decimal("50"), tier=None)
    assert found == "Cancelled 1 working day before; 5 needed. Full day £50."


@pytest.mark.django_db
def test_prices_are_read_once_for_each_policy(django_assert_num_queries: object) -> None:
    policy = PolicyFactory()
    assert PolicyPrice.objects.filter(policy=policy).count() == 4
    with django_assert_num_queries(1):  # type: ignore[operator]
        for _ in range(3):
            charge_for(status=S.DID_NOT_ATTEND, policy=policy, tier="F", length="full_day", days=1)
