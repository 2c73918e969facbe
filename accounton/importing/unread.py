"""Why a file was not read to its end, in words of this room."""

from accounton.spreadsheets.problems import N_, UnusableFile


def interrupted() -> UnusableFile:
    """Say that reading stopped half way and that the file must come again."""
    return UnusableFile("file.interrupted", N_("Reading this file was interrupted. Upload it again."))


def never_read() -> UnusableFile:
    """Say that reading broke off each time, and what may help."""
    text = N_(
        "Reading this file broke off three times, so it is not tried again. Copy the list alone into a new workbook, "
        "save that as .xlsx and upload it; or divide it over several files."
    )
    return UnusableFile("file.never_read", text)


def never_matched() -> UnusableFile:
    """Say that the file was wiped because nobody matched its columns."""
    text = N_("Nobody matched the columns of this file for seven days, so it was wiped. Upload it again.")
    return UnusableFile("file.never_matched", text)


def handed_over(review: int) -> UnusableFile:
    """Say that a file is no list, but the corrected rows of an open review, into which they are taken."""
    text = N_("These are the corrected rows of another import. They are taken into that import now.")
    return UnusableFile("file.handed_over", text, review=review)
