"""The tables of importing."""

from accounton.importing.models.batches import (
    Aside,
    Batch,
    Bucket,
    LearntColumn,
    OnlyHere,
    StagedContent,
    StagedRow,
    State,
    Upload,
    made_of_row,
)
from accounton.importing.models.bulk_actions import BulkAction, End
from accounton.importing.models.changes import Change, ChangeKind, RowBefore
from accounton.importing.models.departures import Action, Departure, WhyGone
from accounton.importing.models.differences import Difference, Overwritten
from accounton.importing.models.leases import Lease
from accounton.importing.models.made import MadeWorkbook, WorkbookKind
from accounton.importing.models.proposals import (
    AGAIN,
    COUPLES,
    HOLDING,
    LOOKALIKE,
    NEAR,
    ON_TWO_ROWS,
    Decision,
    Proposal,
    Reason,
    Verdict,
)
from accounton.importing.models.undone import Outcome, Part, Undone

__all__ = [
    "AGAIN",
    "COUPLES",
    "HOLDING",
    "LOOKALIKE",
    "NEAR",
    "ON_TWO_ROWS",
    "Action",
    "Aside",
    "Batch",
    "Bucket",
    "BulkAction",
    "Change",
    "ChangeKind",
    "Decision",
    "Departure",
    "Difference",
    "End",
    "LearntColumn",
    "Lease",
    "MadeWorkbook",
    "OnlyHere",
    "Outcome",
    "Overwritten",
    "Part",
    "Proposal",
    "Reason",
    "RowBefore",
    "StagedContent",
    "StagedRow",
    "State",
    "Undone",
    "Upload",
    "Verdict",
    "WhyGone",
    "WorkbookKind",
    "made_of_row",
]
