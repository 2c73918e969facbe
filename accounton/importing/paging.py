"""Pages of lists that may be very long."""

from typing import Any

from django.core.paginator import Page, Paginator


class FromEitherEnd(Paginator):  # type: ignore[type-arg]
    """Takes a page of an ordered queryset from the end that is nearer: the last page then costs what the first does.

    A database that sorts very many rows for their first fifty keeps fifty; for their last fifty it keeps them all.
    """

    def page(self, number: int | str) -> Page[Any]:
        """Give a page, as Django's does. Raises InvalidPage."""
        number = self.validate_number(number)
        count, start = self.count, (number - 1) * self.per_page
        stop = min(start + self.per_page, count)
        rows: Any = self.object_list
        if start <= count - stop:
            found = list(rows[start:stop])
        else:
            found = list(rows.reverse()[count - stop : count - start])[::-1]
        return self._get_page(found, number, self)  # type: ignore[no-any-return,attr-defined]
