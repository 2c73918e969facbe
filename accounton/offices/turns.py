"""Taking turns within an office."""

from accounton.offices.models import Office


def take_turn(office_id: int) -> Office:
    """Take the office's turn until the transaction ends; whoever asks meanwhile waits. Gives the office as it is then.

    PostgreSQL lets two transactions insert the same couple of e-mail and name side by side; this makes them take turns.
    SQLite takes its one write lock at BEGIN IMMEDIATE, which does the same. Rows that point to the office do not wait:
    an import writes some over a second connection.
    """
    office: Office = Office.objects.select_for_update(no_key=True).get(pk=office_id)
    return office
