"""A certificate beside plain WeasyPrint on the same page, one alone and fifty in a row; and that none is made twice."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import weasyprint
from django.conf import settings
from django.template.loader import render_to_string

from bookings.documents import certificate_context, certificate_pdf
from bookings.domain.certificates import release_certificate
from bookings.enums import BookingStatus
from bookings.models import Certificate
from core.pdf import VARIANT

from ..client import at_once
from ..lines import Line, at_most_times, exactly, for_information
from ..stage import Stage
from ..timing import seconds
from ..world import World, tidy

MOST = 1.3
ASKED_AT_ONCE = 20


class Press:
    """Certificates that nobody has asked for yet, and plain WeasyPrint for the same pages."""

    def __init__(self, stage: Stage) -> None:
        self.world, self.batch = World(stage, "certificate"), stage.pick(50, 3)
        self.stylesheet = Path(settings.BASE_DIR) / "static" / "print" / "certificate.css"

    def certificates(self, count: int) -> list[Certificate]:
        """New certificates whose PDF is not drawn yet, read as the page reads them."""
        session = self.world.sessions(1, capacity=count, days_ahead=-10)[0]
        bookings = self.world.book(session, self.world.people(count), BookingStatus.ATTENDED)
        made = [release_certificate(booking=booking, by=None, now=self.world.now).pk for booking in bookings]
        tidy()
        return list(Certificate.objects.filter(pk__in=made).select_related("booking__session__course", "partnership"))

    def page_of(self, certificate: Certificate) -> str:
        context = {**certificate_context(certificate), "title": "Certificate of attendance", "language": "en-GB"}
        return render_to_string("bookings/certificate_pdf.html", context)

    def plain(self, page: str, **options: Any) -> bytes:
        """WeasyPrint by its handbook: a page and its stylesheet."""
        document = weasyprint.HTML(string=page)
        drawn: bytes = document.write_pdf(stylesheets=[weasyprint.CSS(filename=self.stylesheet)], **options)
        return drawn

    def plain_batch(self, pages: list[str]) -> None:
        """WeasyPrint for many pages: fonts and stylesheet are prepared once."""
        fonts = weasyprint.text.fonts.FontConfiguration()
        css = weasyprint.CSS(filename=self.stylesheet, font_config=fonts)
        for page in pages:
            weasyprint.HTML(string=page).write_pdf(stylesheets=[css], font_config=fonts, pdf_variant=VARIANT)


def by_turns(runs: int, *acts: Callable[[], Any]) -> list[float]:
    """The median time of each act in milliseconds, taking turns after one that does not count."""
    for act in acts:
        act()
    times = [[seconds(act) * 1000 for act in acts] for _ in range(runs)]
    return [median(column) for column in zip(*times, strict=True)]


def measure(stage: Stage) -> list[Line]:
    press = Press(stage)
    runs = stage.pick(9, 2)
    waiting = press.certificates(runs + 1)
    page = press.page_of(waiting[0])
    single, plain, same_kind = by_turns(
        runs,
        lambda: certificate_pdf(waiting.pop()),
        lambda: press.plain(page),
        lambda: press.plain(page, pdf_variant=VARIANT),
    )
    batches = [press.certificates(press.batch) for _ in range(stage.runs + 1)]
    pages = [press.page_of(certificate) for certificate in batches[0]]
    ours, bare = by_turns(
        stage.runs,
        lambda: [certificate_pdf(certificate) for certificate in batches.pop()],
        lambda: press.plain_batch(pages),
    )
    again = Certificate.objects.get(pk=press.certificates(1)[0].pk)
    certificate_pdf(again)
    kept = Certificate.objects.get(pk=again.pk)
    repeated = by_turns(runs, lambda: certificate_pdf(kept))[0]
    return [
        at_most_times("One certificate, asked for the first time", single, plain, "ms", most=MOST),
        for_information(
            "The same beside WeasyPrint told to make tagged PDF/UA, as ours is", single, "ms", bare=same_kind
        ),
        at_most_times(
            f"A certificate in a batch of {press.batch}", ours / press.batch, bare / press.batch, "ms", most=MOST
        ),
        for_information("The same certificate again: it is kept", repeated, "ms"),
        exactly(
            f"Different files when {ASKED_AT_ONCE} ask for one new certificate at once", files_at_once(stage, press), 1
        ),
    ]


def files_at_once(stage: Stage, press: Press) -> int:
    """How many different PDFs come of one certificate that many ask for at the same moment through the web."""
    certificate = press.certificates(1)[0]
    visitor = stage.visitor("certificate", press.world.sign_in([certificate.booking.person])[0])
    path = f"/my/certificates/{certificate.number}.pdf"
    answers = at_once(visitor.get(path) for _ in range(ASKED_AT_ONCE))
    kept = list(Path(settings.MEDIA_ROOT).rglob(f"*{certificate.number}*"))
    return max(len({answer.body for answer in answers}), len(kept))
