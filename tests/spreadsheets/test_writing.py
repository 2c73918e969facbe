import io
import re
import shutil
import subprocess
import tempfile
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import accounton
from accounton.spreadsheets.writing import CellSpec, ColumnSpec, SheetSpec, TooManyRows, shortened, write_workbook
from tests.spreadsheets.together import read

DANGEROUS = [
    *("=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "\n=1", "\0=1", "|cmd", "%0A", "＝1", "＋1", "－1", "＠1"),
    *("=", "{=1}", "=cmd|' /C calc'!A0", '=HYPERLINK("http://x")', "'=1", '"=1', " =1", "a\n=1", "+32478123456"),
    *("http://voorbeeld.be", "mailto:an@voorbeeld.be", "internal:A1", "external:c:/x", "00000100364", "1E5", "TRUE"),
]
HOUSE = Path(accounton.__file__).parent


def written(*sheets: SheetSpec, private: bool = True) -> bytes:
    target = io.BytesIO()
    write_workbook(target, sheets, private=private)
    return target.getvalue()


def opened(content: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


def sheet_of(texts, **more) -> SheetSpec:
    return SheetSpec("customers", [ColumnSpec("text")], [[text] for text in texts], **more)


@pytest.mark.parametrize("private", [True, False])
def test_no_text_becomes_a_formula_a_link_or_a_number(private):
    content = written(sheet_of(DANGEROUS), private=private)
    page = opened(content)["customers"]
    for number, text in enumerate(DANGEROUS, 2):
        cell = page.cell(number, 1)
        assert (cell.data_type, cell.hyperlink, cell.number_format) in (("s", None, "@"), ("inlineStr", None, "@"))
        assert cell.quotePrefix
        assert cell.value == text.replace("\r", "_x000D_").replace("\0", "_x0000_") or cell.value == text
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        xml = b"".join(archive.read(name) for name in archive.namelist() if "worksheets" in name)
    assert not re.search(rb"<f[ >]|hyperlink", xml)


def test_what_was_written_reads_back_the_same():
    texts = [text for text in DANGEROUS if "\0" not in text]
    assert [row[0] for number, row in sorted(read(written(sheet_of(texts)))[1].items()) if number > 1] == texts


@settings(max_examples=25)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30), min_size=1, max_size=10))
def test_any_text_is_written_as_text(texts):
    page = opened(written(sheet_of(texts)))["customers"]
    assert all(page.cell(number, 1).data_type == "s" for number in range(2, len(texts) + 2))


def test_columns_have_width_text_format_comment_drop_down_and_may_be_hidden():
    columns = [
        ColumnSpec("person", width=9, choices=["person"]),
        ColumnSpec("Language", comment="Eén van drie talen", choices=["dutch", "french"], choices_title="Taal"),
        ColumnSpec("row", hidden=True),
        ColumnSpec("Responsible", choices=[f"medewerker{n}@voorbeeld.be" for n in range(40)], required=True),
    ]
    book = opened(written(SheetSpec("customers", columns)))
    page = book["customers"]
    assert [cell.value for cell in page[1]] == ["person", "Language", "row", "Responsible"]
    assert page.freeze_panes == "A2"
    assert page["B1"].comment.text == "Eén van drie talen"
    assert page["D1"].fill.fgColor.rgb != page["A1"].fill.fgColor.rgb
    widths = page.column_dimensions
    assert (round(widths["A"].width), widths["C"].hidden, widths["A"].hidden) == (10, True, False)
    column_styles = re.findall(r"<col [^>]*style=\"(\d+)\"", part(written(SheetSpec("customers", columns))))
    assert len(column_styles) == 4
    drop_downs = {str(found.sqref): found for found in page.data_validations.dataValidation}
    assert drop_downs["B2:B1048576"].formula1 == '"dutch,french"'
    assert (drop_downs["B2:B1048576"].errorStyle, drop_downs["B2:B1048576"].errorTitle) == ("warning", "Taal")
    assert drop_downs["D2:D1048576"].formula1 == "lists!$A$1:$A$40"
    assert book["lists"].sheet_state == "veryHidden"
    assert book["lists"]["A40"].value == "medewerker39@voorbeeld.be"
    assert book.active.title == "customers"


def test_cells_have_colours_and_comments_and_a_second_sheet_wraps_its_text():
    rows = [["An", CellSpec("fout", fill="#FFC7CE", comment="Geen geldig nummer")], ["", CellSpec("", fill="#FFC7CE")]]
    columns = [ColumnSpec("a"), ColumnSpec("b")]
    explained = SheetSpec("uitleg", [ColumnSpec("kolom", width=60)], [["een\ntwee"]], wrap=True)
    book = opened(written(SheetSpec("customers", columns, rows), explained))
    page = book["customers"]
    assert page["B2"].fill.fgColor.rgb == page["B3"].fill.fgColor.rgb == "FFFFC7CE"
    assert page["A2"].fill.fgColor.rgb != "FFFFC7CE"
    assert page["B2"].comment.text == "Geen geldig nummer"
    assert (page["A3"].value, page["B3"].value) == (None, None)
    assert book["uitleg"]["A2"].alignment.wrap_text
    assert not page["A2"].alignment.wrap_text


def test_private_rows_touch_no_disk_and_others_do(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    made = []
    real = tempfile.mkstemp
    monkeypatch.setattr(tempfile, "mkstemp", lambda *args, **kwargs: made.append(1) or real(*args, **kwargs))
    written(sheet_of(["85073003328"]))
    assert not made
    written(sheet_of(["openbaar"]), private=False)
    assert made


def test_a_path_works_too_and_rows_may_come_from_a_generator(tmp_path):
    rows = ([f"rij {number}"] for number in range(5000))
    write_workbook(tmp_path / "uit.xlsx", [SheetSpec("customers", [ColumnSpec("text")], rows)], private=False)
    look_seen, found = read((tmp_path / "uit.xlsx").read_bytes())
    assert look_seen.chosen.rows == 5001
    assert found[5001] == ["rij 4999"]


def test_a_text_longer_than_a_cell_holds_is_cut_and_says_so():
    page = opened(written(sheet_of(["x" * 40_000, "y" * 32_767])))["customers"]
    assert page["A2"].value == "x" * 32_766 + "…"
    assert page["A3"].value == "y" * 32_767
    assert shortened("kort") == "kort"


def test_more_rows_than_a_sheet_holds_are_refused(monkeypatch):
    monkeypatch.setattr("accounton.spreadsheets.writing.LAST_ROW", 10)
    assert written(sheet_of(["x"] * 9))
    with pytest.raises(TooManyRows):
        written(sheet_of(["x"] * 10))


def test_nothing_else_in_the_house_writes_workbooks():
    writing, unseen = (HOUSE / "spreadsheets" / f"{name}.py" for name in ("writing", "unseen"))
    for path in HOUSE.rglob("*.py"):
        source = path.read_text()
        if path not in (writing, unseen):
            assert not re.search(r"^\s*(import|from) (xlsxwriter|openpyxl)|unseen import", source, re.MULTILINE), path
        if path == writing:
            assert not re.search(r"\.(write|write_formula|write_row|write_url|write_column)\(", source)


@pytest.mark.libreoffice
@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_libreoffice_opens_it_and_keeps_every_text(tmp_path):
    texts = [text for text in DANGEROUS if not re.search(r"[\0\r\n\t\"]", text)]
    (tmp_path / "uit.xlsx").write_bytes(written(sheet_of(texts)))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", "csv:Text - txt - csv (StarCalc):59,0,76", "uit.xlsx"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=120)
    assert (tmp_path / "uit.csv").read_text().splitlines() == ["text", *texts]


def part(content: bytes) -> str:
    return zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()
