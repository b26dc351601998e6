"""Files of the whole record: what each holds, and its lines as the database writes them."""

from grades.queries.downloads.copying import WHOLE, Catalogue, Part, catalogue, csv_lines, one_moment

__all__ = ["WHOLE", "Catalogue", "Part", "catalogue", "csv_lines", "one_moment"]
