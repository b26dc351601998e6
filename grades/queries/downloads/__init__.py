"""Files of the whole record: what each holds, and its lines as the database writes them."""

from grades.queries.downloads.copying import Catalogue, Part, catalogue, csv_lines

__all__ = ["Catalogue", "Part", "catalogue", "csv_lines"]
