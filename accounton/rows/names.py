"""Names of persons as they are compared, sorted and searched."""

from accounton.belgium.folding import fold


def name_key(first_name: str, last_name: str) -> str:
    """Give the key under which spellings of one name meet: case, accents and the order of its words do not count."""
    return " ".join(sorted(f"{fold(first_name)} {fold(last_name)}".split()))


def search_text(
    first_name: str,
    last_name: str,
    email: str = "",
    client_code: str = "",
    mobile: str = "",
    *spouse: str,
) -> str:
    """Return what lists sort by and search in.

    Last name first, folded, then the e-mail address, the office's own code and the mobile number; and of the partner
    the values of SPOUSE, in its order.
    """
    text = f"{fold(last_name)} {fold(first_name)} {email.lower()} {client_code.lower()}".rstrip()
    if mobile:
        text = f"{text} {_dialled(mobile)}"
    if not any(spouse):
        return text
    spouse_first_name, spouse_last_name, spouse_email, spouse_mobile = spouse
    names = f"{fold(spouse_last_name)} {fold(spouse_first_name)}".strip()
    return " ".join(filter(None, (text, names, spouse_email.lower(), _dialled(spouse_mobile))))


def _dialled(mobile: str) -> str:
    """Return a mobile number as it is stored and, where it is a Belgian one, as it is dialled here."""
    return f"{mobile} 0{mobile[3:]}" if mobile.startswith("+32") else mobile
