"""When mail would go: working days, hours, who waits ahead."""

from datetime import UTC, date, datetime

import pytest

from woodpecker_api.features.campaigns.rules import Pace, forecast
from woodpecker_api.features.campaigns.rules.forecast import in_words

WEEK = {day: [("08:00", "18:00")] for day in ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY")}
PACE = Pace(50, WEEK, "Europe/Berlin", last_step_day=25)
MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)


def test_three_hundred_at_fifty_a_day_take_six_working_days():
    found = forecast(300, PACE, MONDAY)
    assert (found.first_day, found.last_day) == (date(2026, 11, 23), date(2026, 11, 30))
    assert found.ends_on == date(2026, 12, 24)
    assert (found.hours, found.time_zone) == ("Monday to Friday 08:00 to 18:00", "Europe/Berlin")


def test_after_hours_the_first_mail_goes_the_next_working_day():
    friday_evening = datetime(2026, 11, 27, 17, 30, tzinfo=UTC)
    assert forecast(1, PACE, friday_evening).first_day == date(2026, 11, 30)
    before_the_end = datetime(2026, 11, 27, 16, 30, tzinfo=UTC)
    assert forecast(1, PACE, before_the_end).first_day == date(2026, 11, 27)


def test_who_waits_in_the_campaign_goes_first():
    found = forecast(50, PACE, MONDAY, waiting_ahead=120)
    assert (found.first_day, found.last_day) == (date(2026, 11, 25), date(2026, 11, 26))


@pytest.mark.parametrize(
    "pace",
    [
        Pace(None, WEEK, "Europe/Berlin"),
        Pace(50, {}, "Europe/Berlin"),
        Pace(50, WEEK, ""),
        Pace(50, WEEK, "Middle/Earth"),
        Pace(50, {"MONDAY": []}, "Europe/Berlin"),
    ],
)
def test_what_the_campaign_does_not_say_is_not_guessed(pace: Pace):
    found = forecast(10, pace, MONDAY)
    assert (found.first_day, found.last_day, found.ends_on) == (None, None, None)


def test_nobody_starts_never_and_too_many_have_no_date():
    assert forecast(0, PACE, MONDAY).first_day is None
    assert forecast(10_000_000, PACE, MONDAY).last_day is None


@pytest.mark.parametrize(
    ("windows", "words"),
    [
        ({"MONDAY": [("08:00", "12:00"), ("13:00", "17:00")]}, "Monday 08:00 to 12:00 and 13:00 to 17:00"),
        ({"MONDAY": [("08:00", "18:00")], "TUESDAY": [("08:00", "18:00")]}, "Monday and Tuesday 08:00 to 18:00"),
        (
            {"MONDAY": [("08:00", "18:00")], "WEDNESDAY": [("08:00", "18:00")]},
            "Monday 08:00 to 18:00, Wednesday 08:00 to 18:00",
        ),
        ({"SATURDAY": [("", "")]}, ""),
        ({}, ""),
    ],
)
def test_hours_read_as_people_say_them(windows: dict[str, list[tuple[str, str]]], words: str):
    assert in_words(windows) == words


def test_a_day_that_ends_at_midnight_is_open_to_its_end():
    late = datetime(2026, 11, 23, 22, 30, tzinfo=UTC)
    pace = Pace(50, {"MONDAY": [("08:00", "24:00")]}, "Europe/London")
    assert forecast(1, pace, late).first_day == date(2026, 11, 23)
