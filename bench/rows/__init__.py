"""One module for each thing measured. ``measure(stage)`` returns the lines of the table."""

# The names on the command line, in the order of the table.
ROWS = {
    "contention": "300 people for 25 places",
    "bookings": "bookings a second",
    "catalogue": "the catalogue",
    "personal": "the personal page",
    "certificate": "certificates",
    "import": "imports",
    "report": "a report over 100,000 bookings",
    "export": "exports of 100,000 rows",
    "mails": "mails a second",
    "start": "cold start",
    "memory": "memory of a web worker",
    "size": "installed size",
}
# "import" is a word of the language.
MODULES = {name: f"bench.rows.{name}" for name in ROWS} | {"import": "bench.rows.importing"}
