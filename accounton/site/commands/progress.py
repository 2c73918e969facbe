"""A progress bar on a terminal; nothing anywhere else."""

import sys

BAR = 30


def show(done: int, expected: int) -> None:
    """Draw how far `done` of `expected` is, over what was drawn before."""
    if sys.stderr.isatty():
        share = min(done / expected, 1) if expected else 1
        bar = ("█" * round(share * BAR)).ljust(BAR, "░")
        sys.stderr.write(f"\r{bar} {share:4.0%}")
        sys.stderr.flush()


def clear() -> None:
    """Wipe the bar away."""
    if sys.stderr.isatty():
        sys.stderr.write("\r\x1b[K")
