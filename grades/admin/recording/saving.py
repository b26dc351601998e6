"""Writing the recording screen down: everything in one transaction, in a number of queries that does not grow with it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from grades.admin.recording.forms import (
    FindingForm,
    InspectionForm,
    NewSourceForm,
    ReportForm,
    RowForm,
    StatedForm,
    all_errors,
    finding_initial,
    report_forms,
    row_initial,
)
from grades.admin.recording.sheet import Sheet, report_of
from grades.dates import Precision
from grades.models import Citation, Finding, Grade, Question, Report, Source
from grades.pasting import PastedFinding, parse
from grades.publishing.reports import rests_on_it_alone, source_facts, source_key
from grades.scales import FindingKind, SourceKind, State, Status

KEY_LENGTH = 90
"""How much of a finding's key may be the inspection and the question; a number follows."""


@dataclass
class Screen:
    """The forms of the screen, blank or as they came back."""

    sheet: Sheet
    data: Any = None
    inspection: InspectionForm = field(init=False)
    reports: list[ReportForm] = field(init=False)
    rows: list[RowForm] = field(init=False)
    findings: dict[int, FindingForm] = field(init=False)
    stated: list[StatedForm] = field(init=False)
    source: NewSourceForm = field(init=False)

    def __post_init__(self) -> None:
        sheet, data = self.sheet, self.data
        questions = {question.pk: question for question in sheet.questions}
        self.inspection = InspectionForm(data, instance=sheet.inspection, prefix="inspection")
        self.reports = report_forms(sheet, data)
        self.rows = [
            RowForm(
                data,
                question=question,
                sheet=sheet,
                prefix=f"q{question.pk}",
                initial=row_initial(question, sheet),
            )
            for question in sheet.questions
        ]
        self.findings = {
            finding.pk: FindingForm(
                data,
                finding=finding,
                question=questions.get(finding.question_id or 0),
                sheet=sheet,
                prefix=f"finding-{finding.pk}",
                initial=finding_initial(finding),
            )
            for finding in sheet.findings
            # What another editor has added since this form was made is not in what came back.
            if data is None or f"finding-{finding.pk}-kind" in data
        }
        self.stated = [
            StatedForm(data, sheet=sheet, source=source, prefix=f"source-{number}")
            for number, source in sheet.further_sources.items()
        ]
        self.source = NewSourceForm(
            data,
            sheet=sheet,
            source=None,
            prefix="source-new",
            empty_permitted=True,
            use_required_attribute=False,
        )

    @property
    def parts(self) -> list[Any]:
        """Give every form, in the order of the screen."""
        found: list[Any] = [*self.reports, self.inspection]
        for row in self.rows:
            found += [row, *self.findings_of(row.question.pk)]
        return [*found, *self.findings_of(None), *self.stated, self.source]

    def findings_of(self, question: int | None) -> list[FindingForm]:
        """Give the forms of a question's findings."""
        held = self.sheet.findings_of.get(question, ())
        return [self.findings[finding.pk] for finding in held if finding.pk in self.findings]

    def is_valid(self) -> bool:
        """Check every form, and what only several of them together can tell."""
        checked = [form.is_valid() for form in self.parts]
        self._check_causes()
        self._check_sources()
        if all(checked) and not self.errors:
            self._check_pasted()
        return not self.errors

    @property
    def errors(self) -> list[dict[str, Any]]:
        """List what is wrong, in words and with the place."""
        return all_errors(self.parts) if self.data is not None else []

    def _check_causes(self) -> None:
        """A recommendation needs its cause to stay one."""
        stay = {
            number
            for number, form in self.findings.items()
            if not form.cleaned_data.get("remove")
            and form.cleaned_data.get("kind") == FindingKind.CAUSE_OF_CONCERN
        }
        stay |= {form.cause_elsewhere.pk for form in self.findings.values() if form.cause_elsewhere}
        for form in self.findings.values():
            given = form.cleaned_data
            if form.closed or given.get("kind") != FindingKind.RECOMMENDATION or given.get("remove"):
                continue
            if given.get("parent") and given["parent"] not in stay:
                form.add_error("parent", _("This is no cause of concern any more: choose another."))

    def _check_sources(self) -> None:
        """A source states something of what is recorded."""
        recorded = {row.question.pk for row in self.rows if row.cleaned_data.get("state")}
        for form in [*self.stated, self.source]:
            for question in form.stated():
                if question not in recorded:
                    form.add_error(f"q{question}", _("Nothing is recorded on this question."))

    def _check_pasted(self) -> None:
        """A recommendation that is pasted without its cause needs one that is recorded."""
        for row in self.rows:
            causes = [
                form
                for form in self.findings_of(row.question.pk)
                if form.cleaned_data["kind"] == FindingKind.CAUSE_OF_CONCERN
                and not form.cleaned_data["remove"]
            ]
            for pasted in parse(row.cleaned_data["pasted"]):
                if pasted.kind == FindingKind.RECOMMENDATION and pasted.cause is None and not causes:
                    row.add_error(
                        "pasted",
                        _("A recommendation needs its cause of concern above it: “%(text)s”")
                        % {"text": pasted.text[:60]},
                    )
                    break


@dataclass
class Saved:
    """What a save has done, for telling."""

    grades: int = 0
    findings: int = 0


class Writer:
    """Writes a valid screen. Call inside a transaction that holds the inspection."""

    def __init__(self, screen: Screen) -> None:
        self.screen, self.sheet = screen, screen.sheet
        self.inspection = screen.sheet.inspection
        # As they were: the forms have put what was typed into the reports of the sheet.
        stored = Report.objects.filter(inspection=self.inspection.pk).order_by("published_on", "pk")
        self.old_keys = {report.pk: source_key(report) for report in stored}
        self.old_day = _first_day(stored)

    def write(self) -> Saved:
        """Write all of it."""
        if self.screen.inspection.has_changed():
            self.screen.inspection.save()
        reports = self._reports()
        self.new_day = _first_day(reports)
        sources = self._sources(reports)
        further = self._further_source()
        grades = self._grades(reports)
        self._citations(grades, reports, sources, further)
        self._findings()
        added = self._pasted(reports, sources)
        return Saved(grades=len(grades), findings=added)

    # Reports and the sources that stand for them

    def _reports(self) -> list[Report]:
        kept = []
        for form in self.screen.reports:
            if form.left_out:
                continue
            if form.instance.pk is None or form.has_changed():
                form.save()
            kept.append(form.instance)
        return sorted(kept, key=lambda report: (report.published_on or date.max, report.pk))

    def _sources(self, reports: Sequence[Report]) -> dict[int, Source]:
        """Give each report its source; one that was made for it alone follows a new title, day or address."""
        wanted = {report.pk: source_key(report) for report in reports}
        keys = {*wanted.values(), *self.old_keys.values()}
        held = {source.key: source for source in Source.objects.filter(key__in=keys)}
        found: dict[int, Source] = {}
        self.moved: list[tuple[int, int, int]] = []
        old_keys = list(self.old_keys.values())
        for report in reports:
            key, old = wanted[report.pk], held.get(self.old_keys.get(report.pk, ""))
            facts = source_facts(report)
            own = old is not None and self._ours_alone(old) and old_keys.count(old.key) == 1
            if old is not None and own and (key == old.key or key not in held):
                old.save(update_fields=_put(old, {"key": key, **facts}))
                held[key] = old
            elif key not in held:
                held[key] = Source.objects.create(key=key, **facts)
            found[report.pk] = held[key]
            if old is not None and old.pk != held[key].pk:
                self.moved.append((report.pk, old.pk, held[key].pk))
        return found

    def _ours_alone(self, source: Source) -> bool:
        """Say whether nothing but this inspection rests on a source, so that it may follow the report."""
        return rests_on_it_alone(
            source,
            {
                Citation: Q(grade__inspection=self.inspection.pk),
                Finding: Q(inspection=self.inspection.pk, status=Status.DRAFT),
            },
        )

    def _further_source(self) -> Source | None:
        form = self.screen.source
        if not form.has_changed():
            return None
        given = form.cleaned_data
        key = given["address"] or given["source_title"]
        found, _made = Source.objects.get_or_create(
            key=key,
            defaults={
                "publisher": given["publisher"],
                "title": given["source_title"],
                "kind": given["kind"] or SourceKind.PRESS,
                "address": given["address"],
                "published_on": given["published_on"],
            },
        )
        return found

    # Grades and what states them

    def _grades(self, reports: Sequence[Report]) -> dict[int, Grade]:
        """Write the grades; give them by question."""
        numbers = {report.pk: report for report in reports}
        kept: dict[int, Grade] = {}
        new, changed, gone = [], [], []
        self.altered: set[int] = set()
        columns: set[str] = set()
        for row in self.screen.rows:
            wanted, grade = row.wanted(), row.grade
            if wanted is None:
                if grade is not None:
                    gone.append(grade)
                continue
            report = numbers.get(row.cleaned_data.get("report") or 0) or report_of(row.question, reports)
            wanted["report_id"] = report.pk if report else None
            if grade is None:
                grade = Grade(inspection=self.inspection, question=row.question, **wanted)
                new.append(grade)
            else:
                differing = _put(grade, wanted)
                if {"state", "level", "carried_from_id"} & set(differing):
                    self.altered.add(grade.pk)
                if differing:
                    _refuse_half_an_amendment(row, grade)
                    changed.append(grade)
                    columns.update(name.removesuffix("_id") for name in differing)
            kept[row.question.pk] = grade
        if gone:
            Citation.objects.filter(grade__in=gone).delete()
            Grade.objects.filter(pk__in=[grade.pk for grade in gone]).delete()
        Grade.objects.bulk_create(new)
        if changed:
            Grade.objects.bulk_update(changed, sorted(columns))
        return kept

    def _citations(
        self,
        grades: dict[int, Grade],
        reports: Sequence[Report],
        sources: dict[int, Source],
        further: Source | None,
    ) -> None:
        """Cite the report for each grade that nothing else states or whose page is given, and what others state."""
        held: dict[tuple[int, int], Citation] = {}
        for report_id, old, now in self.moved:
            Citation.objects.filter(grade__report=report_id, source=old).update(source=now)
            drafts = Finding.objects.filter(inspection=self.inspection.pk, status=Status.DRAFT)
            drafts.filter(source=old).update(source=now)
        for citation in Citation.objects.filter(grade__in=list(grades.values())):
            held[citation.grade_id or 0, citation.source_id] = citation
        wanted = self._stated_by_others(further)
        cited = {grade for grade, _source in held} | {grades[q].pk for q, _source in wanted if q in grades}
        gone = [
            citation
            for form in self.screen.stated
            for question, citation in form.cited.items()
            if (question, citation.source_id) not in wanted and question in grades
        ]
        own = {source.pk for source in sources.values()}
        new, changed = [], []
        for row in self.screen.rows:
            grade = grades.get(row.question.pk)
            report = None if grade is None else next((r for r in reports if r.pk == grade.report_id), None)
            if grade is None:
                continue
            if report is None:
                _refuse_page_of_no_report(row)
                continue
            source = sources[report.pk]
            place = {"locator": row.cleaned_data["locator"]}
            facts = {
                "state": grade.state,
                "level": grade.level,
                "carried_from_id": grade.carried_from_id,
            } | place
            stale = [c for (g, s), c in held.items() if g == grade.pk and s in own and s != source.pk]
            own_row = held.get((grade.pk, source.pk))
            if own_row is None and stale:
                own_row = stale[0]
                own_row.source = source
                changed.append(own_row)
            if own_row is not None:
                # What the report states stays as it was recorded, amended since or not, until the grade is entered anew.
                altered = grade.pk in self.altered
                if _set(own_row, facts if altered else place, told=altered) and own_row not in changed:
                    changed.append(own_row)
            elif place["locator"] or (grade.pk not in cited and grade.state != State.AWAITED):
                new.append(Citation(grade=grade, source=source, **facts))
        for (question, source_id), (state, level) in wanted.items():
            said = {"state": state, "level": level}
            other = held.get((grades[question].pk, source_id))
            if other is None:
                new.append(Citation(grade=grades[question], source_id=source_id, **said))
            elif _set(other, said, told=False):
                if state != State.CARRIED_FORWARD:
                    other.carried_from_id = None
                changed.append(other)
        if gone:
            Citation.objects.filter(pk__in=[citation.pk for citation in gone]).delete()
        Citation.objects.bulk_create(new)
        if changed:
            Citation.objects.bulk_update(
                changed, ["source", "state", "level", "carried_from", "locator", "checked_on", "checked_by"]
            )

    def _stated_by_others(self, further: Source | None) -> dict[tuple[int, int], tuple[str, str]]:
        """Give state and level by question and further source."""
        found = {}
        for form in self.screen.stated:
            if form.source is not None:
                for question, said in form.stated().items():
                    found[question, form.source.pk] = said
        if further is not None:
            for question, said in self.screen.source.stated().items():
                found[question, further.pk] = said
        return found

    # Findings

    def _findings(self) -> None:
        changed, gone = [], []
        columns: set[str] = set()
        for form in self.screen.findings.values():
            finding = form.finding
            if form.closed:
                continue
            if form.cleaned_data["remove"]:
                gone.append(finding)
                continue
            differing = _put(finding, form.wanted(self.old_day, self.new_day))
            if differing:
                changed.append(finding)
                columns.update(name.removesuffix("_id") for name in differing)
        if changed:
            # A cause of concern stays one while a recommendation answers it, so causes are written first.
            changed.sort(key=lambda row: row.kind != FindingKind.CAUSE_OF_CONCERN)
            Finding.objects.bulk_update(changed, sorted(columns))
        if gone:
            numbers = [finding.pk for finding in gone]
            Finding.objects.filter(pk__in=numbers, parent__isnull=False).delete()
            Finding.objects.filter(pk__in=numbers).delete()

    def _pasted(self, reports: Sequence[Report], sources: dict[int, Source]) -> int:
        """Make rows of what was pasted, causes first: their recommendations name them."""
        lists = [
            (row, found)
            for row in self.screen.rows
            if (found := parse(row.cleaned_data["pasted"], self.new_day))
        ]
        if not lists:
            return 0
        numbers = self._numbers_taken()
        causes: list[Finding] = []
        rest: list[Finding] = []
        for row, pasted in lists:
            report = report_of(row.question, reports) or reports[0]
            made: dict[int, Finding] = {}
            start = max(
                (finding.order for finding in self.sheet.findings_of.get(row.question.pk, ())), default=0
            )
            for place, one in enumerate(pasted):
                finding = self._finding(one, row.question, sources[report.pk], numbers)
                finding.order = min(start + place + 1, 32767)
                made[place] = finding
                if one.kind == FindingKind.RECOMMENDATION:
                    finding.parent = self._cause(one, made, row.question)
                    rest.append(finding)
                else:
                    (causes if one.kind == FindingKind.CAUSE_OF_CONCERN else rest).append(finding)
        Finding.objects.bulk_create(causes)
        for finding in rest:
            finding.parent = finding.parent  # its number is known now
        Finding.objects.bulk_create(rest)
        return len(causes) + len(rest)

    def _cause(self, one: PastedFinding, made: dict[int, Finding], question: Question) -> Finding:
        if one.cause is not None:
            return made[one.cause]
        held = [
            form.finding
            for form in self.screen.findings_of(question.pk)
            if form.finding.kind == FindingKind.CAUSE_OF_CONCERN and not form.cleaned_data["remove"]
        ]
        return held[-1]

    def _finding(
        self, one: PastedFinding, question: Question, source: Source, numbers: dict[str, int]
    ) -> Finding:
        stem = self._stem(question)
        numbers[stem] += 1
        return Finding(
            key=f"{stem}-{numbers[stem]}",
            force=self.inspection.force,
            inspection=self.inspection,
            question=question,
            kind=one.kind,
            text=one.text,
            due=one.due,
            due_on=one.due_on,
            source=source,
        )

    def _stem(self, question: Question) -> str:
        parts = [self.inspection.force.slug, self.inspection.cycle.slug]
        if question.pillar:
            parts.append(question.pillar.slug)
        return "-".join([*parts, question.number])[:KEY_LENGTH].rstrip("-").lower()

    def _numbers_taken(self) -> dict[str, int]:
        """Give the highest number under each stem, of any finding, whichever inspection it belongs to."""
        start = f"{self.inspection.force.slug}-{self.inspection.cycle.slug}-"[:KEY_LENGTH]
        taken: dict[str, int] = defaultdict(int)
        for key in Finding.objects.filter(key__startswith=start).values_list("key", flat=True):
            found = re.fullmatch(r"(.*)-(\d{1,9})", key)
            if found:
                taken[found[1]] = max(taken[found[1]], int(found[2]))
        return taken


def _first_day(reports: Iterable[Report]) -> date | None:
    """Give the day from which what is due is counted: that of the first report whose day is known."""
    days = [
        report.published_on
        for report in reports
        if report.published_on and report.published_on_precision == Precision.DAY
    ]
    return min(days, default=None)


def _put(row: models.Model, facts: dict[str, Any]) -> list[str]:
    """Put facts into a row, and name the columns that they change."""
    differing = [name for name, value in facts.items() if getattr(row, name) != value]
    for name in differing:
        setattr(row, name, facts[name])
    return differing


def _set(citation: Citation, facts: dict[str, Any], *, told: bool) -> bool:
    """Put facts into a citation; what was checked of another grade is checked no more."""
    differing = _put(citation, facts)
    if told or {"state", "level"} & set(differing):
        unchecked = citation.checked_on is None
        citation.checked_on, citation.checked_by = None, None
        return bool(differing) or not unchecked
    return bool(differing)


def _refuse_half_an_amendment(row: RowForm, grade: Grade) -> None:
    """An amendment was entered on the grade's own page, and has to be undone there first."""
    if grade.amended_on and (not grade.level or grade.level == grade.amended_from):
        raise ValidationError(
            _(
                "%(question)s: the inspectorate amended this grade; take that away on the grade's own page first."
            )
            % {"question": row.question.name_in_cycle}
        )


def _refuse_page_of_no_report(row: RowForm) -> None:
    """A page is of a report: where there are several, and none of the question's pillar, the editor has to choose."""
    if row.cleaned_data["locator"]:
        raise ValidationError(
            _("%(question)s: a page is given, but no report of its pillar. Choose the report, or add it.")
            % {"question": row.question.name_in_cycle}
        )
