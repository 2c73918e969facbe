"""What is put right by itself, shown as before and after; and what comes out as a person sees it, without a word."""

import datetime
from typing import Any

import pytest

from accounton.rows.findings import Finding
from tests.rows.people import checked, codes, found, value

REPAIRS = [
    ("type", "Persoon", "person"),
    ("first_name", " Jan\u00a0 Piet ", "Jan Piet"),
    ("last_name", "Van\nden  Bossche", "Van den Bossche"),
    ("email", " jan@x.be", "jan@x.be"),
    ("email", "mailto:jan@x.be", "jan@x.be"),
    ("email", "MAILTO: jan@x.be?subject=PB", "jan@x.be"),
    ("email", "Jan Peeters <jan@x.be>", "jan@x.be"),
    ("email", "<jan@x.be>;", "jan@x.be"),
    ("email", "jan@x.be,", "jan@x.be"),
    ("email", "Jan.P@X.BE", "Jan.P@x.be"),
    ("mobile", "0032478123456", "+32478123456"),
    ("mobile", "+32 (0)478 12 34 56", "+32478123456"),
    ("mobile", "+32 0478/12.34.56", "+32478123456"),
    ("mobile", "tel:+32478123456", "+32478123456"),
    ("mobile", "+31 6 12 34 56 78", "+31612345678"),
    ("national_number", "85.07.30-033.28", "85073003328"),
    ("national_number", "850730 033 28", "85073003328"),
    ("national_number", "85073003328.0", "85073003328"),
    ("spouse_national_number", "93/05/18 223-61", "93051822361"),
    ("postal_code", "B-9300", "9300"),
    ("postal_code", "9300.0", "9300"),
    ("labels", "Kantoor Gent, Zelfstandig ,,kantoor gent", "Kantoor Gent,Zelfstandig"),
    ("labels", "A\nB", "A,B"),
    ("language", "Nederlands", "dutch"),
    ("language", "Néerlandais", "dutch"),
    ("language", "NL-be", "dutch"),
    ("language", "FRANÇAIS", "french"),
    ("language", "Frans", "french"),
    ("language", "F", "french"),
    ("language", "Anglais", "english"),
    ("language", "English", "english"),
    ("enterprise_number", "BE 0403.019.261", "0403019261"),
    ("enterprise_number", "BTW BE0403019261", "0403019261"),
    ("enterprise_number", "403019261", "0403019261"),
    ("deadline", "16.10.2026", "2026-10-16"),
    ("deadline", "2026-10-16 00:00:00", "2026-10-16"),
    ("responsible", "Els <els@kantoor.be>", "els@kantoor.be"),
]


@pytest.mark.parametrize(("key", "cell", "after"), REPAIRS)
def test_only_the_notation_changes_and_both_are_shown(key: str, cell: str, after: str) -> None:
    assert value(key, cell) == after
    findings = found(key, cell)
    assert [(f.kind, f.before, f.after) for f in findings] == [("repair", cell, after)]
    assert codes(checked(**{key: cell})) == []
    assert found(key, after) == []


AS_SEEN = [
    ("national_number", 85073003328.0, "85073003328"),
    ("postal_code", 9300.0, "9300"),
    ("house_number", 12.0, "12"),
    ("box", 2.1, "2.1"),
    ("box", 4, "4"),
    ("client_code", 1234567890123.0, "1234567890123"),
    ("labels", True, "TRUE"),
    ("deadline", datetime.date(2026, 10, 16), "2026-10-16"),
    ("deadline", datetime.datetime(2026, 10, 16), "2026-10-16"),
    ("deadline", "16/10/2026", "2026-10-16"),
    ("deadline", "1/2/2026", "2026-02-01"),
    ("country", "België", "BE"),
    ("country", "Pays-Bas", "NL"),
    ("first_name", "Zoe\u0308", "Zoë"),
]


@pytest.mark.parametrize(("key", "cell", "after"), AS_SEEN)
def test_what_is_seen_is_taken_without_a_word(key: str, cell: Any, after: str) -> None:
    assert value(key, cell) == after
    assert found(key, cell) == []


def test_booleans_and_ones_are_not_mixed_up() -> None:
    from tests.rows.people import check_rows, person

    _, [block] = check_rows(person(box=1.0), person(box=True), person(box=1), person(box=0.0), person(box=False))
    assert block.values["box"] == ["1", "TRUE", "1", "0", "FALSE"]


def test_zeros_of_an_enterprise_number_that_excel_dropped() -> None:
    assert found("enterprise_number", 403019261.0) == [
        Finding("repair", "enterprise_number", "cell.zeros", "403019261", "0403019261")
    ]


def test_control_characters_never_survive() -> None:
    block = checked(first_name="J\x00a\x07n\ud800", labels="a\x00,\x1fb", street="\ufeffKerkstraat\u200b 1\u00ad")
    assert block.values["first_name"] == ["Jan"]
    assert block.values["labels"] == ["a,b"]
    assert block.values["street"] == ["Kerkstraat 1"]
    assert not any(
        (ord(char) < 32 and char not in "\n\r\t") or 0xD800 <= ord(char) < 0xE000
        for findings in block.findings.values()
        for finding in findings
        for text in finding
        for char in text
    )


def test_extra_pb_is_left_out() -> None:
    assert value("extra_pb", "x") == ""
