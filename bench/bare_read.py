"""The floor of `check`: merely reading the sheet with python-calamine. `python -m bench.bare_read FILE`."""

import sys

from python_calamine import CalamineWorkbook

if __name__ == "__main__":
    sheet = CalamineWorkbook.from_path(sys.argv[1]).get_sheet_by_index(0)
    count = sum(1 for _ in sheet.iter_rows())
    print(count)
