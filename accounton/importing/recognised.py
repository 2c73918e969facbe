"""Which customers changed rows are now, decided among all rows of the list that claim the same customers."""

from collections.abc import Collection, Iterator, Sequence

from accounton.customers.keys import existing_keys, sharing
from accounton.importing.claims import Pair, claims_about, contest, refusals, renew_claims, without
from accounton.importing.drafts import Draft, draft
from accounton.importing.models import Aside, Batch, Change, Proposal, made_of_row
from accounton.offices.keys import sealer
from accounton.rows.checking import CheckedBlock
from accounton.rows.columns import BY_KEY
from accounton.rows.couples import SPOUSE
from accounton.rows.intake import StagedRow as Checked
from accounton.rows.intake import staged_again
from accounton.rows.matching import DECISION, NUMBER, Match, RowKeys

FEW = 5000
"""Up to so many rows only those are looked at that share a key with them; beyond it, all."""
AT_ONCE = 400
NOBODY = RowKeys(False, None, None, "", "", "")


class Recognised:
    """Changed rows checked and matched again, with those that claim, or claimed, the same customers."""

    def __init__(self, batch: Batch, drafts: Sequence[Draft]) -> None:
        self.drafts: list[Draft] = []
        self.checked: list[Checked] = []
        self.matches: list[Match] = []
        self._batch = batch
        self._claims: dict[int, Proposal] = {}
        self._rows: set[int] = set()
        self._customers: set[int] = set()
        more = list(drafts)
        while more:
            self._take_claims({each.row.number for each in more}, {each.row.match_id for each in more})
            self._match(more)
            self._take_claims((), {pk for match in self.matches for pk in (match.customer_id, *match.candidates)})
            more = list(self._rivals())

    def settle(self, change: Change | None) -> set[int]:
        """Let at most one person be each customer, once the rows are written. Return the customers they let go of."""
        found: set[Pair] = contest(self._batch, self._customers, change) if self._customers else set()
        pairs = zip(self.drafts, self.matches, strict=True)
        rows = {each.row.number: match for each, match in pairs if not each.aside and each.decided is None}
        renew_claims(self._batch, self._claims.values(), rows, found)
        return {customer for _row, customer in found if customer is not None}

    def _take_claims(self, rows: Collection[int], customers: Collection[int | None]) -> None:
        """Take what was asked about rows and customers that were not taken before."""
        new = set(rows) - self._rows, {pk for pk in customers if pk is not None} - self._customers
        while any(new):
            self._rows |= new[0]
            self._customers |= new[1]
            found = claims_about(self._batch, *new)
            self._claims |= {each.pk: each for each in found}
            # What was asked about a row beside one customer concerns others, too.
            new = set(), {each.customer_id for each in found if each.customer_id} - self._customers

    def _rivals(self) -> Iterator[Draft]:
        """Yield the rows that were not looked at yet and about which it was asked whether they are these customers."""
        numbers = sorted({each.row for each in self._claims.values()} - self._rows)
        rows = self._batch.rows.filter(~made_of_row()).exclude(bucket__in=Aside.values).order_by("number")
        for start in range(0, len(numbers), AT_ONCE):
            some = rows.filter(number__in=numbers[start : start + AT_ONCE])
            yield from map(draft, some.select_related("content"))

    def _match(self, drafts: Sequence[Draft]) -> None:
        checked = checked_again(self._batch, drafts)
        refused = refusals(self._claims.values())
        self.drafts += drafts
        self.checked += checked
        self.matches += [
            _as_decided(each, keys, without(refused, each.row.number, match))
            for each, (keys, match) in zip(drafts, _matches(drafts, checked), strict=True)
        ]


def block_of(drafts: Sequence[Draft]) -> CheckedBlock:
    """Give drafts as the checked block of a list."""
    values = {key: [each.values.get(key, column.empty) for each in drafts] for key, column in BY_KEY.items()}
    for key in SPOUSE:
        if any(each.values.get(key) for each in drafts):
            values[key] = [each.values.get(key, "") for each in drafts]
    findings = {index: each.findings for index, each in enumerate(drafts) if each.findings}
    return CheckedBlock([each.row.number for each in drafts], values, findings)


def checked_again(batch: Batch, drafts: Sequence[Draft]) -> list[Checked]:
    """Give drafts as they are staged; those who are nobody without their numbers."""
    rows = staged_again(block_of(drafts), sealer(), batch.office_id)
    return [
        row._replace(number_hash=None, spouse_hash=None) if each.is_nobody else row
        for each, row in zip(drafts, rows, strict=True)
    ]


def _matches(drafts: Sequence[Draft], checked: Sequence[Checked]) -> list[tuple[RowKeys, Match]]:
    keys = [
        RowKeys(not row.problems, row.number_hash, row.spouse_hash, row.client_code, row.email, row.name_key)
        if not each.is_nobody
        else NOBODY
        for each, row in zip(drafts, checked, strict=True)
    ]
    known = existing_keys(*([sharing(keys)] if len(keys) <= FEW else []))
    return [(key, known.match(key)) for key in keys]


def _as_decided(each: Draft, keys: RowKeys, match: Match) -> Match:
    """Hold to what somebody said about a row, unless its national number says otherwise."""
    if each.decided is None or match.matched_by == NUMBER:
        return match
    return Match("double" if keys.valid else "invalid", each.decided, DECISION)
