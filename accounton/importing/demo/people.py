"""Made-up customers that look like real ones: names, towns, valid national numbers. The same ones every time."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from accounton.belgium.national_numbers import check_digits

FIRST_NAMES = (
    "Jules Fatima Lucas Elise Adam Sofie Mohamed Lotte Victor Amélie Wout Hanne Ruben Emma Noor Arthur Marie Louis "
    "Camille Thomas Zoë Maxime Chloé Hugo Inès Pieter Griet Koen Ilse Youssef Aïcha Bart Veerle Benoît Nathalie"
).split()
LAST_NAMES = (
    "Bogaert,Claes,El Amrani,Maes,Wouters,Vermeulen,Willems,Van den Bossche,Janssens,De Smet,Lemaire,Mertens,Lambert,"
    "Peeters,Declercq,Jacobs,Dupont,Goossens,Dubois,Van Damme,Leclercq,Hermans,Simon,De Backer,Martens,Laurent"
).split(",")
TOWNS = (
    ("9300", "Aalst", "dutch"), ("9000", "Gent", "dutch"), ("2000", "Antwerpen", "dutch"), ("3000", "Leuven", "dutch"),
    ("8500", "Kortrijk", "dutch"), ("9400", "Ninove", "dutch"), ("4000", "Liège", "french"),
    ("5000", "Namur", "french"), ("1000", "Brussel", "french"), ("1050", "Elsene", "english"),
)  # fmt: skip
STREETS = "Kerkstraat,Stationsstraat,Molenweg,Dorpsplein,Nieuwstraat,Kasteellaan,Rue de l'Église,Schoolstraat".split(
    ","
)
MAIL_HOSTS = ("telenet.example", "skynet.example", "gmail.example", "outlook.example")
LABELS = ("", "", "", "kantoor Gent", "kantoor Gent", "kantoor Gent,zelfstandig", "kantoor Aalst")
FIRST_BIRTH, LAST_BIRTH = date(1938, 1, 1), date(2003, 12, 31)


class Person(NamedTuple):
    """A customer as texts by column key, ready to stand in a row of the template."""

    values: dict[str, str]
    number: int


def people(seed: int = 7) -> Iterator[Person]:
    """Yield different people without end, the same ones for the same seed."""
    chance = random.Random(seed)  # noqa: S311 made-up people, no secrets
    number = 0
    while True:
        number += 1
        yield Person(_values(chance, number), number)


def _values(chance: random.Random, number: int) -> dict[str, str]:
    first, last = chance.choice(FIRST_NAMES), chance.choice(LAST_NAMES)
    postal_code, city, language = chance.choice(TOWNS)
    is_joint, is_self_employed = chance.random() < 0.35, chance.random() < 0.15
    user = f"{_plain(first)[0]}.{_plain(last)}{number}"
    return {
        "type": "person",
        "first_name": first,
        "last_name": last,
        "email": f"{user}@{chance.choice(MAIL_HOSTS)}",
        "mobile": f"+324{chance.choice('79')}{chance.randrange(10_000_000):07}" if chance.random() < 0.9 else "",
        "national_number": national_number(number * 2),
        "street": chance.choice(STREETS),
        "house_number": str(chance.randint(1, 180)),
        "box": str(chance.randint(1, 9)) if chance.random() < 0.15 else "",
        "postal_code": postal_code,
        "city": city,
        "country": "België",
        "labels": chance.choice(LABELS),
        "spouse_national_number": national_number(number * 2 + 1) if is_joint else "",
        "language": language,
        "client_code": f"K{1000 + number}",
        "enterprise_number": enterprise_number(number) if is_self_employed else "",
    }


def national_number(serial: int) -> str:
    """Give a valid national number; different serials never give the same one (a birth date of their own)."""
    days = (LAST_BIRTH - FIRST_BIRTH).days
    born = FIRST_BIRTH + timedelta(days=(serial * 7919) % days)
    nine = f"{born:%y%m%d}{1 + (serial // days * 2 + serial) % 997:03}"
    return nine + check_digits(nine, from_2000=born.year >= 2000)


def enterprise_number(number: int) -> str:
    """Give a valid enterprise number."""
    eight = f"0{4_000_000 + number:07}"
    return f"{eight}{97 - int(eight) % 97:02}"


def _plain(name: str) -> str:
    folded = name.lower().translate(str.maketrans("éèêëàâäîïôöûüç", "eeeeaaaiioouuc"))
    return "".join(char for char in folded if char.isalnum())
