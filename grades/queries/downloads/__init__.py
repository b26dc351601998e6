"""Files of the whole record: what each holds, and its lines as the database writes them."""

from grades.queries.downloads.copying import Catalogue, Part, catalogue, csv_lines, csv_pieces

__all__ = ["Catalogue", "Part", "catalogue", "csv_lines", "csv_pieces"]
