"""What goes with the files of the whole record: JSON, metadata for programs, a readme. Facts in, text out; never a query.

CSV on the Web: https://www.w3.org/TR/tabular-metadata/. Data package: https://specs.frictionlessdata.io/tabular-data-package/.
Dataset: https://schema.org/Dataset, as search engines read it.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import chain
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from grades import words
from grades.datasets import DATASETS, Column, Dataset, Kind
from grades.history import CycleFacts
from grades.spreadsheets import as_it_was

Document = dict[str, Any]

Line = bytes | memoryview
"""A line as Python or the driver of the database holds it."""

PARTIAL_DATE = r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?"
"""A date as far as it is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Who publishes the record, where, and under which licence; addresses are whole ones."""

    site: str
    base: str
    operator: str
    licence: str
    licence_address: str
    changed_at: datetime | None = None

    def address(self, name: str) -> str:
        """Give the address of a file of the record."""
        return f"{self.base}/data/{name}"

    @property
    def citation(self) -> str:
        """Say how to name the record: who, what, which state of it, where."""
        values = {"operator": capfirst(self.operator), "site": self.site, "base": self.base}
        if self.changed_at is None:
            return _("%(operator)s, %(site)s, %(base)s/data/") % values
        values["when"] = words.moment(self.changed_at)
        return _("%(operator)s, %(site)s, record of %(when)s, %(base)s/data/") % values


def caveats() -> tuple[str, ...]:
    """Give what whoever works with the files has to know first."""
    return (
        _("Grades are inspectors’ judgments, not official statistics. Do not average, add up or rank them."),
        _(
            "Grades compare only within one band (column “band”), and only along a question that stayed the same. Where “break_before” is true, no change may be read from the cycle before."
        ),
        _(
            "Every row has a named state. “not-recorded” is a gap of this site, never a grade, and never means that a force was not inspected."
        ),
        _(
            "“not_yet_checked” marks grades that are known only from others than the inspectorate. Name the mark when you use such a grade."
        ),
        _(
            "England and Wales is the rate of the total. Rates of City of London for each resident (“compares” is false) say little beside others."
        ),
        _(
            "A rise in recorded crime can mean more crime or better recording. No line may join figures where “break_before” is true."
        ),
        _(
            "Text that a spreadsheet would take for a formula has an apostrophe in front. Empty cells say that there is nothing, never nought."
        ),
    )


# Rows, sent as they are read


PIECE = 64 * 1024
"""Bytes that are sent at once."""


def gathered(lines: Iterable[Line]) -> Iterator[bytes]:
    """Gather lines to pieces of some 64 KB, so that a long file is not sent line by line."""
    piece = bytearray()
    for line in lines:
        piece += line
        if len(piece) >= PIECE:
            yield bytes(piece)
            piece.clear()
    if piece:
        yield bytes(piece)


def csv_pieces(dataset: Dataset, lines: Iterable[Line]) -> Iterator[bytes]:
    """Give a file as CSV in UTF-8, in pieces: the names of the columns, then its lines, each of which ends with a line feed."""
    return gathered(chain([f"{','.join(dataset.names)}\n".encode()], lines))


def json_pieces(dataset: Dataset, lines: Iterable[Line], terms: Terms, *, address: str) -> Iterator[bytes]:
    """Give the same lines as one JSON document with what must travel with them, in pieces."""
    return gathered(_json(dataset, lines, terms, address))


def _json(dataset: Dataset, lines: Iterable[Line], terms: Terms, address: str) -> Iterator[bytes]:
    head = {
        "title": str(dataset.title),
        "about": str(dataset.about),
        "address": address,
        "licence": {"name": terms.licence, "address": terms.licence_address},
        "citation": terms.citation,
        "caveats": list(caveats()),
    }
    yield json.dumps(head, ensure_ascii=False)[:-1].encode() + b', "rows": ['
    separator = b""
    for line in lines:
        yield separator + json.dumps(record(dataset, line), ensure_ascii=False).encode()
        separator = b",\n"
    yield b"]}\n"


def record(dataset: Dataset, line: Line) -> Document:
    """Give a line of CSV as values by name: text as it was, numbers, true and false; None where a cell is empty."""
    cells = next(csv.reader(io.StringIO(str(line, "utf-8"), newline=""), strict=True))
    return {column.name: _value(column, cell) for column, cell in zip(dataset.columns, cells, strict=True)}


def _value(column: Column, cell: str) -> Any:
    if not cell:
        return None
    match column.kind:
        case Kind.YES_NO:
            return cell == "true"
        case Kind.WHOLE:
            return int(cell)
        case Kind.NUMBER:
            found = Decimal(cell)
            return int(found) if found == found.to_integral_value() else float(found)
        case Kind.TEXT | Kind.ADDRESS:
            return as_it_was(cell)
        case _:
            return cell


# CSV on the Web


def csvw(dataset: Dataset, terms: Terms) -> Document:
    """Describe one file as CSV on the Web has it; its address is that of the file and `-metadata.json`."""
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": terms.address(f"{dataset.slug}.csv"),
        "dc:title": str(dataset.title),
        "dc:description": str(dataset.about),
        "dc:publisher": terms.operator,
        "dc:license": {"@id": terms.licence_address},
        **({"dc:modified": terms.changed_at.date().isoformat()} if terms.changed_at else {}),
        "dialect": {"encoding": "utf-8", "delimiter": ",", "header": True, "lineTerminators": ["\n", "\r\n"]},
        "tableSchema": {
            "columns": [_csvw_column(column) for column in dataset.columns],
            **({"primaryKey": list(dataset.key)} if _all_filled(dataset) else {}),
        },
    }


def _all_filled(dataset: Dataset) -> bool:
    """Say whether each column of the key must be filled, as a key of CSV on the Web has to be."""
    filled = {column.name for column in dataset.columns if column.required}
    return set(dataset.key) <= filled


def _csvw_column(column: Column) -> Document:
    return {
        "name": column.name,
        "titles": column.name,
        "dc:description": str(column.about),
        "required": column.required,
        "datatype": _csvw_type(column),
    }


def _csvw_type(column: Column) -> Document | str:
    if column.choices:
        return {"base": "string", "format": "|".join(column.choices)}
    kinds: dict[Kind, Document | str] = {
        Kind.TEXT: "string",
        Kind.DATE: "date",
        Kind.PARTIAL_DATE: {"base": "string", "format": PARTIAL_DATE},
        Kind.NUMBER: "decimal",
        Kind.WHOLE: "integer",
        Kind.YES_NO: {"base": "boolean", "format": "true|false"},
        Kind.ADDRESS: "string",
    }
    return kinds[column.kind]


# Data package


def data_package(terms: Terms, sizes: Mapping[str, Any]) -> Document:
    """Describe all files as a Frictionless tabular data package; the paths are those beside it. `sizes` by slug, in rows and bytes."""
    return {
        "profile": "tabular-data-package",
        "name": "peel-history",
        "id": terms.address("datapackage.json"),
        "title": terms.site,
        "description": " ".join(caveats()),
        "homepage": f"{terms.base}/data/",
        **({"created": terms.changed_at.isoformat()} if terms.changed_at else {}),
        "licenses": [{"path": terms.licence_address, "title": terms.licence}],
        "contributors": [{"title": terms.operator, "role": "publisher"}],
        "resources": [_resource(dataset, sizes.get(dataset.slug)) for dataset in DATASETS],
    }


def _resource(dataset: Dataset, size: Any) -> Document:
    return {
        "profile": "tabular-data-resource",
        "name": dataset.slug,
        "path": f"{dataset.slug}.csv",
        "title": str(dataset.title),
        "description": str(dataset.about),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        **({"bytes": size.bytes} if size else {}),
        "dialect": {"delimiter": ",", "lineTerminator": "\n", "doubleQuote": True},
        "schema": {
            "fields": [_field(column) for column in dataset.columns],
            **({"primaryKey": list(dataset.key)} if _all_filled(dataset) else {}),
        },
    }


def _field(column: Column) -> Document:
    kinds: dict[Kind, Document] = {
        Kind.TEXT: {"type": "string"},
        Kind.ADDRESS: {"type": "string"},
        Kind.DATE: {"type": "date"},
        Kind.PARTIAL_DATE: {"type": "string", "constraints": {"pattern": PARTIAL_DATE}},
        Kind.NUMBER: {"type": "number"},
        Kind.WHOLE: {"type": "integer"},
        Kind.YES_NO: {"type": "boolean", "trueValues": ["true"], "falseValues": ["false"]},
    }
    found = {"name": column.name, "description": str(column.about), **kinds[column.kind]}
    found["constraints"] = {
        **found.get("constraints", {}),
        **({"required": True} if column.required else {}),
        **({"enum": list(column.choices)} if column.choices else {}),
    }
    return found


# For search engines


def json_ld(
    terms: Terms, *, name: str, about: str, address: str, downloads: Sequence[str], covers: str = ""
) -> str:
    """Describe a page's data as a schema.org Dataset, ready to stand in a `script` of JSON: no sign in it can end that.

    `downloads` are whole addresses of files; `covers` is a span of time such as 2014/2026.
    """
    kinds = {".csv": "text/csv", ".json": "application/json", ".zip": "application/zip"}
    document = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "name": name,
        "description": about,
        "url": address,
        "isAccessibleForFree": True,
        "license": terms.licence_address,
        "creator": {"@type": "Organization", "name": terms.operator, "url": terms.base},
        "inLanguage": "en",
        **({"temporalCoverage": covers} if covers else {}),
        **({"dateModified": terms.changed_at.isoformat()} if terms.changed_at else {}),
        "spatialCoverage": {"@type": "Place", "name": "England and Wales"},
        "distribution": [
            {
                "@type": "DataDownload",
                "encodingFormat": next(kind for end, kind in kinds.items() if found.endswith(end)),
                "contentUrl": found,
            }
            for found in downloads
        ],
    }
    return json.dumps(document, ensure_ascii=False).translate(_ESCAPED)


_ESCAPED = {ord(sign): f"\\u{ord(sign):04X}" for sign in "<>&\u2028\u2029"}
"""Signs that mean something to HTML or to scripts."""


# The readme of the ZIP


def readme(terms: Terms, cycles: Iterable[CycleFacts], sizes: Mapping[str, Any]) -> str:
    """Write what a person who opens the ZIP has to know, as Markdown."""
    lines = [
        f"# {terms.site}",
        "",
        _("The inspection record of every police force in England and Wales, as files."),
    ]
    lines += ["", f"## {_('Cite it as')}", "", terms.citation]
    lines += ["", f"## {_('Licence')}", "", f"{terms.licence}: {terms.licence_address}", ""]
    lines += [_("Where a row names its own source, please name it too.")]
    lines += ["", f"## {_('Before you work with it')}", "", *(f"- {caveat}" for caveat in caveats())]
    lines += ["", f"## {_('Breaks between cycles')}", ""]
    for one in cycles:
        if one.break_reason:
            presumed = (
                _(" (presumed; no statement of the inspectorate was found)") if one.break_presumed else ""
            )
            lines.append(f"- {one.label}: {words.break_reason(one)}{presumed} {one.break_address}".rstrip())
    lines += ["", f"## {_('Files')}", ""]
    for dataset in DATASETS:
        size = sizes.get(dataset.slug)
        said = ngettext("%(count)d row.", "%(count)d rows.", size.rows) % {"count": size.rows} if size else ""
        lines.append(f"- `{dataset.slug}.csv`: {dataset.about} {said}".rstrip())
    lines += [
        "",
        _(
            "`datapackage.json` and each `…-metadata.json` describe every column. All are in UTF-8, with commas."
        ),
    ]
    return "\n".join(lines) + "\n"
