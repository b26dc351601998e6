"""Files of the whole record: what each holds, and its lines as the database writes them."""

from grades.queries.downloads.copying import csv_pieces

__all__ = ["csv_pieces"]
