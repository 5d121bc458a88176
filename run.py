#!/usr/bin/env python3
"""The one door to Archway, for a person and for the build. Needs Python 3.11 or later and nothing else.

python3 run.py                 set up everything and start the service on this machine
python3 run.py setup           only set up: environment, packages, front-end assets
python3 run.py test            the whole suite, on SQLite, on PostgreSQL and Redis, and in a browser
python3 run.py test PATH ...   some tests, on SQLite; options go on to pytest
python3 run.py test-race       only the tests with many at once
python3 run.py test-fault      only the tests that stop processes in mid-work
python3 run.py check           lint, types, layers, settings, migrations, lock files
python3 run.py fix             put right what can be put right by itself
python3 run.py bench           measure speed and size beside a bare program
python3 run.py manage ...      a command of Django
python3 run.py lock            write the lock files anew after a change of pyproject.toml
"""

from __future__ import annotations

import os
import sys

if sys.version_info < (3, 11):  # noqa: UP036 - said in words before anything newer is used
    sys.exit("Archway needs Python 3.11 or later; this is " + sys.version.split()[0] + ".")

from tools import assets, checks, environment, system, testing
from tools.say import Failure, say


def set_up(*, develop: bool = False) -> None:
    """Everything that has to be there before the service or its tests can run."""
    environment.prepare(develop=develop)
    assets.prepare()
    system.provide(system.PDF)


def start(arguments: list[str]) -> int:
    """Set up, prepare the database (with the demonstration on an empty one) and serve until Ctrl-C."""
    set_up()
    if "--port" in arguments[:-1]:  # links in mails and on pages lead to where we serve
        os.environ.setdefault("SITE_BASE_URL", f"http://localhost:{arguments[arguments.index('--port') + 1]}")
    return environment.become("serve", "--prepare", *arguments)


def only_set_up(arguments: list[str]) -> int:
    set_up()
    say("Ready. Start with: python3 run.py")
    return 0


def test(arguments: list[str]) -> int:
    set_up(develop=True)
    return testing.some(arguments) if arguments else testing.everything()


def test_race(arguments: list[str]) -> int:
    set_up(develop=True)
    return testing.marked("races", arguments)


def test_fault(arguments: list[str]) -> int:
    set_up(develop=True)
    return testing.marked("faults", arguments)


def check(arguments: list[str]) -> int:
    set_up(develop=True)
    return checks.check()


def fix(arguments: list[str]) -> int:
    environment.prepare(develop=True)
    return checks.fix()


def bench(arguments: list[str]) -> int:
    set_up(develop=True)
    return environment.run_module("bench", *arguments)


def manage(arguments: list[str]) -> int:
    set_up()
    return environment.become(*arguments)


def lock(arguments: list[str]) -> int:
    environment.write_locks()
    return 0


COMMANDS = {
    "setup": only_set_up,
    "test": test,
    "test-race": test_race,
    "test-fault": test_fault,
    "check": check,
    "fix": fix,
    "bench": bench,
    "manage": manage,
    "lock": lock,
}


def main(arguments: list[str]) -> int:
    """Run the command that ``arguments`` name. Returns the exit code."""
    if arguments and arguments[0] in ("help", "-h", "--help"):
        say(__doc__ or "")
        return 0
    if not arguments or arguments[0].startswith("-"):
        return start(arguments)
    command = COMMANDS.get(arguments[0])
    if command is None:
        say(f"There is no command {arguments[0]!r}.\n{__doc__}")
        return 2
    return command(arguments[1:])


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Failure as failure:
        sys.exit(f"\n{failure}")
    except KeyboardInterrupt:
        sys.exit(130)
