"""The pages of background work: progress without scripts, and a stop that asks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from core.models import AuditEvent, Job, Partnership

State = Job.State
pytestmark = pytest.mark.django_db


def job(partnership: Partnership, **values: Any) -> Job:
    return Job.objects.create(partnership=partnership, kind="tried", title="Import of staff", **values)


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_one_and_for_three(
    partnership: Partnership, admin: Client, count: int, own_statements: Callable[[Client, str], int]
) -> None:
    for _ in range(count):
        job(partnership, state=State.RUNNING, done=3, total=9)
    assert own_statements(admin, "/manage/jobs/") == 3
    assert admin.get("/manage/jobs/").content.decode().count("3 of 9") == count


def test_an_empty_list_says_so(admin: Client) -> None:
    assert "Nothing is running" in admin.get("/manage/jobs/").content.decode()


def test_a_running_job_shows_real_progress_and_a_way_to_refresh_without_scripts(
    partnership: Partnership, admin: Client
) -> None:
    running = job(partnership, state=State.RUNNING, done=261, total=412, message="261 done")
    page = admin.get(f"/manage/jobs/{running.pk}/").content.decode()
    assert 'max="412" value="261"' in page
    assert f'<a class="govuk-link" href="/manage/jobs/{running.pk}/">Refresh</a>' in page
    assert 'hx-trigger="every 2s"' in page


def test_a_finished_job_asks_no_more_and_leads_to_its_result(partnership: Partnership, admin: Client) -> None:
    over = job(partnership, state=State.FINISHED, message="409 added", result={"path": "/manage/imports/1/"})
    page = admin.get(f"/manage/jobs/{over.pk}/").content.decode()
    assert "409 added" in page
    assert 'href="/manage/imports/1/"' in page
    assert "hx-trigger" not in page
    assert "<form" not in page.split("<main", 1)[1]


def test_stopping_is_asked_for_and_noted(partnership: Partnership, admin: Client) -> None:
    running = job(partnership, state=State.RUNNING)
    assert admin.get(f"/manage/jobs/{running.pk}/stop/").status_code == 405
    page = admin.post(f"/manage/jobs/{running.pk}/stop/", follow=True).content.decode()
    assert "We have asked it to stop." in page
    assert Job.objects.get(pk=running.pk).stop_asked
    assert AuditEvent.objects.get(action="job.stop_asked").reference == ""
    over = job(partnership, state=State.FAILED)
    assert "nothing to stop" in admin.post(f"/manage/jobs/{over.pk}/stop/", follow=True).content.decode()


def test_others_see_nothing(
    partnership: Partnership, other_partnership: Partnership, admin: Client, learner: Client
) -> None:
    foreign, own = job(other_partnership), job(partnership)
    for path in ("", "stop/"):
        ask = admin.post if path else admin.get
        answers = [ask(f"/manage/jobs/{pk}/{path}") for pk in (foreign.pk, 10**9, 10**25)]
        assert [answer.status_code for answer in answers] == [404] * 3
    assert [learner.get(f"/manage/jobs/{tail}").status_code for tail in ("", f"{own.pk}/")] == [403, 403]
    assert Client(headers={"host": "aldermere.example.org"}).get("/manage/jobs/").status_code == 302
