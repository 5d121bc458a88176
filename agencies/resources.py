"""The lists of agencies and staff as files: their columns, and what is new or changed in them (R05, R153)."""

from __future__ import annotations

from collections.abc import Iterable

from agencies.domain.importing_agencies import compare_agency, terms_from_the_beginning, write_agencies
from agencies.domain.importing_staff import KnownStaff
from agencies.enums import ChargeTier, Contribution, Sector
from agencies.models import Agency
from core.imports.ledger import Ledger
from core.imports.lookup import by_code, codes_by_key, refuse_circles, refuse_unknown
from core.imports.registry import ImportKind, register_import
from core.imports.resource import CheckedResource, Column
from core.imports.rows import CheckedRow
from core.imports.widgets import ChoiceWidget, DayWidget, EmailWidget, ListWidget, NameWidget, TextWidget, is_address

SECTORS = {label: value for value, label in Sector.choices}
TIERS = {tier: tier for tier in ChargeTier.values}
CONTRIBUTIONS = {word: word for word in Contribution.values}


class DomainWidget(TextWidget):
    """The part of an e-mail address after the @."""

    def clean(self, value: str, row: object = None, **kwargs: object) -> str:
        domain = value.lower().removeprefix("@")
        if not is_address(f"name@{domain}"):
            raise ValueError(f"“{value[:60]}” is not the domain of an email address")
        return domain


class AgenciesResource(CheckedResource):
    """Agencies with the terms on which they belong to the partnership."""

    key = ("code",)

    code = Column(
        TextWidget(20), required=True, about="Short code of the agency, used in the other files", example="ACC"
    )
    name = Column(TextWidget(200), required=True, about="Name", example="Aldermere City Council Children's Services")
    sector = Column(
        ChoiceWidget(SECTORS), required=True, about=f"One of: {'; '.join(SECTORS)}", example="Local authority"
    )
    charge_tier = Column(ChoiceWidget(TIERS), required=True, about="A to G, see the charging policy", example="A")
    contribution = Column(
        ChoiceWidget(CONTRIBUTIONS), required=True, about="What it gives: money, in_kind, both or none", example="money"
    )
    parent_code = Column(TextWidget(20), about="Code of the agency it is a site of, if any")
    finance_email = Column(EmailWidget(), about="Where charges are sent", example="finance@aldermere.example.org")
    cost_code = Column(TextWidget(40), about="Cost code for charges")
    email_domains = Column(
        ListWidget(DomainWidget(200)),
        empty=[],
        about="Domains of its work email addresses, separated by semicolons",
        example="aldermere.example.org",
    )

    def compare(self, rows: list[CheckedRow], refused: list[CheckedRow]) -> None:
        stored = by_code(
            (agency.code, agency) for agency in Agency.objects.of(self.partnership).select_related("parent")
        )
        terms = {term.agency_id: term for term in terms_from_the_beginning(self.partnership)}
        refuse_unknown(rows, "parent_code", parent_of, stored, "agency", "code")
        codes = codes_by_key((agency.code for agency in stored.values()), rows, "code")
        for row in rows:
            for parent in parent_of(row):
                row.values["parent_code"] = codes.get(parent.casefold(), parent)
        edges = {code: [agency.parent.code.casefold()] for code, agency in stored.items() if agency.parent} | {
            row.values["code"].casefold(): [code.casefold() for code in parent_of(row)]
            for row in rows
            if "parent_code" in row.values
        }
        refuse_circles(rows, "parent_code", edges, "the agency would be a site of itself", "code")
        for row in rows:
            if row.is_good:
                agency = stored.get(row.values["code"].casefold())
                compare_agency(row, agency, terms.get(agency.pk) if agency else None)

    def write(self, rows: list[CheckedRow], ledger: Ledger) -> None:
        write_agencies(rows, ledger=ledger)


def parent_of(row: CheckedRow) -> Iterable[str]:
    code = row.values.get("parent_code", "")
    return [code] if code else []


class StaffResource(CheckedResource):
    """People and where they work. One row is a person and their employment at one agency."""

    key = ("email",)

    email = Column(EmailWidget(), required=True, about="Work email address", example="sam.lee@aldermere.example.org")
    first_name = Column(NameWidget(100), required=True, about="First name", example="Sam")
    last_name = Column(NameWidget(100), required=True, about="Last name", example="Lee")
    agency_code = Column(TextWidget(20), required=True, about="Code of the agency the person works for", example="ACC")
    job_title = Column(TextWidget(150), about="Job title", example="Social worker")
    groups = Column(
        ListWidget(TextWidget(71)),
        empty=[],
        about="Codes of the person's groups, separated by semicolons; framework:code for one of another framework",
        example="3;5",
    )
    manager_name = Column(TextWidget(200), about="Line manager's name", example="Jo Marsh")
    manager_email = Column(
        EmailWidget(), about="Line manager's email address", example="jo.marsh@aldermere.example.org"
    )
    start_date = Column(DayWidget(), empty=None, about="First day at the agency, if known", example="2024-09-01")
    end_date = Column(DayWidget(), empty=None, about="Last day at the agency; empty while the person works there")

    def compare(self, rows: list[CheckedRow], refused: list[CheckedRow]) -> None:
        self.staff = KnownStaff(self.partnership, {row.values["email"] for row in rows}, now=self.now)
        for row in refused:
            self.staff.resolve(row)
        for row in rows:
            self.staff.compare(row)

    def write(self, rows: list[CheckedRow], ledger: Ledger) -> None:
        self.staff.write(rows, ledger=ledger)


register_import(
    ImportKind("agencies", "Agencies", "agency", "agencies", "Who takes part, and on what terms", AgenciesResource, 10)
)
register_import(
    ImportKind("staff", "Staff", "person", "people", "People, where they work and their groups", StaffResource, 20)
)
