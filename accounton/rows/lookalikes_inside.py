"""Looking for lookalikes, the child's side: it takes customers and rows as they come, and answers when asked."""

import gc
from collections.abc import Sequence
from itertools import accumulate
from typing import Any

from accounton.rows.lookalikes import Contexts, Lookalikes, SealedCustomers, SealedRows
from accounton.rows.looks import Looks
from accounton.sealing.sealer import Sealer
from accounton.spreadsheets.inside import Parent

KEY_BYTES = 32


def main(parent: Parent) -> None:
    """Take an order (contexts) with the keys beside it, then customers and rows; answer what asks for it."""
    # Nothing here makes circles, and looking for them among so many people costs a tenth of the time.
    gc.disable()
    received = parent.receive()
    if received is None:
        return
    lookalikes = _lookalikes(*received)
    while (received := parent.receive()) is not None:
        message, raw = received
        if "customers" in message:
            lookalikes.add_customers(SealedCustomers._make((*message["customers"], _parted(raw, message["sizes"]))))
        elif "rows" in message:
            lookalikes.add_rows(SealedRows._make((*message["rows"], _parted(raw, message["sizes"]))))
        elif "looks" in message:
            lookalikes.add_looks(Looks._make(message["looks"]))
        elif "compare" in message:
            lookalikes.compare_rows()
        else:
            parent.send(list(map(list, lookalikes.found(set(message["gone"]), set(message["known"])))))


def _lookalikes(order: dict[str, Any], keys: bytes) -> Lookalikes:
    sealer = Sealer([keys[start : start + KEY_BYTES] for start in range(0, len(keys), KEY_BYTES)])
    contexts = Contexts(*(context.encode() for context in order["contexts"]))
    return Lookalikes(sealer, contexts)


def _parted(raw: bytes, sizes: Sequence[int]) -> list[bytes]:
    ends = list(accumulate(sizes))
    return [raw[end - size : end] for size, end in zip(sizes, ends, strict=True)]
