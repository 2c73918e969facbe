"""Telephone numbers in E.164: Belgian mobiles by their own rule, all others by the tables of phonenumbers."""

import re

_BELGIAN = re.compile(r"\+324[5-9][0-9]{7}", re.ASCII)
_NATIONAL = re.compile(r"0?4[5-9][0-9]{7}", re.ASCII)
_OTHER_MOBILE = re.compile(r"0[67][0-9]{8}", re.ASCII)
_INTERNATIONAL = re.compile(r"\+[1-9][0-9]{6,14}", re.ASCII)
_TRUNK_ZERO = re.compile(r"\+320(?=4[5-9])", re.ASCII)
BELGIUM = "+32"
# Satellites and the like, and North Korea: +850 makes a telephone number of whoever was born in 1985.
_NOBODYS_REGIONS = frozenset({"001", "KP"})


def mobile(number: str) -> str | None:
    """Give a number that begins with + and its country code in E.164; None where it is not a mobile number.

    Takes digits behind the plus only. A zero left standing behind +32 is dropped. Prefixes 45x to 49x are Belgian.
    """
    if number.startswith(BELGIUM):
        number = _TRUNK_ZERO.sub(BELGIUM, number)
        return number if _BELGIAN.fullmatch(number) else None
    return _foreign(number) if _INTERNATIONAL.fullmatch(number) else None


def likely_mobile(digits: str) -> str | None:
    """Give the number that digits without a country code most likely are: 0478123456, 478123456 and 32478123456."""
    if _NATIONAL.fullmatch(digits):
        return BELGIUM + digits.lstrip("0")
    if digits.startswith("32"):
        return mobile("+" + digits)
    return None


def lacks_country_code(digits: str) -> bool:
    """Say whether digits look like a mobile number of some country that was written without its country code."""
    return likely_mobile(digits) is not None or _OTHER_MOBILE.fullmatch(digits) is not None


def is_phone_number(digits: str) -> bool:
    """Say whether digits behind a plus, with or without signs between them, are a number that a customer may have."""
    import phonenumbers  # noqa: PLC0415 - as in _foreign

    try:
        parsed = phonenumbers.parse("+" + digits, None)
        return (
            phonenumbers.is_valid_number(parsed) and phonenumbers.region_code_for_number(parsed) not in _NOBODYS_REGIONS
        )
    except phonenumbers.NumberParseException:
        return False


def telephone(text: str) -> str | None:
    """Return a telephone number of any kind and country in E.164; one without a country code is Belgian."""
    import phonenumbers  # noqa: PLC0415 - as in _foreign

    try:
        parsed = phonenumbers.parse(text, "BE")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(parsed) or parsed.extension:
        return None
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def shown_telephone(number: str) -> str:
    """Return a number in E.164 as people read it: +32 53 21 34 56; any other text as it is."""
    import phonenumbers  # noqa: PLC0415 - as in _foreign

    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def _foreign(number: str) -> str | None:
    # Loading the tables takes 30 ms and 20 MB: only lists with foreign numbers pay for it.
    import phonenumbers  # noqa: PLC0415
    from phonenumbers import PhoneNumberType as Type  # noqa: PLC0415

    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return None
    kinds = {Type.MOBILE, Type.FIXED_LINE_OR_MOBILE, Type.PERSONAL_NUMBER}
    if not phonenumbers.is_valid_number(parsed) or phonenumbers.number_type(parsed) not in kinds:
        return None
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
