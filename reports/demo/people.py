"""The demo's staff: invented people of invented agencies, in the columns of a staff file."""

from __future__ import annotations

import random

Row = dict[str, str]


# Agency code -> how many people, and the jobs there with the groups each falls into.
JOBS: dict[str, tuple[int, list[tuple[str, str]]]] = {
    "ACC": (
        85,
        [("Social worker", "3;4"), ("Family support worker", "3"), ("Team manager", "5"), ("Early help worker", "2;3")],
    ),
    "WCC": (
        66,
        [("Social worker", "3;4"), ("Early help worker", "2;3"), ("Practice lead", "4"), ("Team manager", "5")],
    ),
    "AAS": (
        18,
        [("Social worker, adults", "adults:B"), ("Care coordinator", "adults:A"), ("Team manager", "5;adults:C")],
    ),
    "WPH": (10, [("Public health practitioner", "2"), ("Commissioning officer", "2")]),
    "POL": (42, [("Police constable", "2"), ("Detective constable, child protection", "4"), ("Police sergeant", "5")]),
    "ICB": (6, [("Designated nurse", "5"), ("Quality manager", "2")]),
    "AUH": (
        56,
        [("Paediatric nurse", "3"), ("Midwife", "3"), ("Consultant paediatrician", "4;5"), ("Ward manager", "5")],
    ),
    "CVC": (46, [("Health visitor", "3;4"), ("School nurse", "3"), ("Named nurse", "5"), ("Speech therapist", "2;3")]),
    "WMH": (14, [("Community mental health nurse", "3"), ("Psychologist", "3;4")]),
    "RMG": (26, [("General practitioner", "4;5"), ("Practice nurse", "3"), ("Practice manager", "2")]),
    "AMB": (6, [("Paramedic", "2")]),
    "PRB": (22, [("Probation officer", "3"), ("Senior probation officer", "5")]),
    "YJS": (8, [("Youth justice officer", "3;4")]),
    "CAF": (5, [("Family court adviser", "4")]),
    "FRS": (12, [("Community safety officer", "2"), ("Watch manager", "2;5")]),
    "BPS": (16, [("Teacher", "2"), ("Designated safeguarding lead", "5"), ("Teaching assistant", "2")]),
    "SOH": (24, [("Teacher", "2"), ("Designated safeguarding lead", "5"), ("Head of year", "3")]),
    "PET1": (16, [("Teacher", "2"), ("Designated safeguarding lead", "5")]),
    "PET2": (14, [("Teacher", "2"), ("Deputy safeguarding lead", "5")]),
    "PET4": (22, [("Head of year", "3"), ("Designated safeguarding lead", "5"), ("Pastoral lead", "3")]),
    "PET5": (12, [("Teacher", "3"), ("Designated safeguarding lead", "5")]),
    "COL": (22, [("Student support officer", "3"), ("Designated safeguarding lead", "5"), ("Lecturer", "2")]),
    "APS": (12, [("Housemistress", "3"), ("Designated safeguarding lead", "5")]),
    "LAD": (16, [("Nursery practitioner", "2"), ("Nursery manager", "3;5")]),
    "CMN": (18, [("Childminder", "2")]),
    "WHA": (6, [("Housing officer", "2")]),
    "MWR": (14, [("Refuge worker", "3"), ("Children’s worker", "3;4")]),
    "CYA": (14, [("Youth worker", "3"), ("Volunteer coach", "2")]),
    "NCH": (12, [("Project worker", "3"), ("Service manager", "5")]),
    "AIN": (8, [("Community volunteer", "2"), ("Faith leader", "2")]),
    "AFC": (8, [("Welfare officer", "2"), ("Coach", "2")]),
    "HRC": (16, [("Residential worker", "3"), ("Registered manager", "5")]),
    "FOS": (12, [("Foster carer", "3")]),
    "NBC": (4, [("Social worker", "3")]),
    "SEC": (3, [("Consultant", "3")]),
}

# People with a part to play: sign-ins, the training pool, the business unit and the sub-group.
NAMED: list[Row] = [
    {"email": email, "first_name": first, "last_name": last, "agency_code": agency, "job_title": job, "groups": groups}
    for email, first, last, agency, job, groups in [
        ("grace.adeyemi@acc.example.org", "Grace", "Adeyemi", "ACC", "Training administrator", "2"),
        ("tom.hesketh@acc.example.org", "Tom", "Hesketh", "ACC", "Learning and development officer", "5"),
        ("priya.nandakumar@acc.example.org", "Priya", "Nandakumar", "ACC", "Business manager", "6"),
        ("helen.orrell@icb.example.org", "Helen", "Orrell", "ICB", "Designated nurse", "5;6"),
        ("marcus.bell@pol.example.org", "Marcus", "Bell", "POL", "Detective inspector", "5;6"),
        ("amina.qureshi@acc.example.org", "Amina", "Qureshi", "ACC", "Advanced social worker", "4"),
        ("colin.burtwell@wcc.example.org", "Colin", "Burtwell", "WCC", "Practice lead", "4"),
        ("fiona.achebe@auh.example.org", "Fiona", "Achebe", "AUH", "Named doctor", "5"),
        ("jo.lindqvist@cvc.example.org", "Jo", "Lindqvist", "CVC", "Health visitor", "3;4"),
        ("dev.sandhu@pol.example.org", "Dev", "Sandhu", "POL", "Police constable", "4"),
        ("karen.whitlow@pol.example.org", "Karen", "Whitlow", "POL", "Detective sergeant", "4;5"),
        ("rhys.morgan@prb.example.org", "Rhys", "Morgan", "PRB", "Probation officer", "3"),
        ("beth.okonjo@mwr.example.org", "Beth", "Okonjo", "MWR", "Children’s worker", "3;4"),
        ("sunil.perera@acc.example.org", "Sunil", "Perera", "ACC", "Schools safeguarding adviser", "5"),
        ("marta.zielinska@wcc.example.org", "Marta", "Zielinska", "WCC", "Early help coordinator", "3"),
        ("leila.haddad@wmh.example.org", "Leila", "Haddad", "WMH", "Clinical psychologist", "4"),
        ("patrick.nolan@sec.example.org", "Patrick", "Nolan", "SEC", "Specialist trainer", "4"),
        ("ewa.marsh@bps.example.org", "Ewa", "Marsh", "BPS", "Designated safeguarding lead", "5"),
        ("sam.tennant@cvc.example.org", "Sam", "Tennant", "CVC", "Safeguarding lead", "5"),
        ("jade.whitaker@acc.example.org", "Jade", "Whitaker", "ACC", "Social worker", "3;4"),
    ]
]


def staff_rows(rng: random.Random, *, first_names: list[str], last_names: list[str]) -> list[Row]:
    """The staff file of the demo: the named people first, then about 770 others."""
    rows = [{**person, **_manager(person["agency_code"])} for person in NAMED]
    for agency, (count, jobs) in JOBS.items():
        for number in range(count):
            first, last = rng.choice(first_names), rng.choice(last_names)
            job, groups = jobs[number % len(jobs)]
            email = f"{first}.{last}{number}@{agency.lower()}.example.org".lower()
            rows.append(
                {
                    "email": email,
                    "first_name": first,
                    "last_name": last,
                    "agency_code": agency,
                    "job_title": job,
                    "groups": groups,
                    **_manager(agency),
                }
            )
    return rows


def _manager(agency: str) -> Row:
    return {
        "manager_name": "Team manager",
        "manager_email": f"manager@{agency.lower()}.example.org",
        "start_date": "",
        "end_date": "",
    }
