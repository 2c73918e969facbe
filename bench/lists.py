"""Lists as offices have them, made up: `python -m bench.lists ROWS OUT.xlsx [FIRST]`. The same rows every time.

Most rows are tidy. About two in a hundred are put right by themselves (a phone with 0032, a number with dots), two in a
hundred cannot be imported, a quarter are joint returns. No national number comes twice.
"""

import random
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from accounton.belgium import enterprise_numbers, national_numbers
from accounton.rows.columns import KEYS
from accounton.rows.template import write_list

FIRST_NAMES = (
    "Jan An Piet Marie Luc Sofie Thomas Emma Lucas Louise Noah Olivia Arthur Julie Louis Camille Jules Elise Adam Lina "
    "Victor Nora Mohamed Fatima Youssef Yasmine Koen Ilse Bart Veerle Dirk Greet Benoît Nathalie Hervé Chloé Zoë Inès "
    "Jean-Pierre Anne-Marie Gert-Jan Marie-Louise"
).split()
LAST_NAMES = (
    "Peeters,Janssens,Maes,Jacobs,Mertens,Willems,Claes,Goossens,Wouters,De Smet,Dubois,Lambert,Dupont,Martin,Simon,"
    "Van den Bossche,Van Damme,De Clercq,Vermeulen,Hermans,Aerts,Michiels,El Amrani,Yılmaz,D'Hondt,De Backer,Leclercq,"
    "Vandenberghe,Desmet,Van de Velde,Lemaire,Bogaert,Declercq,Hendrickx,Smets,Renard,Lefèvre,Nguyen,Kowalski,Müller"
).split(",")
PLACES = tuple(
    tuple(place.split(":"))
    for place in (
        "9300:Aalst:dutch 9000:Gent:dutch 2000:Antwerpen:dutch 3000:Leuven:dutch 8500:Kortrijk:dutch 9400:Ninove:dutch "
        "2800:Mechelen:dutch 8000:Brugge:dutch 3500:Hasselt:dutch 4000:Liège:french 5000:Namur:french 7000:Mons:french "
        "1300:Wavre:french 1000:Bruxelles:french 1050:Ixelles:english"
    ).split()
)
STREETS = (
    "Kerkstraat,Stationsstraat,Molenstraat,Dorpsstraat,Nieuwstraat,Schoolstraat,Veldstraat,Kasteellaan,Rue de l'Église,"
    "Rue de la Station,Grand-Place,Avenue Louise,Chaussée de Namur,Sint-Jozefslaan,Leopoldlaan"
).split(",")
DOMAINS = "telenet.be,gmail.com,skynet.be,hotmail.com,outlook.com,proximus.be,icloud.com,voorbeeld.be".split(",")
LABELS = ("", "", "", "Kantoor Gent", "Kantoor Gent", "Kantoor Aalst", "Kantoor Gent,Zelfstandig", "Zelfstandig,VIP")
STAFF = ("els.claes@kantoor.be", "tom.baert@kantoor.be", "sarah.dewit@kantoor.be")
FIRST_BIRTH = date(1935, 1, 1)
BIRTH_DAYS = (date(2004, 1, 1) - FIRST_BIRTH).days

Row = dict[str, str]


def rows(count: int, seed: int = 8, first: int = 0) -> Iterator[Row]:
    """Give rows as texts by column key, other people for another `first`; lists of the same seed begin alike."""
    chance = random.Random(seed)
    for number in range(first, first + count):
        row = _tidy(chance, number)
        kind = chance.random()
        if kind < 0.02:
            row |= chance.choice(UNTIDY)(row)
        elif kind < 0.04:
            row |= chance.choice(WRONG)(row)
        yield row


def national_number(place: int) -> str:
    """Give the number in this place of an endless row of different valid ones, in no visible order."""
    day, serial = place * 7919 % BIRTH_DAYS, place // BIRTH_DAYS % 997 + 1
    born = FIRST_BIRTH + timedelta(days=day)
    nine = f"{born:%y%m%d}{serial:03d}"
    return nine + national_numbers.check_digits(nine, from_2000=born.year >= 2000)


def enterprise_number(place: int) -> str:
    """Give the enterprise number in this place of an endless row of different valid ones."""
    eight = f"{4_000_000 + place:08d}"
    return eight + enterprise_numbers.check_digits(eight)


def _tidy(chance: random.Random, number: int) -> Row:
    first, last = chance.choice(FIRST_NAMES), chance.choice(LAST_NAMES)
    postal_code, city, language = chance.choice(PLACES)
    joint, self_employed = chance.random() < 0.25, chance.random() < 0.1
    return {
        "type": "person",
        "first_name": first,
        "last_name": last,
        "email": f"{_letters(first)}.{_letters(last)}{number}@{chance.choice(DOMAINS)}",
        "mobile": f"+324{chance.choice('56789')}{chance.randrange(10_000_000):07d}" if chance.random() < 0.9 else "",
        "national_number": national_number(2 * number) if chance.random() < 0.95 else "",
        "street": chance.choice(STREETS),
        "house_number": f"{chance.randint(1, 250)}{chance.choice(('', '', '', '', 'A', 'B'))}",
        "box": str(chance.randint(1, 20)) if chance.random() < 0.15 else "",
        "postal_code": postal_code,
        "city": city,
        "country": chance.choice(("BE", "België", "")),
        "extra_pb": "",
        "labels": chance.choice(LABELS),
        "spouse_national_number": national_number(2 * number + 1) if joint else "",
        "language": language,
        "client_code": f"K{number + 1:06d}",
        "enterprise_number": enterprise_number(2 * number) if self_employed else "",
        "spouse_enterprise_number": enterprise_number(2 * number + 1) if self_employed and joint else "",
        "deadline": "2026-10-16" if chance.random() < 0.05 else "",
        "responsible": chance.choice(STAFF) if chance.random() < 0.8 else "",
    }


def _letters(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isascii() and letter.isalpha())


def _dotted(number: str) -> str:
    return national_numbers.formatted(number)


UNTIDY = (
    lambda row: {"mobile": f"0032{row['mobile'][3:]}" if row["mobile"] else ""},
    lambda row: {"mobile": f"+32 (0){row['mobile'][3:6]} {row['mobile'][6:]}" if row["mobile"] else ""},
    lambda row: {"national_number": _dotted(row["national_number"])},
    lambda row: {"email": f"mailto:{row['email']}"},
    lambda row: {"email": f"{row['email']}\u00a0"},
    lambda row: {"last_name": f" {row['last_name']}  "},
    lambda row: {"language": {"dutch": "Nederlands", "french": "Français", "english": "Engels"}[row["language"]]},
    lambda row: {"labels": "Kantoor Gent , Zelfstandig"},
)
WRONG = (
    lambda row: {"mobile": f"0478 12 {row['client_code'][-4:-2]} {row['client_code'][-2:]}"},
    lambda row: {"mobile": "+32478"},
    lambda row: {"national_number": f"{(row['national_number'] or '85073003328')[:9]}00"},
    lambda row: {"email": ""},
    lambda row: {"email": row["email"].replace("@", " @")},
    lambda row: {"language": "duits"},
    lambda row: {"first_name": ""},
    lambda row: {"enterprise_number": "0123456789"},
)


def main() -> None:
    """Write a list of as many rows as asked."""
    if len(sys.argv) not in (3, 4):
        sys.exit("python -m bench.lists ROWS OUT.xlsx [FIRST]")
    first = int(sys.argv[3]) if len(sys.argv) == 4 else 0
    with Path(sys.argv[2]).open("wb") as target:
        write_list(target, ([row[key] for key in KEYS] for row in rows(int(sys.argv[1]), first=first)))


if __name__ == "__main__":
    main()
