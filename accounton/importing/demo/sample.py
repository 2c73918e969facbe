"""The list to try with: some 300 made-up customers with everything that can happen in one."""

from functools import cache
from itertools import islice
from typing import BinaryIO

from accounton.importing.demo.people import people
from accounton.offices.models import Office
from accounton.rows.columns import COLUMNS
from accounton.rows.template import write_list

KNOWN, NEW = 40, 262
RESPONSIBLE = "tom@demo.example"
# What people get wrong, by column: each stands in a row of its own.
WRONG: tuple[dict[str, str], ...] = (
    {"mobile": "0478 12 34 56"},
    {"mobile": "0496/77.10.02"},
    {"mobile": "0471 55 01 19"},
    {"mobile": "+32478"},
    {"national_number": "85073003329"},
    {"national_number": "85.07.30-033.29"},
    {"spouse_national_number": "12345678901"},
    {"email": "jules bogaert@telenet.example"},
    {"email": ""},
    {"email": "els@telenet.example; jan@telenet.example"},
    {"language": "duits"},
    {"language": "duits"},
    {"language": ""},
    {"first_name": ""},
    {"last_name": ""},
    {"enterprise_number": "0123456789"},
    {"deadline": "ergens in oktober"},
    {"type": "company"},
)
# What is put right by itself.
UNTIDY: tuple[dict[str, str], ...] = (
    {"mobile": "0032478123457"},
    {"mobile": "+32 (0)478 12 34 58"},
    {"email": "mailto:lotte@telenet.example"},
    {"language": "Nederlands"},
    {"language": "Frans"},
    {"labels": "kantoor Gent , zelfstandig"},
)
# What the list says differently of customers who are known already.
MOVED: tuple[dict[str, str], ...] = (
    {"mobile": "+32495123456"},
    {"street": "Stationsplein", "house_number": "11", "postal_code": "9300", "city": "Aalst", "box": ""},
    {"email": "ilse.dupont@telenet.example", "language": "french"},
)


def sample_rows(colleague: str = RESPONSIBLE) -> list[dict[str, str]]:
    """Give the rows of the list as texts by column key: known ones, new ones, untidy and wrong ones, in turn."""
    rows = [dict(person.values) for person in islice(people(), KNOWN - 10, KNOWN + NEW)]
    for position, change in enumerate((*UNTIDY * 4, *WRONG)):
        rows[12 + position * 5] |= change
    for position in range(3, len(rows), 9):
        number = rows[position]["national_number"]
        if len(number) == 11:
            rows[position]["national_number"] = f"{number[:2]}.{number[2:4]}.{number[4:6]}-{number[6:9]}.{number[9:]}"
    for row in rows[::2]:
        row["responsible"] = colleague
    for row, change in zip(rows, MOVED, strict=False):
        row.update(change)
    return [*rows, dict(rows[20]), *_couples(), *_namesakes()]


@cache
def sample_size() -> int:
    """Count the rows of the list."""
    return len(sample_rows())


def _couples() -> list[dict[str, str]]:
    """Give two couples on two rows each, as the template asks not to."""
    found = [dict(person.values) for person in islice(people(), KNOWN + NEW, KNOWN + NEW + 4)]
    home = ("street", "house_number", "box", "postal_code", "city")
    for main, partner in (found[:2], found[2:]):
        main["spouse_national_number"], partner["spouse_national_number"] = partner["national_number"], ""
        partner |= {key: main[key] for key in home}
    return found


def _namesakes() -> list[dict[str, str]]:
    """Give rows that look like customers who are known: a son of one name, another person's mailbox, a company."""
    father, wife, firm = (dict(person.values) for person in islice(people(), 3))
    father |= {"national_number": "", "email": "zoon@telenet.example", "client_code": "K2001", "mobile": ""}
    wife |= {"first_name": "Mieke", "national_number": "", "client_code": "K2002", "spouse_national_number": ""}
    firm |= {"first_name": "Bakkerij", "last_name": "De Korenaar BV", "email": "info@korenaar.example"}
    firm |= {"national_number": "", "spouse_national_number": "", "client_code": "K2003", "enterprise_number": ""}
    return [father, wife, firm]


def known_rows() -> list[dict[str, str]]:
    """Give the forty customers that the demo office starts with; the first thirty are not in the sample list."""
    rows = [dict(person.values) for person in islice(people(), KNOWN)]
    for row in rows[::2]:
        row["responsible"] = RESPONSIBLE
    return rows


def write_sample(target: BinaryIO, office: Office) -> None:
    """Write the list as a workbook with the English headers of the template."""
    colleague = office.staff.order_by("-email").values_list("email", flat=True).first() or ""
    write_list(target, [[row.get(column.key, "") for column in COLUMNS] for row in sample_rows(colleague)])
