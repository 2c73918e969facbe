"""How many rows are many."""

LONG = 2000
"""Work on more rows is done in the background, or said while it lasts; on fewer at once, before a page answers."""
