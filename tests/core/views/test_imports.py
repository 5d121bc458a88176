"""Bringing lists in on the screen, with nothing but forms and links."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from accounts.permissions import Role
from agencies.models import Employment, Person
from core.imports.uploads import MOST_AT_ONCE, forget_uploads
from core.jobs import run_jobs
from core.models import ImportRun, Job, OutboxMessage, Partnership
from core.spreadsheets import MOST_BYTES
from tests.factories import AgencyFactory, EmploymentFactory, person_with_account, sign_in
from tests.support.hostile_files import MAKERS
from tests.support.lists import STAFF, as_csv, load_aldermere, person

pytestmark = pytest.mark.django_db
LIST = "/manage/imports/"
NEW = "/manage/imports/new/staff/"


@pytest.fixture
def aldermere(db: None) -> Partnership:
    partnership = load_aldermere()
    AgencyFactory(partnership=partnership, code="ACC")
    return partnership


@pytest.fixture
def admin(aldermere: Partnership, settings: Any, tmp_path: Path) -> Client:
    """An administrator's browser; uploads go to a folder of the test."""
    settings.MEDIA_ROOT = str(tmp_path / "media")
    client = Client(headers={"host": "aldermere.localhost"})
    return sign_in(client, person_with_account(aldermere, Role.ADMINISTRATOR))


def upload(client: Client, rows: list[list[str]], name: str = "staff.csv", kind: str = "staff") -> Any:
    file = SimpleUploadedFile(name, as_csv(STAFF, rows).encode())
    return client.post(f"/manage/imports/new/{kind}/", {"file": file}, follow=True)


def run_of(response: Any) -> ImportRun:
    return ImportRun.objects.get(pk=int(re.search(r"/manage/imports/(\d+)/", response.request["PATH_INFO"])[1]))  # type: ignore[index]


def text_of(response: Any) -> str:
    """The words of a page, without tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_the_list_names_the_kinds_in_their_order(admin: Client) -> None:
    page = text_of(admin.get(LIST))
    assert re.findall(r"Agencies|Staff|Courses|Sessions|Bookings", page.split("top to bottom")[1])[:5] == [
        "Agencies",
        "Staff",
        "Courses",
        "Sessions",
        "Bookings",
    ]
    assert "No file has been uploaded yet." in page


def test_a_kind_explains_its_columns_and_has_an_empty_file(admin: Client) -> None:
    page = text_of(admin.get(NEW))
    assert "Code of the agency the person works for" in page
    template = admin.get(f"{NEW}template.csv")
    assert template.content.decode("utf-8-sig").strip() == STAFF
    assert template["Content-Disposition"].startswith('attachment; filename="staff.csv"')


def test_upload_check_import_and_take_back(admin: Client) -> None:
    checked = upload(admin, [person(), person("jo@acc.example.org", groups="9")])
    page = text_of(checked)
    assert "You are about to add 1 and change 0. 1 wrong row will be left out" in page
    assert "there is no group “9”" in page
    assert not Person.objects.filter(email="sam.lee@acc.example.org").exists()

    run = run_of(checked)
    done = admin.post(f"{LIST}{run.pk}/start/", {"good_rows_only": "yes"}, follow=True)
    assert "staff.csv was brought in." in text_of(done)
    assert "Left out 1" in text_of(done)
    assert Person.objects.filter(email="sam.lee@acc.example.org").count() == 1
    run.refresh_from_db()
    assert (run.state, run.new, run.refused) == ("imported", 1, 1)

    assert "Take back the import of staff.csv?" in text_of(admin.get(f"{LIST}{run.pk}/undo/"))
    undone = admin.post(f"{LIST}{run.pk}/undo/", follow=True)
    assert "The import of staff.csv was taken back." in text_of(undone)
    assert not Person.objects.filter(email="sam.lee@acc.example.org").exists()


def test_all_rows_or_nothing_unless_good_rows_are_asked_for(admin: Client) -> None:
    run = run_of(upload(admin, [person(), person("jo@acc.example.org", groups="9")]))
    page = text_of(admin.post(f"{LIST}{run.pk}/start/", follow=True))
    assert "Some rows are wrong now, so nothing was brought in." in page
    assert not Person.objects.filter(email="sam.lee@acc.example.org").exists()


def test_changed_rows_are_shown_with_before_and_after(admin: Client) -> None:
    run = run_of(upload(admin, [person()]))
    admin.post(f"{LIST}{run.pk}/start/")
    page = text_of(upload(admin, [person(job_title="Head of <b>care</b>")]))
    assert "job_title : Social worker → becomes Head of &lt;b&gt;care&lt;/b&gt;" in page


def test_a_file_that_brings_nothing_new_says_so(admin: Client) -> None:
    run = run_of(upload(admin, [person()]))
    admin.post(f"{LIST}{run.pk}/start/")
    assert "We know all of this already, so there is nothing to bring in." in text_of(upload(admin, [person()]))


def test_the_wrong_rows_come_back_with_their_reasons(admin: Client) -> None:
    run = run_of(upload(admin, [person(), person("jo@acc.example.org", groups="9", start_date="=1+1")]))
    answer = admin.get(f"{LIST}{run.pk}/wrong-rows.csv")
    assert answer.content.decode("utf-8-sig").splitlines() == [
        f"line,what is wrong,{STAFF}",
        "3,start_date: “=1+1” is not a date. Write it as 2025-03-27 or 27/03/2025; groups: there is no group “9”,"
        "jo@acc.example.org,Sam,Lee,ACC,Social worker,9,Jo Marsh,jo.marsh@acc.example.org,'=1+1,",
    ]


@pytest.mark.parametrize("what", ["a web page", "a zip bomb of high ratio", "nothing at all", "UTF-16", "macros"])
def test_a_file_that_cannot_be_used_is_an_error_at_the_field(admin: Client, what: str) -> None:
    name, data = MAKERS[what]()
    answer = admin.post(NEW, {"file": SimpleUploadedFile(name, data)})
    html = answer.content.decode()
    assert "<title>Error: Import people" in html
    assert 'href="#id_file"' in html
    assert 'id="id_file_error"' in html
    assert not ImportRun.objects.exists()


def test_no_file_is_an_error_at_the_field(admin: Client) -> None:
    answer = admin.post(NEW, {})
    assert "Select a file" in text_of(answer)
    assert answer.content.decode().count('href="#id_file"') == 1


@pytest.mark.parametrize("name", ["../../etc/passwd.csv", "a" * 180 + ".csv", "Łódź; a=b.csv"])
def test_odd_file_names_do_no_harm(admin: Client, name: str, tmp_path: Path) -> None:
    answer = upload(admin, [person()], name=name)
    assert answer.status_code == 200
    run = ImportRun.objects.get()
    assert "/" not in run.file_name
    assert Path(run.file.path).resolve().is_relative_to(tmp_path)


def test_no_upload_fills_the_disk(admin: Client, tmp_path: Path, settings: Any) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    answer = admin.post(NEW, {"file": SimpleUploadedFile("staff.csv", b"x" * (MOST_BYTES + 3_000_000))})
    assert "The file is larger than 20 MB. Split it into several files" in text_of(answer)
    assert answer.wsgi_request.FILES["file"].size <= MOST_BYTES + 2 * 65_536


def test_a_kind_that_does_not_exist_is_not_found(admin: Client) -> None:
    assert admin.get("/manage/imports/new/cats/").status_code == 404
    assert admin.get("/manage/imports/new/cats/template.csv").status_code == 404


def test_an_upload_of_another_partnership_is_not_found(admin: Client, other_partnership: Partnership) -> None:
    foreign = ImportRun.objects.create(partnership=other_partnership, kind="staff", file_name="x.csv")
    for path in ("", "wrong-rows.csv", "undo/"):
        assert admin.get(f"{LIST}{foreign.pk}/{path}").status_code == 404
    assert admin.post(f"{LIST}{foreign.pk}/start/").status_code == 404


def test_only_an_administrator_may_import(aldermere: Partnership) -> None:
    client = sign_in(Client(headers={"host": "aldermere.localhost"}), person_with_account(aldermere, Role.TRAINER))
    assert [client.get(path).status_code for path in (LIST, NEW, f"{NEW}template.csv")] == [403, 403, 403]
    assert client.post(NEW, {}).status_code == 403


def test_bringing_in_twice_changes_nothing(admin: Client) -> None:
    run = run_of(upload(admin, [person()]))
    admin.post(f"{LIST}{run.pk}/start/")
    again = admin.post(f"{LIST}{run.pk}/start/", follow=True)
    assert "This file was brought in already." in text_of(again)
    assert Person.objects.filter(email="sam.lee@acc.example.org").count() == 1


def test_taking_back_says_what_stands_against_it(admin: Client, aldermere: Partnership) -> None:
    run = run_of(upload(admin, [person()]))
    admin.post(f"{LIST}{run.pk}/start/")
    EmploymentFactory(
        person=Person.objects.get(email="sam.lee@acc.example.org"), agency=AgencyFactory(partnership=aldermere)
    )
    page = text_of(admin.post(f"{LIST}{run.pk}/undo/", follow=True))
    assert "because of what was done since: person Sam Lee has employments." in page


@pytest.fixture
def many() -> list[list[str]]:
    return [person(f"p{number}@acc.example.org") for number in range(MOST_AT_ONCE + 1)]


def test_many_rows_are_checked_and_brought_in_as_long_work(admin: Client, many: list[list[str]]) -> None:
    waiting = upload(admin, [*many, person("bad")])
    assert "We are working on this file" in text_of(waiting)
    assert 'hx-trigger="every 2s"' in waiting.content.decode()
    assert run_jobs(timezone.now()) == 1
    run = run_of(waiting)
    page = f"{LIST}{run.pk}/"
    assert "You are about to add 2001 and change 0. 1 wrong row will be left out" in text_of(admin.get(page))

    started = admin.post(f"{page}start/", {"good_rows_only": "yes"}, follow=True)
    assert "Importing staff.csv" in text_of(started)
    admin.post(f"{page}start/", {"good_rows_only": "yes"})
    assert Job.objects.filter(kind="import_write").count() == 1
    assert run_jobs(timezone.now()) == 1
    assert Employment.objects.filter(person__email__startswith="p").count() == MOST_AT_ONCE + 1
    job = Job.objects.get(kind="import_write")
    assert (job.state, job.result["path"], job.total) == ("finished", page, MOST_AT_ONCE + 1)
    assert OutboxMessage.objects.filter(kind="job_finished").count() == 2
    assert "Imported" in text_of(admin.get(page))


def test_a_job_that_runs_again_after_a_crash_changes_nothing(admin: Client, many: list[list[str]]) -> None:
    run = run_of(upload(admin, many))
    run_jobs(timezone.now())
    admin.post(f"{LIST}{run.pk}/start/")
    run_jobs(timezone.now())
    Job.objects.filter(kind="import_write").update(state="waiting")
    run_jobs(timezone.now())
    assert Job.objects.get(kind="import_write").state == "finished"
    assert Person.objects.filter(email__startswith="p").count() == MOST_AT_ONCE + 1


def test_uploads_are_deleted_after_a_day_and_counts_stay(admin: Client) -> None:
    kept = run_of(upload(admin, [person(), person("jo@acc.example.org", groups="9")]))
    admin.post(f"{LIST}{kept.pk}/start/", {"good_rows_only": "yes"})
    left = run_of(upload(admin, [person("new@acc.example.org")]))
    paths = [Path(run.file.path) for run in (kept, left)]
    assert all(path.exists() for path in paths)
    assert forget_uploads(timezone.now() + dt.timedelta(hours=23)) == 0
    tomorrow = timezone.now() + dt.timedelta(hours=24, minutes=1)
    assert forget_uploads(tomorrow) == 3
    assert forget_uploads(tomorrow) == 0
    assert not any(path.exists() for path in paths)
    kept.refresh_from_db()
    assert (kept.new, kept.refused, kept.problems, kept.preview, kept.undo) == (1, 1, [], {}, {})
    assert not ImportRun.objects.filter(pk=left.pk).exists()
    page = text_of(admin.get(f"{LIST}{kept.pk}/"))
    assert "Take it back" not in page
    assert "we keep uploads for 24 hours" in text_of(admin.get(f"{LIST}{kept.pk}/wrong-rows.csv", follow=True))
