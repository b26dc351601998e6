"""Every sentence that is made from facts, in one place and marked for translation.

Pages, tables, pictures, feeds and files say the same because they all ask here. Neutral by rule: a change is up or
down, never better or worse; a late response has a day, not a blame; what the record lacks is said to be lacking.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache

from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext, pgettext_lazy
from django.utils.translation import gettext as _

from grades.dates import (
    RESPONSE_DAYS,
    Age,
    ClockState,
    PartialDate,
    Precision,
    ResponseClock,
    parse_partial,
)
from grades.history import (
    Change,
    CorrectionFacts,
    CycleFacts,
    ForceHistory,
    GradePoint,
    HistoryCell,
    HistoryRow,
    SourceFacts,
    Spread,
    Tally,
    broken,
    tally,
)
from grades.scales import Basis, CellState, Level, PrintedBlock, SourceKind, Standing
from grades.series import Observation, ReleaseFacts, SeriesBreak, round_half_up

MINUS = "\N{MINUS SIGN}"
MONTHS_A_YEAR = 12


# Lists and sentences


def list_and(items: Iterable[str]) -> str:
    """Join as a reader would say it: `a`, `a and b`, `a, b and c`; "" for nothing."""
    parts = [item for item in items if item]
    if len(parts) < 2:
        return "".join(parts)
    return pgettext("the last two of a list", "%(others)s and %(last)s") % {
        "others": pgettext("between the items of a list", ", ").join(parts[:-1]),
        "last": parts[-1],
    }


def sentence(text: str) -> str:
    """Give a text as a sentence: a capital first, a full stop last; "" stays empty."""
    text = text.strip()
    if not text:
        return ""
    text = text[0].upper() + text[1:]
    return text if text.rstrip("”").endswith((".", "!", "?", "…")) else f"{text}."


def within_sentence(text: str) -> str:
    """Give a text as it stands within a sentence: no capital first."""
    return text[:1].lower() + text[1:]


def sentences(*texts: str) -> str:
    """Join texts as sentences, leaving empty ones out."""
    return " ".join(sentence(text) for text in texts if text.strip())


# Dates, periods, numbers


MONTHS = (
    pgettext_lazy("month", "January"),
    pgettext_lazy("month", "February"),
    pgettext_lazy("month", "March"),
    pgettext_lazy("month", "April"),
    pgettext_lazy("month", "May"),
    pgettext_lazy("month", "June"),
    pgettext_lazy("month", "July"),
    pgettext_lazy("month", "August"),
    pgettext_lazy("month", "September"),
    pgettext_lazy("month", "October"),
    pgettext_lazy("month", "November"),
    pgettext_lazy("month", "December"),
)


def month_name(month: int) -> str:
    """Give the name of a month, 1 to 12."""
    return str(MONTHS[month - 1])


def day(when: date) -> str:
    """Give a day as `28 June 2022`."""
    return _day(get_language(), when)


@lru_cache(maxsize=4096)
def _day(_language: str | None, when: date) -> str:
    return pgettext("a day", "%(day)d %(month)s %(year)d") % {
        "day": when.day,
        "month": month_name(when.month),
        "year": when.year,
    }


def month(when: date) -> str:
    """Give a month as `June 2022`."""
    return pgettext("a month", "%(month)s %(year)d") % {"month": month_name(when.month), "year": when.year}


def moment(when: datetime) -> str:
    """Give a moment as London's clocks show it: `28 June 2022, 14:05 BST`."""
    there = timezone.localtime(when)
    return pgettext("a moment", "%(day)s, %(time)s %(zone)s") % {
        "day": day(there.date()),
        "time": f"{there:%H:%M}",
        "zone": there.tzname(),
    }


def partial_date(when: PartialDate | None) -> str:
    """Give a date as far as it is known: `28 June 2022`, `June 2022`, `2022`, or `date not known`."""
    if when is None:
        return _("date not known")
    if when.precision == Precision.DAY:
        return day(when.first)
    return month(when.first) if when.precision == Precision.MONTH else str(when.first.year)


def whole_months(starts_on: date, ends_before: date) -> int:
    """Count the months of a half-open period that is made of whole months; 0 for any other."""
    if starts_on.day != 1 or ends_before.day != 1:
        return 0
    return (ends_before.year - starts_on.year) * MONTHS_A_YEAR + ends_before.month - starts_on.month


def printed_block(block: str) -> str:
    """Name what a printed block shows, without its number in the report."""
    return {
        PrintedBlock.FORCE_IN_NUMBERS: _("Force in numbers"),
        PrintedBlock.FIGURE_2: _("Rates by type of crime"),
        PrintedBlock.FIGURE_4: _("Outcomes of crimes"),
        PrintedBlock.TEXT: _("Figures in the text"),
    }[PrintedBlock(block)]


def years(found: Iterable[int]) -> str:
    """Give years as a reader would: `2014`, `2014 and 2016`, `2020 to 2025`."""
    ordered = sorted(set(found))
    if len(ordered) > 2 and ordered[-1] - ordered[0] == len(ordered) - 1:
        return _("%(first)d to %(last)d") % {"first": ordered[0], "last": ordered[-1]}
    return list_and(str(year) for year in ordered)


def period(starts_on: date, ends_before: date) -> str:
    """Give a half-open period as `12 months to 31 March 2026`, or `at 31 March 2026` for a single day."""
    return _period(get_language(), starts_on, ends_before)


@lru_cache(maxsize=4096)
def _period(_language: str | None, starts_on: date, ends_before: date) -> str:
    """The pictures of one page name the same few periods a thousand times, so each is put together once a language."""
    last = ends_before - timedelta(days=1)
    if last <= starts_on:
        return _("at %(day)s") % {"day": day(starts_on)}
    months = whole_months(starts_on, ends_before)
    if months:
        return ngettext("%(months)d month to %(day)s", "%(months)d months to %(day)s", months) % {
            "months": months,
            "day": day(last),
        }
    return _("%(first)s to %(last)s") % {"first": day(starts_on), "last": day(last)}


def in_period(starts_on: date, ends_before: date) -> str:
    """Give a half-open period as a sentence takes it: `in the 12 months to 31 March 2026`, `at 31 March 2026`."""
    words = period(starts_on, ends_before)
    if ends_before - timedelta(days=1) <= starts_on:
        return words
    if whole_months(starts_on, ends_before):
        return _("in the %(period)s") % {"period": words}
    return _("from %(period)s") % {"period": words}


def number(value: Decimal | int, decimals: int = 0) -> str:
    """Give a number with thousands commas, fixed decimals rounded half up, and a proper minus sign."""
    rounded = round_half_up(Decimal(value), decimals)
    if not rounded:
        rounded = abs(rounded)
    return f"{rounded:,.{decimals}f}".replace("-", MINUS)


def with_unit(value: Decimal, decimals: int, unit: str) -> str:
    """Give a number and its unit: `62.6 per 1,000 people`, `12.3% of recorded crime`."""
    joint = "" if unit.startswith("%") else "\N{NO-BREAK SPACE}" if " " not in unit else " "
    return f"{number(value, decimals)}{joint}{unit}".strip()


def since(years: int) -> str:
    """Name an earlier time: `the year before`, `five years before`."""
    if years == 1:
        return _("the year before")
    if years == 5:
        return _("five years before")
    return ngettext("%(years)d year before", "%(years)d years before", years) % {"years": years}


def percent_change(change: Decimal, *, years: int = 1) -> str:
    """Give a change in per cent in neutral words: `up 4.8% on the year before`, `no change on the year before`."""
    values = {"change": number(abs(change), 1), "since": since(years)}
    if not change:
        return _("no change on %(since)s") % values
    if change > 0:
        return _("up %(change)s%% on %(since)s") % values
    return _("down %(change)s%% on %(since)s") % values


def points_change(change: Decimal, *, decimals: int = 1, years: int = 1) -> str:
    """Give the change of a percentage in percentage points: `up 1.2 percentage points on the year before`."""
    values = {"change": number(abs(change), decimals), "since": since(years)}
    if not round_half_up(change, decimals):
        return _("no change on %(since)s") % values
    if change > 0:
        return _("up %(change)s percentage points on %(since)s") % values
    return _("down %(change)s percentage points on %(since)s") % values


# The 56 days


def day_of_56(number: int) -> str:
    """Say on which day of the period a response came out, given its number: `published on day 86 of 56`."""
    return _("published on day %(day)d of %(days)d") % {"day": number, "days": RESPONSE_DAYS}


def clock_words(clock: ResponseClock) -> str:
    """Say how a report stands to the 56 days, neutrally; always says something."""
    values = {
        "days": RESPONSE_DAYS,
        "day": clock.day or 0,
        "last": day(clock.last_day) if clock.last_day else "",
    }
    lacking = "" if clock.answered else _("No response is recorded here.")
    match clock.state:
        case ClockState.DUE:
            return _("A response is due by %(last)s. No response is recorded here yet.") % values
        case ClockState.PASSED:
            return _("The last day was %(last)s. No response is recorded here.") % values
        case ClockState.PUBLISHED:
            return _("Published on day %(day)d of %(days)d; the last day was %(last)s.") % values
        case ClockState.PUBLISHED_UNDATED:
            return _("A response is recorded; its day is not known here. The last day was %(last)s.") % values
        case ClockState.NOT_APPLICABLE:
            said = _("The limit of %(days)d days is not applied.") % values
        case ClockState.UNDATED:
            said = _("The exact day of the report is not known here, so the days are not counted.")
        case ClockState.UNCONFIRMED:
            said = _("The inspectorate has not confirmed the day of the report, so the days are not counted.")
    return f"{lacking} {said}".strip()


def age_words(age: Age) -> str:
    """Say how long ago something was: `2 years and 3 months`, `5 months`, `12 days`, `about 3 years`."""
    if age.years or age.months:
        parts = [
            ngettext("%(count)d year", "%(count)d years", age.years) % {"count": age.years}
            if age.years
            else "",
            ngettext("%(count)d month", "%(count)d months", age.months) % {"count": age.months}
            if age.months
            else "",
        ]
        said = list_and(parts)
    else:
        said = ngettext("%(count)d day", "%(count)d days", age.days) % {"count": age.days}
    return _("about %(age)s") % {"age": said} if age.about else said


# Corrections by this record


def column_words(column: str) -> str:
    """Name a column of the record as a reader would; a foreign key is named as what it leads to, a precision as its date."""
    known = {
        "action": pgettext("column", "action"),
        "actions": pgettext("column", "action taken or proposed"),
        "actor": pgettext("column", "who says so"),
        "address": pgettext("column", "address"),
        "amended_from": pgettext("column", "grade before the inspectorate’s amendment"),
        "amended_on": pgettext("column", "day of the inspectorate’s amendment"),
        "amended_reason": pgettext("column", "reason of the inspectorate’s amendment"),
        "body": pgettext("column", "policing body"),
        "body_comments": pgettext("column", "the body’s comments"),
        "carried_from": pgettext("column", "cycle that the grade is carried forward from"),
        "checked_on": pgettext("column", "checked on"),
        "chief_constable_comments": pgettext("column", "the chief constable’s comments"),
        "continues": pgettext("column", "finding that it continues"),
        "date_confirmed": pgettext("column", "day confirmed by the inspectorate"),
        "dated": pgettext("column", "day"),
        "due": pgettext("column", "due"),
        "due_on": pgettext("column", "due on"),
        "entered_on": pgettext("column", "entered on"),
        "evidence": pgettext("column", "evidence"),
        "finding": pgettext("column", "finding"),
        "happened_on": pgettext("column", "day"),
        "inspection": pgettext("column", "inspection"),
        "isbn": pgettext("column", "ISBN"),
        "item": pgettext("column", "item"),
        "kind": pgettext("column", "kind"),
        "left_on": pgettext("column", "left on"),
        "level": pgettext("column", "grade"),
        "locator": pgettext("column", "place in the source"),
        "note": pgettext("column", "note"),
        "outlet": pgettext("column", "outlet"),
        "published_on": pgettext("column", "day of publication"),
        "question": pgettext("column", "question"),
        "reason": pgettext("column", "reason"),
        "reply_to_chief_constable": pgettext("column", "reply to the chief constable"),
        "report": pgettext("column", "report"),
        "sent_to_inspectorate_on": pgettext("column", "sent to the inspectorate on"),
        "sent_to_secretary_of_state_on": pgettext("column", "sent to the Secretary of State on"),
        "source": pgettext("column", "source"),
        "standing": pgettext("column", "standing"),
        "state": pgettext("column", "state"),
        "summary": pgettext("column", "summary"),
        "text": pgettext("column", "text"),
        "title": pgettext("column", "title"),
        "unsettled": pgettext("column", "judged or carried forward: not settled"),
        "withheld_reason": pgettext("column", "why not graded"),
    }
    bare = column.removesuffix("_precision").removesuffix("_id")
    return known.get(bare, bare.replace("_", " "))


def known_dates(columns: Mapping[str, str | None]) -> dict[str, str | None]:
    """Cut each date at what the column beside it says is known of it; that column is left where no date comes with it."""
    lengths: Mapping[str, int] = {Precision.YEAR: len("2022"), Precision.MONTH: len("2022-06")}
    found = dict(columns)
    for name in columns:
        dated = name.removesuffix("_precision")
        if name != dated and dated in found:
            length, day = lengths.get(found.pop(name) or ""), found[dated]
            found[dated] = day and day[:length]
    return found


def value_words(column: str, value: str | None) -> str:
    """Say what a column held or holds, given as plain text; `nothing` where it was empty."""
    if value is None or value == "":
        return pgettext("what a column held", "nothing")
    if column in ("level", "amended_from") and value in Level.values:
        return grade_in_sentence(value)
    if column == "state" and value in CellState.values:
        return within_sentence(state_long(value))
    if value in ("True", "False"):
        return _("yes") if value == "True" else _("no")
    if column.endswith("_on") or column == "dated":
        try:
            return partial_date(parse_partial(value))
        except ValueError:
            return value
    if column.endswith("_precision") and value in tuple(Precision):
        return {
            Precision.DAY: _("known to the day"),
            Precision.MONTH: _("known to the month"),
            Precision.YEAR: _("known to the year"),
        }[Precision(value)]
    return value


TEXTS = frozenset({"text", "title", "summary", "note"})
"""Columns whose old value is quoted, as it is a sentence of its own."""


def was_words(correction: CorrectionFacts) -> str:
    """Say what a record said before a correction: the old grade, or the columns that changed with what fits a line."""
    if correction.grade_before:
        column = "level" if correction.grade_before in Level.values else "state"
        return value_words(column, correction.grade_before)
    changed = list(known_dates(dict(correction.before)).items())
    if len(changed) == 1 and len(changed[0][1] or "") <= 60 and not changed[0][0].endswith("_id"):
        column, value = changed[0]
        words = value_words(column, value)
        return _("“%(text)s”") % {"text": words} if column in TEXTS and value else words
    said = [
        _("%(column)s %(value)s") % {"column": column_words(name), "value": value_words(name, value)}
        if len(value or "") <= 60 and not name.endswith("_id")
        else _("%(column)s worded otherwise") % {"column": column_words(name)}
        for name, value in changed
    ]
    return list_and(said)


def correction_words(correction: CorrectionFacts) -> str:
    """Say what was corrected here, when and why: `Corrected on 3 December 2026: was good; reason: …`."""
    values = {"day": day(correction.on), "was": was_words(correction), "reason": correction.reason}
    if correction.added:
        return sentence(_("Added on %(day)s; reason: %(reason)s") % values)
    return sentence(_("Corrected on %(day)s: was %(was)s; reason: %(reason)s") % values)


def corrected_words(point: GradePoint) -> str:
    """Say in a few words that a grade was corrected here: `corrected on 3 December 2026, was good`; "" if it was not."""
    if point.corrected is None:
        return ""
    return _("corrected on %(day)s, was %(was)s") % {
        "day": day(point.corrected.on),
        "was": was_words(point.corrected),
    }


# A force that ends


def force_end(on: date | None, *, successor: str, today: date, name: str = "") -> str:
    """Say when a force ended or will end, and whose its area becomes; "" where nothing says that it does.

    It is "this force", unless a name is given.
    """
    if on is None:
        return ""
    values = {"name": name or _("This force"), "day": day(on), "force": successor}
    if on > today:
        said = _("%(name)s will end on %(day)s.") % values
        passed = _("Its area will pass to %(force)s.") % values
    else:
        said = _("%(name)s ended on %(day)s.") % values
        passed = _("Its area passed to %(force)s.") % values
    return sentences(said, passed) if successor else said


# What was asked of a force


def standing_words(standing: Standing, age: Age | None) -> str:
    """Say where one finding stands, and for how long where no end is known."""
    match standing:
        case Standing.CLOSED:
            return _("Closed by the inspectorate.")
        case Standing.SUPERSEDED:
            return _("Superseded, says the inspectorate.")
        case Standing.CONTINUED:
            return _("A later finding continues it.")
        case Standing.OPEN if age is not None:
            return _("No end is recorded here; it has stood for %(age)s.") % {"age": age_words(age)}
        case Standing.OPEN:
            return _("No end is recorded here.")


def track_words(counts: Mapping[Standing, int], *, heard: int, oldest: Age | None = None) -> str:
    """Say where the findings of a force stand, naming what the record does not know.

    `heard` counts those without an end of which a step is known; `oldest` is how long the oldest of them has stood.
    """
    total = sum(counts.values())
    if not total:
        return ""
    texts = [
        ngettext(
            "%(count)d finding that asks for action is recorded here",
            "%(count)d findings that ask for action are recorded here, recommendations counted",
            total,
        )
        % {"count": total}
    ]
    told = {
        Standing.CLOSED: ngettext(
            "the inspectorate has closed %(count)d",
            "the inspectorate has closed %(count)d",
            counts[Standing.CLOSED],
        ),
        Standing.SUPERSEDED: ngettext(
            "it calls %(count)d superseded", "it calls %(count)d superseded", counts[Standing.SUPERSEDED]
        ),
        Standing.CONTINUED: ngettext(
            "%(count)d is continued by a later finding",
            "%(count)d are continued by later findings",
            counts[Standing.CONTINUED],
        ),
    }
    said = [text % {"count": counts[standing]} for standing, text in told.items() if counts[standing]]
    if said:
        texts.append(list_and(said))
    if still := counts[Standing.OPEN]:
        words = ngettext(
            "For %(count)d no end is recorded here; of these, this record knows a later step for %(heard)d",
            "For %(count)d no end is recorded here; of these, this record knows a later step for %(heard)d",
            still,
        )
        texts.append(words % {"count": still, "heard": heard})
        if oldest is not None:
            texts.append(_("The oldest has stood for %(age)s") % {"age": age_words(oldest)})
        texts.append(_("The force or the inspectorate may have dealt with others since"))
    return sentences(*texts)


# Grades and states


def grade_word(level: str) -> str:
    """Give a grade as a heading or cell has it: `Requires improvement`."""
    return str(Level(level).label)


GRADES_IN_SENTENCES = {
    Level.OUTSTANDING: pgettext_lazy("grade in a sentence", "outstanding"),
    Level.GOOD: pgettext_lazy("grade in a sentence", "good"),
    Level.ADEQUATE: pgettext_lazy("grade in a sentence", "adequate"),
    Level.REQUIRES_IMPROVEMENT: pgettext_lazy("grade in a sentence", "requires improvement"),
    Level.INADEQUATE: pgettext_lazy("grade in a sentence", "inadequate"),
}


def grade_in_sentence(level: str) -> str:
    """Give a grade as the middle of a sentence has it: `requires improvement`."""
    return str(GRADES_IN_SENTENCES[Level(level)])


SHORT_STATES = {
    CellState.GRADED: pgettext_lazy("cell of a grade history", "Graded"),
    CellState.CARRIED_FORWARD: pgettext_lazy("cell of a grade history", "Carried forward"),
    CellState.UNGRADED_BY_DESIGN: pgettext_lazy("cell of a grade history", "No grade"),
    CellState.NOT_INSPECTED: pgettext_lazy("cell of a grade history", "Not inspected"),
    CellState.AWAITED: pgettext_lazy("cell of a grade history", "Report awaited"),
    CellState.WITHHELD: pgettext_lazy("cell of a grade history", "Not graded"),
    CellState.NO_QUESTION: pgettext_lazy("cell of a grade history", "No question"),
    CellState.NOT_RECORDED: pgettext_lazy("cell of a grade history", "Not recorded"),
}


def state_short(state: str) -> str:
    """Give the one or two words that a cell without a grade shows."""
    return str(SHORT_STATES[CellState(state)])


LONG_STATES = {
    CellState.GRADED: gettext_lazy("Graded"),
    CellState.CARRIED_FORWARD: gettext_lazy("Carried forward from an earlier inspection"),
    CellState.UNGRADED_BY_DESIGN: gettext_lazy("Not graded by design"),
    CellState.NOT_INSPECTED: gettext_lazy("Not inspected in this cycle"),
    CellState.AWAITED: gettext_lazy("Report awaited"),
    CellState.WITHHELD: gettext_lazy("Not graded"),
    CellState.NO_QUESTION: gettext_lazy("No question on this theme in this cycle"),
    CellState.NOT_RECORDED: gettext_lazy("Not recorded here yet"),
}


def state_long(state: str) -> str:
    """Say what a state without a grade means."""
    return str(LONG_STATES[CellState(state)])


def carried_words(point: GradePoint, labels: Mapping[str, str]) -> str:
    """Say from which cycle a grade is carried forward; "" when it is not. `labels` gives each cycle's label by slug."""
    if point.state != CellState.CARRIED_FORWARD:
        return ""
    return carried_from_words(labels.get(point.carried_from or "", point.carried_from or ""))


def carried_from_words(cycle: str) -> str:
    """Say from which cycle, given by its label, a grade is carried forward; "" where nobody knows."""
    if not cycle:
        return _("carried forward (origin not known)")
    return _("carried forward from %(cycle)s") % {"cycle": cycle}


def amendment_words(point: GradePoint) -> str:
    """Say how the inspectorate itself changed a grade: `amended from adequate on 8 August 2024: …`; "" if it did not."""
    if point.amendment is None:
        return ""
    words = _("amended from %(grade)s on %(day)s") % {
        "grade": grade_in_sentence(point.amendment.old),
        "day": day(point.amendment.on),
    }
    return f"{words}: {point.amendment.reason}" if point.amendment.reason else words


def stated_by(source: SourceFacts) -> str:
    """Say what one source states: its grade, or its state where it gives none."""
    if source.level is not None:
        return grade_in_sentence(source.level)
    return state_short(source.states).lower() if source.states in CellState.values else _("no grade")


def disagreement_words(point: GradePoint) -> str:
    """Say which source states something else: `sources disagree: … states requires improvement`; "" if none does."""
    if not point.disagreeing:
        return ""
    said = [
        _("“%(source)s” states %(grade)s")
        % {"source": source.title or source.publisher, "grade": stated_by(source)}
        for source in point.disagreeing
    ]
    return _("sources disagree: %(said)s") % {"said": list_and(said)}


def unchecked_words() -> str:
    """Say that a grade is known only from others than the inspectorate."""
    return _("not yet checked against the report")


def unsettled_words() -> str:
    """Say that no source settles whether a grade was given afresh or carried forward."""
    return _("judged afresh or carried forward: not settled")


def note_words(point: GradePoint) -> str:
    """Give what is noted on a grade; that it is not settled, where the note does not tell."""
    return point.note or (unsettled_words() if point.unsettled else "")


def log_mark(mark: str) -> str:
    """Say a mark that the log puts to a grade."""
    return {
        "not-checked": unchecked_words(),
        "disputed": _("sources disagree"),
        "not-settled": unsettled_words(),
    }.get(mark, mark)


def change_words(point: GradePoint, labels: Mapping[str, str]) -> str:
    """Say how a grade changed, `up from requires improvement in 2016`; "" wherever no change may be stated."""
    if point.change is None or point.changed_from is None:
        return ""
    values = {
        "grade": grade_in_sentence(point.changed_from),
        "cycle": labels.get(point.changed_since or "", point.changed_since or ""),
    }
    if not values["cycle"]:
        return {
            Change.UP: _("up from %(grade)s"),
            Change.DOWN: _("down from %(grade)s"),
            Change.SAME: _("the same grade as before"),
        }[point.change] % values
    return {
        Change.UP: _("up from %(grade)s in %(cycle)s"),
        Change.DOWN: _("down from %(grade)s in %(cycle)s"),
        Change.SAME: _("the same grade as in %(cycle)s"),
    }[point.change] % values


def point_state(point: GradePoint, labels: Mapping[str, str]) -> str:
    """Say the grade or state of one question: `Good`, `Good, carried forward from 2016`, `Not graded: …`."""
    if point.level is not None:
        carried = carried_words(point, labels)
        grade = grade_word(point.level)
        return f"{grade}, {carried}" if carried else grade
    if point.state == CellState.WITHHELD and point.withheld_reason:
        return _("Not graded: %(reason)s") % {"reason": point.withheld_reason}
    return state_long(point.state)


def point_words(point: GradePoint, labels: Mapping[str, str]) -> str:
    """Say everything about one question that a reader must know with its grade, in one line."""
    marks = [
        change_words(point, labels),
        amendment_words(point),
        corrected_words(point),
        unchecked_words() if point.unchecked else "",
        disagreement_words(point),
        note_words(point),
    ]
    return "; ".join([point_state(point, labels), *(mark for mark in marks if mark)])


def no_question_words(cell: HistoryCell, *, pillars: bool = False) -> str:
    """Say why a cycle has no question: none on the theme, or one that another question covers."""
    if pillars:
        return _("No grade for this pillar in this cycle")
    if not cell.covered_by:
        return state_long(CellState.NO_QUESTION)
    covers = list_and(_("“%(question)s”") % {"question": title} for title in cell.covered_by)
    return _("No question; covered within %(questions)s") % {"questions": covers}


def unrecorded_words(cell: HistoryCell) -> str:
    """Say how many more questions of a cell the record lacks."""
    more = ngettext(
        "%(n)s more question not recorded here", "%(n)s more questions not recorded here", cell.unrecorded
    )
    return more % {"n": cell.unrecorded}


def cell_words(cell: HistoryCell, labels: Mapping[str, str], *, pillars: bool = False) -> str:
    """Say everything about one theme in one cycle; several questions are named one by one."""
    if not cell.points:
        return (
            no_question_words(cell, pillars=pillars)
            if cell.state == CellState.NO_QUESTION
            else state_long(cell.state)
        )
    if len(cell.points) == 1:
        return point_words(cell.points[0], labels)
    first = cell.points[0]
    if all(
        (p.state, p.level, p.withheld_reason) == (first.state, None, first.withheld_reason)
        for p in cell.points
    ):
        return point_words(first, labels)
    said = [question_words(p, labels) for p in cell.points if p.state != CellState.UNGRADED_BY_DESIGN]
    if cell.ungraded:
        said.append(
            ngettext(
                "%(count)d more question not graded by design",
                "%(count)d more questions not graded by design",
                cell.ungraded,
            )
            % {"count": cell.ungraded}
        )
    return sentences(*said)


def question_words(point: GradePoint, labels: Mapping[str, str]) -> str:
    """Say everything about one of several questions, with its short title."""
    return _("%(question)s: %(grade)s") % {
        "question": point.question.short_title,
        "grade": point_words(point, labels),
    }


# Cycles and breaks


def cycle_labels(cycles: Iterable[CycleFacts]) -> dict[str, str]:
    """Give each cycle's label by its slug, as the other functions want it."""
    return {cycle.slug: cycle.label for cycle in cycles}


def break_label(*, presumed: bool) -> str:
    """Name a break in two or three words."""
    return _("Presumed not comparable") if presumed else _("Not comparable")


def break_reason(later: CycleFacts) -> str:
    """Say why grades before a cycle cannot be compared with its own; always says something."""
    return sentence(later.break_reason) or _("The grades before and after cannot be compared.")


def break_sentence(*, earlier: CycleFacts, later: CycleFacts) -> str:
    """Say that two cycles cannot be compared, and why."""
    values = {"earlier": earlier.label, "later": later.label}
    if later.break_presumed:
        words = _("Grades of %(later)s are presumed not to be comparable with those of %(earlier)s.") % values
    else:
        words = _("Grades of %(later)s cannot be compared with those of %(earlier)s.") % values
    return sentences(words, later.break_reason)


def series_break_sentence(at: SeriesBreak) -> str:
    """Say on which day a series breaks, and why."""
    values = {"day": day(at.at), "label": at.label}
    if not at.label:
        return sentences(_("Break in the series on %(day)s") % values, at.reason)
    return sentences(_("Break in the series on %(day)s: %(label)s") % values, at.reason)


# What a force was given


def history_title(history: ForceHistory) -> str:
    """State the finding of a grade history: the newest grades, counted, and what is missing."""
    cycle = history.newest
    if cycle is None:
        return _("%(force)s: no grades recorded here yet") % {"force": history.force}
    found = tally(cycle=cycle, points=history.points_in(cycle.slug))
    counts = [
        _("%(count)d %(grade)s") % {"count": found.levels[level], "grade": grade_in_sentence(level)}
        for level in Level
        if found.levels.get(level)
    ]
    values = {
        "force": history.force,
        "cycle": cycle.label,
        "counts": list_and(counts),
        "missing": found.missing,
    }
    if found.missing:
        return _("%(force)s in %(cycle)s: %(counts)s; %(missing)d not recorded here") % values
    return _("%(force)s in %(cycle)s: %(counts)s") % values


def theme_title(history: ForceHistory, row: HistoryRow) -> str:
    """State the finding of one theme of a force: its newest grades and their cycle, or that none is recorded."""
    values = {"theme": row.title, "force": history.force}
    for cell in reversed(row.cells):
        levels = [point.level for point in cell.points if point.level is not None]
        if levels:
            values |= {
                "cycle": cell.cycle.label,
                "grades": list_and(grade_in_sentence(level) for level in levels),
            }
            return _("%(theme)s, %(force)s: %(grades)s in %(cycle)s") % values
    return _("%(theme)s, %(force)s: no grade recorded here yet") % values


def later_report(history: ForceHistory) -> str:
    """Say that there is a report newer than the newest grades; "" where none is known."""
    if history.later is None:
        return ""
    cycle, published = history.later
    values = {"cycle": cycle.label, "day": partial_date(published)}
    if published is None:
        return _("A report of %(cycle)s exists; none of its grades is recorded here yet.") % values
    return _("A report of %(cycle)s came out on %(day)s; none of its grades is recorded here yet.") % values


def force_summary(history: ForceHistory, *, breaks: bool = True) -> str:
    """Say in a few sentences what the newest inspection found, what is missing, and what must not be compared.

    Without `breaks` the last is left out, for those who say it of every cycle.
    """
    cycle = history.newest
    texts = [later_report(history)]
    if cycle is None:
        return sentences(*texts, _("No grade of %(force)s is recorded here yet.") % {"force": history.force})
    texts.append(inspection_summary(force=history.force, cycle=cycle, points=history.points_in(cycle.slug)))
    place = history.cycles.index(cycle)
    if breaks and place and broken(history.cycles[place - 1], cycle):
        if cycle.break_presumed:
            texts.append(_("Grades are presumed not to be comparable with those of earlier cycles."))
        else:
            texts.append(_("They cannot be compared with grades of earlier cycles."))
    return sentences(*texts)


def grades_in_areas(levels: Mapping[Level, int]) -> str:
    """Say in how many areas each grade was given: `good in 2 areas, adequate in 3 and inadequate in 1`."""
    said: list[str] = []
    for level in (level for level in Level if levels.get(level)):
        values = {"grade": grade_in_sentence(level), "count": levels[level]}
        if said:
            said.append(pgettext("a grade and in how many areas", "%(grade)s in %(count)d") % values)
        else:
            text = ngettext("%(grade)s in %(count)d area", "%(grade)s in %(count)d areas", levels[level])
            said.append(text % values)
    return list_and(said)


def _unchecked_of(found: Tally) -> str:
    """Say how many of the grades are not yet checked; the counts are filled in by the caller."""
    if found.unchecked == found.graded:
        return ngettext(
            "It is still to be checked against the report.",
            "All %(count)d grades are still to be checked against the report.",
            found.graded,
        )
    return ngettext(
        "%(count)d of these %(graded)d grades is not yet checked against the report.",
        "%(count)d of these %(graded)d grades are not yet checked against the report.",
        found.unchecked,
    )


def _areas_in(state: CellState, count: int) -> str:
    """Say how many areas are in a state without a grade; the count is filled in by the caller."""
    return {
        CellState.WITHHELD: ngettext(
            "%(count)d area was not graded.", "%(count)d areas were not graded.", count
        ),
        CellState.NOT_INSPECTED: ngettext(
            "%(count)d area was not inspected.", "%(count)d areas were not inspected.", count
        ),
        CellState.AWAITED: ngettext(
            "For %(count)d area the report is awaited.", "For %(count)d areas the report is awaited.", count
        ),
    }.get(state, "")


def inspection_summary(*, force: str, cycle: CycleFacts, points: Iterable[GradePoint]) -> str:
    """Say what one inspection found, question by question counted; where little is held, the gap comes first."""
    found = tally(cycle=cycle, points=points)
    values = {
        "force": force,
        "cycle": cycle.label,
        "grades": grades_in_areas(found.levels),
        "held": found.expected - found.missing,
        "expected": found.expected,
    }
    if not found.graded:
        texts = [_("No grade on a question of %(force)s in %(cycle)s is recorded here.") % values]
    elif found.scant:
        texts = [
            _(
                "Most grades of %(force)s in %(cycle)s are not recorded here: of the %(expected)d questions that are "
                "graded for every force, this record holds %(held)d."
            )
            % values,
            _("What it holds: %(grades)s.") % values,
        ]
    else:
        texts = [_("Grades of %(force)s in %(cycle)s: %(grades)s.") % values]
    asides = [
        (
            found.carried,
            ngettext(
                "%(count)d grade was carried forward from an earlier inspection.",
                "%(count)d grades were carried forward from an earlier inspection.",
                found.carried,
            ),
        ),
        (found.unchecked, _unchecked_of(found)),
        *((count, _areas_in(state, count)) for state, count in found.others.items()),
        (
            0 if found.scant else found.missing,
            ngettext(
                "%(count)d more that every force is given is not recorded here.",
                "%(count)d more that every force is given are not recorded here.",
                found.missing,
            ),
        ),
    ]
    texts += [text % {"count": count, "graded": found.graded} for count, text in asides if count]
    return sentences(*texts)


def spread_words(spread: Spread) -> str:
    """Count the forces per grade, always naming what is missing: `3 good; 40 of 43 not recorded here`."""
    return spread_counts(spread.counts, spread.other, missing=spread.missing, total=spread.total)


def spread_counts(
    levels: Mapping[Level, int], others: Mapping[CellState, int], *, missing: int, total: int
) -> str:
    """Count forces per grade and state, always naming what is missing: `3 good; 40 of 43 not recorded here`."""
    counts = [
        _("%(count)d %(grade)s") % {"count": count, "grade": grade_in_sentence(level)}
        for level, count in levels.items()
        if count
    ]
    counts += [
        _("%(count)d %(state)s") % {"count": count, "state": state_short(state).lower()}
        for state, count in others.items()
        if count
    ]
    if missing:
        lacking = _("%(count)d of %(total)d not recorded here") % {"count": missing, "total": total}
        return "; ".join(part for part in (list_and(counts), lacking) if part)
    return list_and(counts)


def spread_title(cycle: CycleFacts, spreads: Sequence[Spread]) -> str:
    """State the finding of a national spread: the counts of one question, or how far the record of many reaches."""
    values: dict[str, object] = {"cycle": cycle.label}
    if len(spreads) == 1:
        values |= {"question": spreads[0].question.short_title, "counts": spread_words(spreads[0])}
        return _("%(question)s in %(cycle)s: %(counts)s") % values
    if any(spread.missing for spread in spreads):
        held = [spread.total - spread.missing for spread in spreads]
        values |= {"least": min(held), "most": max(held), "total": spreads[0].total}
        if min(held) == max(held):
            return _("%(cycle)s: the record holds %(most)d of %(total)d forces on each question") % values
        return (
            _("%(cycle)s: the record holds %(least)d to %(most)d of %(total)d forces on each question")
            % values
        )
    commonest = Counter(
        level
        for spread in spreads
        for level, count in spread.counts.items()
        if count and count == max(spread.counts.values())
    )
    if not commonest:
        return _("%(cycle)s: no grade given on any question") % values
    said = [
        ngettext("%(grade)s on %(count)d question", "%(grade)s on %(count)d questions", commonest[level])
        % {"grade": grade_in_sentence(level), "count": commonest[level]}
        for level in Level
        if commonest[level]
    ]
    values["said"] = list_and(said)
    return _("The grade given most often in %(cycle)s: %(said)s") % values


def fifth(number: int) -> str:
    """Name a fifth of the forces by value, 1 lowest to 5 highest."""
    return [
        pgettext("fifth of the forces by value", "Lowest fifth"),
        pgettext("fifth of the forces by value", "Second lowest fifth"),
        pgettext("fifth of the forces by value", "Middle fifth"),
        pgettext("fifth of the forces by value", "Second highest fifth"),
        pgettext("fifth of the forces by value", "Highest fifth"),
    ][number - 1]


# Sources and what stands behind a figure


def release_words(release: ReleaseFacts) -> str:
    """Name an edition of a data set: publisher, title, edition."""
    named = release.dataset.casefold().startswith(release.publisher.casefold())
    parts = [] if named or not release.publisher else [release.publisher]
    return ", ".join([*parts, release.dataset, *([release.edition] if release.edition else [])])


def revised(newer: Observation, older: Observation, decimals: int) -> str:
    """Say what a figure was before, and in which release: `12.5, revised from 12.3 in the release of 19 July 2018 (…)`."""
    shown = {
        "new": number(newer.value, decimals),
        "old": number(older.value, decimals),
        "release": release_words(older.release),
    }
    if older.release.released is None:  # which of the two came first is not known
        return _("%(new)s; %(release)s, whose day is not recorded, gives %(old)s") % shown
    shown["day"] = partial_date(older.release.released)
    return _("%(new)s, revised from %(old)s in the release of %(day)s (%(release)s)") % shown


def source_words(source: SourceFacts) -> str:
    """Name a source of a grade: publisher, title, date where known."""
    named = source.title.casefold().startswith(source.publisher.casefold())
    parts = [source.title] if named else [source.publisher, source.title]
    if source.published is not None:
        parts.append(partial_date(source.published))
    return ", ".join(part for part in parts if part)


def source_kind_words(kind: str) -> str:
    """Say who speaks in a source, in the middle of a sentence."""
    return {
        SourceKind.INSPECTORATE: pgettext("who speaks in a source", "the inspectorate"),
        SourceKind.BODY: pgettext("who speaks in a source", "the force or its policing body"),
        SourceKind.PRESS: pgettext("who speaks in a source", "the press"),
        SourceKind.STATISTICS: pgettext("who speaks in a source", "official statistics"),
    }[SourceKind(kind)]


def basis_words(basis: str) -> str:
    """Say in a sentence what stands behind figures of one basis; "" for figures shown as published."""
    return {
        Basis.PUBLISHED: "",
        Basis.DERIVED: _("Rates are worked out here from published counts and denominators."),
        Basis.TRANSCRIBED: _("Some figures were copied by eye from a published table."),
        Basis.AS_PRINTED: _("Some figures are as printed in the inspection report."),
    }[Basis(basis)]


def no_rate(caveat: str) -> str:
    """Say that a force has no rate, and why as far as the metric's caveat tells."""
    return sentences(_("No rate of recorded crime for each resident is shown for this force"), caveat)
