"""Every address is asked for by everyone, with every method, and answers what access.csv states.

An address missing from the table fails. Foreign objects answer exactly as missing ones do, and nothing of another
partnership shows anywhere. To see what a new address answers, run this file with ``SHOW_ACCESS=1``: it prints the rows.
"""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from . import world
from .kwargs import values_for
from .world import ACTORS, HOST, OTHER_HOST, Place

pytestmark = [pytest.mark.django_db, pytest.mark.once]
TABLE_FILE = Path(__file__).parent / "access.csv"
METHODS = ("GET", "POST")
MARKER = "Zebraquartz"
URLS = sorted(set(world.every_url()))


def table() -> dict[tuple[str, str], dict[str, int]]:
    with TABLE_FILE.open(newline="") as file:
        rows = list(csv.DictReader(file))
    return {(row["address"], row["method"]): {actor: int(row[actor]) for actor in ACTORS} for row in rows}


TABLE = table()


class _Undo(Exception):
    pass


def ask(client: Client, method: str, path: str, *, host: str = HOST) -> Any:
    """One request whose changes are rolled back, so that no cell depends on another."""
    kept = {name: morsel.value for name, morsel in client.cookies.items()}
    response = None
    try:
        with transaction.atomic():
            response = client.generic(method, path, headers={"host": host})
            if getattr(response, "streaming", False):
                b"".join(response.streaming_content)
            raise _Undo
    except _Undo:
        pass
    for name in list(client.cookies):
        if name not in kept:
            del client.cookies[name]
    for name, value in kept.items():
        client.cookies[name] = value
    return response


@pytest.fixture
def places() -> tuple[Place, Place]:
    return world.build_place(HOST), world.build_place(OTHER_HOST, MARKER)


def requests_of(here: Place) -> Iterator[tuple[str, str]]:
    """Each address with its path at the first partnership."""
    for name, parameters in URLS:
        yield name, world.address(name, here, values_for(name, parameters, here))


@pytest.mark.parametrize("actor", ACTORS)
def test_everyone_gets_exactly_what_the_table_states(actor: str, places: tuple[Place, Place]) -> None:
    here, there = places
    client = world.client_of(actor, here, world.accounts(here, there))
    wrong = []
    for name, path in requests_of(here):
        for method in METHODS:
            response = ask(client, method, path)
            expected = TABLE.get((name, method), {}).get(actor)
            if os.environ.get("SHOW_ACCESS"):
                print(f"CELL,{name},{method},{actor},{response.status_code}")
            if response.status_code != expected:
                wrong.append(f"{method} {path} ({name}): {response.status_code}, the table states {expected}")
            if MARKER.encode() in response.content:
                wrong.append(f"{method} {path} shows something of another partnership")
        head = ask(client, "HEAD", path).status_code
        if head not in (TABLE.get((name, "GET"), {}).get(actor), 405):
            wrong.append(f"HEAD {path}: {head}")
        for method in ("PUT", "PATCH", "DELETE", "OPTIONS"):
            status = ask(client, method, path).status_code
            if status != 405:
                wrong.append(f"{method} {path}: {status}, every page refuses this method with 405")
    assert not wrong, "\n" + "\n".join(wrong)


def test_the_table_names_every_address_and_no_other() -> None:
    stated = {name for name, _ in TABLE}
    assert stated == {name for name, _ in URLS}


def _without_tokens(body: bytes) -> bytes:
    return re.sub(rb'(csrfmiddlewaretoken" value=|nonce-|[Rr]eference:? ?)"?[\w-]+', b"", body)


def _neutral(body: bytes, path: str, values: dict[str, Any]) -> bytes:
    """A page without what was typed into the address: a form may show it again."""
    body = _without_tokens(body).replace(path.encode(), b"")
    for value in values.values():
        body = body.replace(f'value="{value}"'.encode(), b"")
    return body


@pytest.mark.parametrize("actor", ["practitioner", "trainer", "administrator", "subgroup_chair"])
def test_a_foreign_object_answers_as_a_missing_one_does(actor: str, places: tuple[Place, Place]) -> None:
    here, there = places
    client = world.client_of(actor, here, world.accounts(here, there))
    for name, parameters in URLS:
        if set(parameters) <= {"kind"} or name.startswith(("account_", "mfa_", "usersessions_")):
            continue
        theirs, nobodys = values_for(name, parameters, there), values_for(name, parameters, None)
        foreign, missing = world.address(name, there, theirs), world.address(name, there, nobodys)
        for method in METHODS:
            one, other = ask(client, method, foreign), ask(client, method, missing)
            same_body = _neutral(one.content, foreign, theirs) == _neutral(other.content, missing, nobodys)
            assert one.status_code == other.status_code, f"{method} {foreign}: {one.status_code}, {other.status_code}"
            assert same_body, f"{method} {foreign} differs from a missing one"
            assert one.status_code in (302, 403, 404, 405) or name.startswith("bookings:certificate_check"), foreign
