"""Near matches: rows that matching calls new although they look like somebody who is there.

Rows and customers are only compared inside blocks that share a birth date, an e-mail address or a postal address,
and a block that grows too large only with those of exactly the same name. So the work grows with the number of
people, not with its square.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Literal, NamedTuple

from rapidfuzz import fuzz

from accounton.rows.looks import Person

Reason = Literal["birth", "email", "address"]
ALIKE = 86
"""From this likeness (of 100) on two spellings may be one name."""
LARGE_BLOCK = 20
MOST_OF_A_ROW = 3
_YEARS_APART = 22
_PARTICLES = frozenset("de den der van vande vanden vander ten ter te la le les du des d".split())
_PREFIXES = ("vanden", "vander", "vande", "van", "de", "d")
_SOUNDS = (
    *(("ij", "y"), ("ei", "y"), ("eau", "o"), ("au", "o"), ("ou", "u"), ("oe", "u"), ("ae", "a"), ("ie", "i")),
    *(("ph", "f"), ("th", "t"), ("sch", "sk"), ("ch", "k"), ("ck", "k"), ("ks", "x"), ("gh", "g"), ("qu", "k")),
    *(("c", "k"), ("q", "k"), ("y", "i"), ("v", "f"), ("w", "f"), ("z", "s"), ("h", "")),
)


class Near(NamedTuple):
    """A row that looks like a customer; `likeness` of their names, up to 100."""

    row: int
    customer: int
    reason: Reason
    likeness: int


def sound(name: str) -> str:
    """Give how a name sounds to a Belgian ear; its words may stand in any order, "Van den Berghe" in one or three."""
    return " ".join(sorted(filter(None, (_word_sound(word) for word in name.split() if word not in _PARTICLES))))


def likeness(one: str, other: str) -> int:
    """Say how alike two names (folded, words sorted) are, of 100: 100 for the same in sound or one inside the other."""
    heard, beside = _heard(one), _heard(other)
    if heard.sound == beside.sound:
        return 100
    words, others = heard.words, beside.words
    if min(len(words), len(others)) >= 2 and (words <= others or others <= words):
        return 100
    # An and Jan Peeters are alike by letters only: a slip seldom changes how a name begins.
    return int(fuzz.ratio(one, other)) if heard.initials == beside.initials else 0


class _Heard(NamedTuple):
    sound: str
    initials: str
    words: frozenset[str]


@lru_cache(maxsize=50_000)
def _heard(name: str) -> _Heard:
    heard = sound(name)
    return _Heard(heard, "".join(word[0] for word in heard.split()), frozenset(name.split()))


class Customers:
    """The customers of an office, to be found by whoever looks like them."""

    def __init__(self, customers: Iterable[Person] = ()) -> None:
        self._births: dict[int, list[tuple[int, Person]]] = {}
        self._emails, self._addresses = _Blocks(), _Blocks()
        for customer in customers:
            self.add(customer)

    def add(self, customer: Person) -> None:
        """Take one more."""
        if customer.birth:
            self._births.setdefault(customer.birth, []).append((letters_of(customer.name), customer))
        if customer.email:
            self._emails.add(customer.email, customer)
        if customer.address:
            self._addresses.add(customer.address, customer)

    def like(self, row: Person) -> list[Near]:
        """Give whom a row looks like, the most alike first."""
        candidates = self._candidates(row) if row.name else []
        if not candidates:  # so it is with most
            return []
        found = {}
        for customer in candidates:
            alike = likeness(row.name, customer.name)
            if reason := near_reason(row, customer, alike):
                found[customer.id] = Near(row.id, customer.id, reason, alike)
        return sorted(found.values(), key=lambda near: (-near.likeness, near.customer))

    def _candidates(self, row: Person) -> list[Person]:
        """Give who may be the same: most who share a key share nothing else, and are passed over here."""
        letters = letters_of(row.name)
        # Of one birth date only names are asked: these begin alike, or one is a part of the other.
        found = [
            customer
            for theirs, customer in self._births.get(row.birth, ())
            if (both := letters & theirs) == letters or both == theirs
        ]
        if row.email and (others := self._emails.beside(row.email, row.name)):
            found += [one for one in others if _may_be_one(row, one)]
        if row.address and (others := self._addresses.beside(row.address, row.name)):
            found += [one for one in others if _may_be_one(row, one)]
        return found


def near_reason(row: Person, customer: Person, alike: int) -> Reason | None:
    """Say why a row looks like a customer; None where it does not. People born on different days are never the same."""
    same_day = row.birth and row.birth == customer.birth
    if not same_day and row.birth and customer.birth:
        return None
    if same_day and alike >= ALIKE:
        return "birth"
    if alike >= ALIKE and _at_home(row, customer):
        return "address"
    return "email" if not same_day and row.email and row.email == customer.email else None


def _may_be_one(row: Person, customer: Person) -> bool:
    """Whether there is any reason that near_reason() could give, however alike their names are."""
    if row.birth and customer.birth:
        return row.birth == customer.birth
    return bool(row.email and row.email == customer.email) or _at_home(row, customer)


def _at_home(row: Person, customer: Person) -> bool:
    """Whether both live at one address, and no two national numbers tell them apart."""
    return bool(row.address and row.address == customer.address and not (row.has_number and customer.has_number))


def households(
    people: Iterable[Person], last_names: dict[int, str], partners: dict[int, str]
) -> Iterator[tuple[int, int]]:
    """Give pairs of rows that may be couples: two of one address, of one last name or named by the other as partner.

    `last_names` has the folded last name of each row; `partners` the name key of the partner that a row names.
    Only where exactly two such people live there: three of one name are a family, and who is whose nobody can tell.
    """
    by_address: dict[str, list[Person]] = {}
    for person in people:
        if person.address:
            by_address.setdefault(person.address, []).append(person)
    for together in by_address.values():
        if len(together) > LARGE_BLOCK:
            continue
        yield from _couples_of(together, last_names, partners)


def _couples_of(
    together: list[Person], last_names: dict[int, str], partners: dict[int, str]
) -> Iterator[tuple[int, int]]:
    taken: set[int] = set()
    for one in together:
        for other in together:
            if one.id != other.id and partners.get(one.id) == other.name and not {one.id, other.id} & taken:
                taken |= {one.id, other.id}
                yield one.id, other.id
    by_last_name: dict[str, list[Person]] = {}
    for person in together:
        if person.id not in taken and person.id not in partners and last_names.get(person.id):
            by_last_name.setdefault(last_names[person.id], []).append(person)
    for family in by_last_name.values():
        if len(family) == 2 and _may_be_a_couple(*family):
            yield family[0].id, family[1].id


def _may_be_a_couple(one: Person, other: Person) -> bool:
    days = abs(one.birth - other.birth) if one.birth and other.birth else 0
    return one.name != other.name and days < _YEARS_APART * 365


class _Blocks:
    """People by one of their keys; in a large block, by key and name."""

    def __init__(self) -> None:
        self._small: dict[str, list[Person]] = {}
        self._large: dict[str, dict[str, list[Person]]] = {}

    def add(self, key: str, person: Person) -> None:
        """Put somebody under a key."""
        if self._large and key in self._large:
            _add_named(self._large[key], person)
            return
        block = self._small.setdefault(key, [])
        block.append(person)
        if len(block) > LARGE_BLOCK:
            by_name = self._large[key] = {}
            for each in self._small.pop(key):
                _add_named(by_name, each)

    def beside(self, key: str, name: str) -> list[Person]:
        """Give the people to compare somebody with who has this key and name."""
        if self._large and key in self._large:
            return self._large[key].get(name, [])
        return self._small.get(key, [])


def _add_named(by_name: dict[str, list[Person]], person: Person) -> None:
    same = by_name.setdefault(person.name, [])
    if len(same) < LARGE_BLOCK:
        same.append(person)


def letters_of(name: str) -> int:
    """Give the letters that the words of a name begin with in sound, as bits."""
    bits = 0
    for word in name.split():
        bits |= _letter(word)
    return bits


@lru_cache(maxsize=20_000)
def _letter(word: str) -> int:
    heard = "" if word in _PARTICLES else _word_sound(word)
    return 1 << ord(heard[0]) % 61 if heard else 0


@lru_cache(maxsize=20_000)
def _word_sound(word: str) -> str:
    for prefix in _PREFIXES:
        if word.startswith(prefix) and len(word) - len(prefix) > 3:
            word = word.removeprefix(prefix)
            break
    for letters, heard in _SOUNDS:
        word = word.replace(letters, heard)
    # A t closes as a d does; vowels in the middle are written in many ways.
    word = word[:-1] + "t" if word.endswith("d") else word
    kept = word[:1] + "".join(letter for letter in word[1:] if letter not in "aeiou")
    return "".join(letter for at, letter in enumerate(kept) if not at or letter != kept[at - 1])
