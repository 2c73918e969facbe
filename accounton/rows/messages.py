"""The words for every code. The edge translates them: `describe` takes its gettext."""

from collections.abc import Callable

from accounton.rows.findings import Finding

Gettext = Callable[[str], str]


def N_(text: str) -> str:
    """Mark a text for translation at the edge."""
    return text


COLUMNS_MISSING = N_(
    "These required columns are missing: %(columns)s. Give each its header in the first row, or start from the "
    "template."
)
NO_HEADERS = N_(
    "No row with headers such as Firstname, Lastname, Email and Language was found. Start from the template, or give "
    "the first row its headers."
)
COLUMNS_MISSING_HERE = N_(
    "These required columns are missing: %(columns)s. Give each its header in the first row, or start from the "
    "template. Not read were: %(sheets)s; with --sheet another sheet is read."
)
NO_HEADERS_HERE = N_(
    "No row with headers such as Firstname, Lastname, Email and Language was found on the sheet that was read. Not "
    "read were: %(sheets)s; with --sheet another sheet is read."
)
NO_SUCH_ROW = N_("Row %(row)s cannot be the header row: the list does not have it among its first rows.")
NO_SUCH_COLUMN = N_("There is no column '%(column)s' in this list. There are: %(columns)s.")

MESSAGES: dict[str, str] = {
    "type.unsupported": N_("Only persons can be imported here. Leave this cell at 'person', or leave this row out."),
    "first_name.missing": N_("Enter the first name."),
    "last_name.missing": N_("Enter the last name."),
    "email.missing": N_("Enter an e-mail address."),
    "email.invalid": N_("This e-mail address is invalid."),
    "email.several": N_("Enter one e-mail address only."),
    "email.without": N_("Somebody decided that this customer comes in without an e-mail address."),
    "email.misspelt": N_("Is this e-mail address spelt right? Its domain looks like a slip."),
    "mobile.invalid": N_("Mobile number is invalid. Write it as +324xxxxxxxx."),
    "mobile.country_code_missing": N_("Enter mobile number with country code (+32)."),
    "national_number.invalid": N_("Enter Valid Registration Number: 11 digits, no punctuation."),
    "national_number.misplaced": N_(
        "A registration number stands here: %(detail)s. Put it into the column of registration numbers, or take it "
        "out: it is kept nowhere else."
    ),
    "national_number.is_spouse": N_(
        "This person already stands as the partner in somebody's joint return. Leave this row out, or correct the "
        "number."
    ),
    "national_number.partner_of_row": N_(
        "This person is also the partner in row %(detail)s. For one joint return, leave this row out."
    ),
    "spouse_national_number.invalid": N_("Enter Valid Registration Number of the partner: 11 digits, no punctuation."),
    "spouse_national_number.same": N_(
        "The partner has the same registration number as the customer. Enter that of the partner."
    ),
    "language.missing": N_("Enter the language: dutch, french or english."),
    "language.unknown": N_("Choose dutch, french or english."),
    "language.not_enabled": N_("Your office does not work in this language. Choose from: %(detail)s."),
    "client_code.taken": N_("This client code already belongs to another customer. Enter another code."),
    "enterprise_number.invalid": N_("Enter a valid KBO number: 10 digits, the first a 0 or a 1."),
    "spouse_enterprise_number.invalid": N_("Enter a valid KBO number of the partner: 10 digits, the first a 0 or a 1."),
    "deadline.invalid": N_("Enter the deadline as a date: 16/10/2026."),
    "responsible.invalid": N_("Enter the e-mail address of a colleague."),
    "responsible.unknown": N_("No colleague with this e-mail address was found. Nobody is made responsible."),
    "row.repeated": N_("The same customer already stands in row %(detail)s. Leave one of the two rows out."),
    "postal_code.unknown": N_("This postal code does not exist in Belgium."),
    "postal_code.other_city": N_("This postal code does not belong to %(detail)s."),
    "country.unknown": N_("This country is not known. It is kept as it stands."),
    "extra_pb.ignored": N_("This column must stay empty. What stands here is ignored."),
    "cell.error": N_("This cell shows the error %(detail)s. Correct it or empty it."),
    "cell.not_calculated": N_(
        "This cell begins with = and has no result. If it is a formula, open the file in Excel or LibreOffice, save it "
        "and upload it again; if it is a text, take the = out."
    ),
    "cell.spaces": N_("Needless spaces and invisible characters were taken out."),
    "cell.notation": N_("Only the notation was changed."),
    "cell.zeros": N_("The zeros in front, which Excel had dropped, were put back."),
    "column.unknown": N_("The column '%(detail)s' is not known and is ignored."),
    "column.guessed": N_("What the column '%(detail)s' is was guessed. Look whether it is right."),
    "column.repeated": N_("The column '%(detail)s' stands in the file more than once. Only the first one is read."),
    "column.taken": N_("The column '%(detail)s' is ignored: another column is to become the same."),
    "column.without_header": N_("Column %(detail)s has no header and is ignored."),
    "responsible.chosen": N_("The first of these who is a colleague is the responsible one."),
    "language.all_dutch": N_("No column of this list says the language: all are taken for Dutch."),
    "language.all_french": N_("No column of this list says the language: all are taken for French."),
    "language.all_english": N_("No column of this list says the language: all are taken for English."),
    "adminpulse.recognised": N_("Recognised as AdminPulse's migration workbook."),
    "adminpulse.all_dutch": N_(
        "No column of this workbook says the language: all are taken for Dutch. Choose another where that is wrong."
    ),
    "adminpulse.all_french": N_(
        "No column of this workbook says the language: all are taken for French. Choose another where that is wrong."
    ),
    "adminpulse.all_english": N_(
        "No column of this workbook says the language: all are taken for English. Choose another where that is wrong."
    ),
    "adminpulse.company": N_("This is a company: it was left out."),
    "adminpulse.not_customer": N_("This relation is no customer (%(detail)s): it was left out."),
    "adminpulse.companies": N_("Companies left out: %(detail)s."),
    "adminpulse.not_customers": N_("Relations left out as they are no customers: %(detail)s."),
    "adminpulse.partners": N_(
        "Partners of a customer who are no customers themselves, and come in with them: %(detail)s."
    ),
    "adminpulse.nobody": N_(
        "File handlers who are no colleague here, by e-mail address or name: those of %(detail)s rows."
    ),
    "adminpulse.couples": N_("Couples from the sheet of linked relations, each for one joint return: %(detail)s."),
    "adminpulse.other_links": N_("Links of another kind, such as children, that were not used: %(detail)s."),
    "adminpulse.links_missing": N_(
        "The sheet Gelinkte Relaties is not there or is hidden, so no partners were joined."
    ),
    "adminpulse.links_unknown": N_(
        "No columns were recognised in the sheet %(detail)s that name two relations and their link, so "
        "no partners were "
        "joined."
    ),
    "adminpulse.link_unknown": N_(
        "Links to somebody who does not stand among the relations, which changed nothing: rows "
        "%(detail)s of the sheet of "
        "linked relations."
    ),
    "adminpulse.link_ambiguous": N_(
        "Links to a name that several relations have, which changed nothing: rows %(detail)s of the "
        "sheet of linked relations."
    ),
    "adminpulse.link_company": N_(
        "Links to a company as partner, which changed nothing: rows %(detail)s of the sheet of linked relations."
    ),
    "adminpulse.link_self": N_(
        "Links of somebody to themselves, which changed nothing: rows %(detail)s of the sheet of linked relations."
    ),
    "adminpulse.link_left_out": N_(
        "Couples of whom neither is a customer, and who were left out: rows %(detail)s of the sheet of "
        "linked relations."
    ),
    "adminpulse.link_two_partners": N_(
        "Links of somebody who has two partners, which changed nothing: rows %(detail)s of the sheet of "
        "linked relations."
    ),
    "sheet.hidden": N_("These hidden sheets were not read: %(detail)s."),
    "sheet.others": N_("These sheets were not read: %(detail)s."),
}

INFORMING = frozenset(
    {f"adminpulse.{what}" for what in "recognised companies not_customers partners couples other_links".split()}
    | {f"language.all_{language}" for language in ("dutch", "french", "english")}
)
"""Notices about a file in which nothing is amiss."""

TITLES: dict[str, str] = {
    "type.unsupported": N_("Not a person"),
    "first_name.missing": N_("First name missing"),
    "last_name.missing": N_("Last name missing"),
    "email.missing": N_("E-mail missing"),
    "email.invalid": N_("E-mail invalid"),
    "email.several": N_("Several e-mail addresses"),
    "mobile.invalid": N_("Mobile number invalid"),
    "mobile.country_code_missing": N_("Country code missing"),
    "national_number.invalid": N_("Registration number invalid"),
    "national_number.misplaced": N_("Registration number in the wrong column"),
    "national_number.is_spouse": N_("Already a partner"),
    "spouse_national_number.invalid": N_("Registration number of the partner invalid"),
    "spouse_national_number.same": N_("Partner is the customer"),
    "language.missing": N_("Language missing"),
    "language.unknown": N_("Language unknown"),
    "language.not_enabled": N_("Language not in use"),
    "client_code.taken": N_("Client code taken"),
    "enterprise_number.invalid": N_("KBO number invalid"),
    "spouse_enterprise_number.invalid": N_("KBO number of the partner invalid"),
    "deadline.invalid": N_("Deadline invalid"),
    "responsible.invalid": N_("Responsible invalid"),
    "row.repeated": N_("Same customer twice"),
    "cell.error": N_("Error in a cell"),
    "cell.not_calculated": N_("Formula or = without a result"),
}
_TITLES_BY_ENDING = {"too_long": N_("Text too long"), "date": N_("Date instead of text")}

# One wording for all columns: <key>.<what>.
TOO_LONG = N_("This text is too long: at most %(detail)s characters.")
DATE = N_("Excel made a date of what stood here. Enter it again as text.")
CODE_TAKEN_BY_ROW = N_("Row %(detail)s has the same client code but another registration number. Enter another code.")
_BY_ENDING = {"too_long": TOO_LONG, "date": DATE}


def message_of(code: str, detail: str = "") -> str:
    """Give the English msgid of a code, with %(detail)s where it needs one. Raises KeyError for what is no code."""
    if code == "client_code.taken" and detail:
        return CODE_TAKEN_BY_ROW
    return MESSAGES.get(code) or _BY_ENDING[code.rpartition(".")[2]]


def is_code(code: str) -> bool:
    """Say whether this is the code of something that can be found in a cell or a row."""
    return code in MESSAGES or code.rpartition(".")[2] in _BY_ENDING


def title_of(code: str, gettext: Gettext = str) -> str:
    """Give the few words under which all rows with one problem stand together."""
    title = TITLES.get(code) or _TITLES_BY_ENDING.get(code.rpartition(".")[2])
    return gettext(title) if title else describe_code(code, gettext=gettext)


def describe_code(code: str, detail: str = "", gettext: Gettext = str) -> str:
    """Say in the language of `gettext` what a code means and what to do."""
    text = gettext(message_of(code, detail))
    return text % {"detail": detail} if "%(" in text else text


def describe(finding: Finding, gettext: Gettext = str) -> str:
    """Say in the language of `gettext` what was found and what to do."""
    return describe_code(finding.code, finding.detail, gettext)
