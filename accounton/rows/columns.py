"""The one list of the template's columns. Everything that knows columns is made from it: the template workbook, header
matching, checking, the review, the error report, the API and the docs. A new column is one entry and its parser.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from accounton.rows import choices, contacts, dates, numbers, places, texts
from accounton.rows.parsing import Parser, Predicate
from accounton.rows.plain import SIGN, pattern, plain_text
from accounton.rows.rules import LANGUAGES, Rules


def N_(text: str) -> str:
    """Mark a text for translation at the edge."""
    return text


@dataclass(frozen=True)
class Column:
    """One column of the template.

    `plain` makes the test by which a tidy value is told, which then is taken as it is; `parser` sees all others. The
    two agree: what is plain parses to itself without a finding. `repeats` says that values come back again and again,
    so that they are worth remembering. `secret` values are never shown or stored in plain. Columns of one `group` are
    compared, chosen and overwritten as one.
    """

    key: str
    headers: dict[str, str]
    help: str
    parser: Parser
    plain: Callable[[Rules], Predicate]
    longest: int
    required: bool = False
    empty: str = ""
    repeats: bool = True
    secret: bool = False
    group: str = ""
    choices: tuple[str, ...] = ()
    example: str = ""
    width: int = 16
    aliases: tuple[str, ...] = field(default=())

    @property
    def letter(self) -> str:
        """Give the column's letter in the template."""
        return chr(ord("A") + COLUMNS.index(self))


COLUMNS: tuple[Column, ...] = (
    Column(
        "type",
        {"nl": "person", "fr": "person", "en": "person"},
        N_("Leave this at 'person'. An empty cell counts as 'person'."),
        choices.kind,
        pattern(choices.PERSON),
        20,
        empty=choices.PERSON,
        choices=(choices.PERSON,),
        example=choices.PERSON,
        width=10,
    ),
    Column(
        "first_name",
        {"nl": "Voornaam", "fr": "Prénom", "en": "Firstname"},
        N_("The customer's first name; for a joint return that of the main declarant."),
        texts.text,
        plain_text(100, required=True),
        100,
        required=True,
        example="Jan",
    ),
    Column(
        "last_name",
        {"nl": "Achternaam", "fr": "Nom", "en": "Lastname"},
        N_("The customer's last name; for a joint return that of the main declarant."),
        texts.text,
        plain_text(100, required=True),
        100,
        required=True,
        example="Peeters",
        width=20,
        aliases=("Familienaam", "Nom de famille"),
    ),
    Column(
        "email",
        {"nl": "E-mail", "fr": "E-mail", "en": "Email"},
        N_("One e-mail address: the questionnaire is sent there."),
        contacts.email,
        contacts.plain_email,
        254,
        required=True,
        repeats=False,
        example="jan.peeters@example.com",
        width=30,
        aliases=("E-mailadres", "Adresse e-mail", "E-mail address"),
    ),
    Column(
        "mobile",
        {"nl": "Mobiel nummer", "fr": "Numéro de GSM", "en": "Mobile Number"},
        N_("The customer's own mobile number, with the country code and without spaces: +324xxxxxxxx."),
        contacts.mobile,
        pattern(contacts.PLAIN_MOBILE),
        20,
        repeats=False,
        example="+32478123456",
        aliases=("Gsm-nummer", "Gsm"),
    ),
    Column(
        "national_number",
        {"nl": "Rijksregisternummer", "fr": "Numéro de registre national", "en": "Registration Number"},
        N_(
            "The customer's national or BIS number: 11 digits, without dots or dashes. Strongly advised: by it a "
            "customer is recognised with certainty."
        ),
        numbers.national_number,
        numbers.plain_national_number,
        11,
        repeats=False,
        secret=True,
        example="85073003328",
        width=22,
    ),
    Column(
        "street",
        {"nl": "Straat", "fr": "Rue", "en": "Street"},
        N_("The street where the customer lives, without the number."),
        texts.text,
        plain_text(200),
        200,
        group="address",
        example="Kerkstraat",
        width=24,
    ),
    Column(
        "house_number",
        {"nl": "Huisnummer", "fr": "Numéro", "en": "House Number"},
        N_("The house number, such as 12, 12A or 12/3."),
        texts.text,
        plain_text(20),
        20,
        group="address",
        example="12A",
        width=12,
    ),
    Column(
        "box",
        {"nl": "Bus", "fr": "Boîte", "en": "Box"},
        N_("The box, where there is one, such as 4 or 2.1."),
        texts.text,
        plain_text(20),
        20,
        group="address",
        width=8,
    ),
    Column(
        "postal_code",
        {"nl": "Postcode", "fr": "Code postal", "en": "Postal Code"},
        N_("The postal code, such as 9300."),
        places.postal_code,
        pattern(r"(?:[1-9][0-9]{3})?"),
        20,
        group="address",
        example="9300",
        width=12,
    ),
    Column(
        "city",
        {"nl": "Gemeente", "fr": "Commune", "en": "City"},
        N_("The municipality where the customer lives."),
        texts.text,
        plain_text(100),
        100,
        group="address",
        example="Aalst",
        width=20,
        aliases=("Ort",),
    ),
    Column(
        "country",
        {"nl": "Land", "fr": "Pays", "en": "Country"},
        N_("The country by its name or its two-letter code. An empty cell counts as Belgium."),
        places.country,
        pattern(r"(?:BE)?"),
        100,
        group="address",
        example="BE",
        width=12,
    ),
    Column(
        "extra_pb",
        {"nl": "Extra PB", "fr": "Extra IPP", "en": "Extra PB"},
        N_("Leave this column empty: it is ignored."),
        texts.ignored,
        pattern(r""),
        200,
        width=10,
    ),
    Column(
        "labels",
        {"nl": "Labels", "fr": "Étiquettes", "en": "Labels"},
        N_("Labels of your own office, to filter by. Put several into one cell with a comma between them."),
        texts.labels,
        plain_text(texts.LONGEST_LABEL, signs=SIGN.replace("!-~", "!-+\\--~")),
        1000,
        example="Kantoor Gent,Zelfstandig",
        width=26,
    ),
    Column(
        "spouse_national_number",
        {
            "nl": "Rijksregisternummer partner",
            "fr": "Numéro de registre national du partenaire",
            "en": "Spouse Registration Number",
        },
        N_(
            "The partner's national or BIS number: 11 digits. With it the row is a joint return; do not put the "
            "partner on a row of their own."
        ),
        numbers.national_number,
        numbers.plain_national_number,
        11,
        repeats=False,
        secret=True,
        width=26,
        aliases=("Rijksregisternummer van de partner",),
    ),
    Column(
        "language",
        {"nl": "Taal", "fr": "Langue", "en": "Language"},
        N_("The customer's language: dutch, french or english, as far as your office works in it."),
        choices.language,
        pattern(r"(?!)"),
        20,
        required=True,
        choices=LANGUAGES,
        example="dutch",
        width=12,
    ),
    Column(
        "client_code",
        {"nl": "Klantcode", "fr": "Code client", "en": "Client Code"},
        N_("Your office's own code for this customer. No two customers may have the same one."),
        texts.text,
        plain_text(50),
        50,
        repeats=False,
        example="K0001",
    ),
    Column(
        "enterprise_number",
        {"nl": "KBO-nummer", "fr": "Numéro BCE", "en": "KBO Number"},
        N_("The customer's enterprise number, for the self-employed only: 10 digits."),
        numbers.enterprise_number,
        numbers.plain_enterprise_number,
        10,
        repeats=False,
    ),
    Column(
        "spouse_enterprise_number",
        {"nl": "KBO-nummer van de partner", "fr": "Numéro BCE du partenaire", "en": "Spouse KBO Number"},
        N_("The partner's enterprise number, for the self-employed only: 10 digits."),
        numbers.enterprise_number,
        numbers.plain_enterprise_number,
        10,
        repeats=False,
        width=24,
        aliases=("KBO-nummer partner",),
    ),
    Column(
        "deadline",
        {"nl": "Deadline PB", "fr": "Échéance IPP", "en": "Deadline PB"},
        N_(
            "The date by which the return must be in, such as 16/10/2026. Better left empty: the tax calendar then "
            "decides."
        ),
        dates.deadline,
        pattern(dates.PLAIN_DATE),
        10,
        width=14,
    ),
    Column(
        "responsible",
        {"nl": "Hoofdverantwoordelijke", "fr": "Responsable principal", "en": "Responsible"},
        N_("The e-mail address of the colleague who is responsible for this customer."),
        contacts.colleague,
        pattern(r"(?!)"),
        254,
        width=28,
    ),
)

BY_KEY: dict[str, Column] = {column.key: column for column in COLUMNS}
KEYS: tuple[str, ...] = tuple(BY_KEY)
REQUIRED: tuple[str, ...] = tuple(column.key for column in COLUMNS if column.required)
EXAMPLE_EMAIL = BY_KEY["email"].example
"""Nobody has this address: a row with it is the template's own example, which counts as empty."""
