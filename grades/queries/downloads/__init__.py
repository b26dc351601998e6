"""Files of the whole record: what each holds, and its lines as the database writes them."""

from grades.queries.downloads.copying import Download, csv_lines, download, row_counts

__all__ = ["Download", "csv_lines", "download", "row_counts"]
