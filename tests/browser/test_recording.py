"""The recording screen in a browser: a whole report by keyboard, the keys, without JavaScript, and no barrier."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from grades.models import Citation, Finding, Force, Grade, Inspection, Report
from tests import factories
from tests.browser.desk import cycle_of_2023, question, sign_in
from tests.browser.test_accessibility import barriers

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

KEYS_A_SECOND = 5
SECONDS_A_PASTE = 2
SECONDS_A_REPORT = 120

CAUSES = """Cause of concern
The force leaves callers at risk for too long.

Recommendations
1. Within three months the force should put a trained assessor beside the call handlers.
2. The force should immediately tell its commissioner how many callers wait.

Cause of concern
Nobody reads the list of callers who ring again.

Recommendation
By 31 March 2026 the force should give that list to one named officer.
"""
LISTS = {
    "3": ["Look at searches with people from outside.", "Use cameras at every search."],
    "4": ["Count how often officers are taken off their beat."],
    "6": ["Plan each inquiry.", "Check each plan.", "Ask each victim why they withdraw."],
    "7": ["Staff the hub that sees referrals.", "Learn from past cases."],
    "8": ["Visit offenders when a visit is due."],
    "9": ["Ask how work affects health.", "Review each person's work."],
    "10": ["Know what the next year will ask."],
}
"""Two causes with three recommendations under one question, and twelve areas for improvement over seven."""


class Typist:
    """Types without delay, and counts what a person's fingers would have done."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.keys = 0
        self.pastes = 0

    def press(self, *keys: str) -> None:
        """Press keys; a chord is as many presses as it has keys."""
        for key in keys:
            self.keys += key.count("+") + 1
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        """Type a text."""
        self.keys += len(text)
        self.page.keyboard.type(text)

    def paste(self, text: str) -> None:
        """Paste a text where the focus is."""
        self.pastes += 1
        self.page.keyboard.insert_text(text)

    def tab_to(self, name: str) -> None:
        """Press Tab until a field has the focus."""
        for _ in range(30):
            if self.page.evaluate("document.activeElement.name ?? ''").endswith(name):
                return
            self.press("Tab")
        pytest.fail(f"Tab does not lead to {name}; the focus is on {focus(self.page)}.")

    @property
    def seconds(self) -> float:
        """Work out how long it takes at five keys a second."""
        return self.keys / KEYS_A_SECOND + self.pastes * SECONDS_A_PASTE


def focus(page: Page) -> str:
    """Tell which element has the focus."""
    told: str = page.evaluate(
        "document.activeElement.name || document.activeElement.id || document.activeElement.tagName"
    )
    return told


@pytest.fixture
def force(transactional_db: None) -> Iterator[Force]:
    """A force whose editor is signed in, and a cycle to record."""
    cycle_of_2023()
    return factories.force(
        official_name="Warwickshire Police", slug="warwickshire", short_name="Warwickshire"
    )


def at_the_grid(page: Page, live_server: LiveServer, force: Force) -> Inspection:
    """Open the grid of a new inspection."""
    sign_in(page, live_server.url, force)
    made = Inspection.objects.create(force=force, cycle=question("3").cycle)
    page.goto(live_server.url + reverse("admin:grades_inspection_record", args=[made.pk]))
    return made


def test_whole_report_is_entered_by_keyboard_in_two_saves_and_two_minutes(
    page: Page, live_server: LiveServer, force: Force, tell: Callable[[str], None]
) -> None:
    sign_in(page, live_server.url, force)
    saves: list[str] = []
    page.on("request", lambda request: saves.append(request.url) if request.method == "POST" else None)
    page.goto(live_server.url + reverse("admin:grades_inspection_start"))
    typist = Typist(page)

    # The only force is chosen, and so is the newest cycle: the focus is on it.
    assert focus(page) == "cycle"
    typist.press("Tab", "Tab", "Enter")
    page.wait_for_selector("#record")
    typist.tab_to("published_on")
    typist.type("11112024")  # a date that no order of day and month can turn into another
    typist.tab_to("address")
    typist.paste("https://example.org/peel-2023-25/warwickshire")
    typist.tab_to("fieldwork")
    typist.type("May to July 2024")
    typist.tab_to(f"q{question('2').pk}-level")
    # "Recording data about crime" is not part of this inspection; nine others are graded or not.
    typist.press("Enter", "r", "a", "i", "g", "a", "r", "g", "a")
    expect(page.locator("button[type=submit].record__button")).to_be_focused()
    typist.press(*["Shift+Tab"] * 1)
    for _ in range(400):
        if page.evaluate("document.activeElement.name ?? ''") == f"q{question('3').pk}-level":
            break
        typist.press("Shift+Tab")
    for number in ("3", "4", "5", "6", "7", "8", "9", "10"):
        typist.press("p")
        typist.type(f"p. {10 + int(number)}")
        pasted = CAUSES if number == "5" else "\n".join(f"• {text}" for text in LISTS[number])
        typist.press("Shift+Tab", "Shift+Tab", "f")
        typist.paste(pasted)
        typist.press("Tab")
    typist.press("Control+Enter")
    page.wait_for_selector(".messagelist .success")
    tell(
        f"A whole report by keyboard: {typist.keys} keys and {typist.pastes} pastes, "
        f"{typist.seconds:.0f} seconds at {KEYS_A_SECOND} keys a second"
    )

    assert len(saves) == 2
    assert typist.seconds <= SECONDS_A_REPORT
    grades = {grade.question.number: grade.level for grade in Grade.objects.select_related("question")}
    words = [
        "requires-improvement",
        "adequate",
        "inadequate",
        "good",
        "adequate",
        "requires-improvement",
        "good",
        "adequate",
    ]
    assert grades == dict(zip(("3", "4", "5", "6", "7", "8", "9", "10"), words, strict=True))
    report = Report.objects.get()
    assert (report.published_on, report.title) == (date(2024, 11, 11), "PEEL 2023–25: Warwickshire Police")
    assert {c.source.key for c in Citation.objects.all()} == {report.address}
    assert Citation.objects.get(grade__question__number="7").locator == "p. 17"
    kinds = [row.kind for row in Finding.objects.all()]
    assert (kinds.count("cause-of-concern"), kinds.count("recommendation")) == (2, 3)
    assert kinds.count("area-for-improvement") == 12
    due = Finding.objects.filter(kind="recommendation").order_by("order").values_list("due", "due_on")
    assert list(due) == [
        ("Within three months", date(2025, 2, 11)),
        ("immediately", None),
        ("By 31 March 2026", date(2026, 3, 31)),
    ]


def test_keys_enter_grades_and_states_and_go_on(page: Page, live_server: LiveServer, force: Force) -> None:
    made = at_the_grid(page, live_server, force)
    page.locator(f"#id_q{question('3').pk}-level_0").focus()

    for key in ("o", "c", "g", "n", "x", "g", "Backspace", "Enter", "w"):
        page.keyboard.press(key)
    assert focus(page) == f"q{question('9').pk}-withheld_reason"
    page.keyboard.type("Being rebuilt.")
    page.keyboard.press("Enter")
    page.keyboard.press("u")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".messagelist .success")

    rows = made.grades.order_by("question__order").values_list("question__number", "state", "level")
    assert list(rows) == [
        ("3", "graded", "outstanding"),
        ("4", "carried-forward", "good"),
        ("5", "not-inspected", ""),
        ("6", "awaited", ""),
        ("7", "graded", "good"),
        ("9", "withheld", ""),
        ("10", "ungraded-by-design", ""),
    ]


def test_arrows_choose_and_the_state_follows(page: Page, live_server: LiveServer, force: Force) -> None:
    at_the_grid(page, live_server, force)
    row = question("3").pk
    page.locator(f"#id_q{row}-level_0").focus()

    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")

    assert focus(page) == f"q{row}-level"
    assert page.locator(f"#id_q{row}-state").input_value() == "graded"
    page.keyboard.press("Tab")
    assert focus(page) == f"q{row}-state"


def test_adequate_is_refused_in_words_on_four_tiers(
    page: Page, live_server: LiveServer, force: Force
) -> None:
    made = at_the_grid(page, live_server, force)
    cycle = made.cycle
    cycle.tiers = 4
    cycle.save()
    page.reload()
    row = question("3").pk
    page.locator(f"#id_q{row}-level_0").focus()

    page.keyboard.press("a")

    assert focus(page) == f"q{row}-level"
    expect(page.locator(f"#q{row} [data-said]")).to_contain_text("four grades")


def test_mistake_gets_the_focus_and_leads_to_its_field(
    page: Page, live_server: LiveServer, force: Force
) -> None:
    at_the_grid(page, live_server, force)
    row = question("3").pk
    page.locator(f"#id_q{row}-state").select_option("graded")
    page.locator(f"#id_q{row}-pasted").fill("1. Keep this.")

    page.keyboard.press("Control+Enter")
    expect(page.locator("#summary")).to_be_focused()
    page.locator("#summary a").first.click()
    assert page.evaluate("location.hash") == f"#id_q{row}-level_0"
    assert page.locator(f"#id_q{row}-pasted").input_value() == "1. Keep this."
    assert list(barriers(page)) == []


def test_screen_works_without_javascript(browser: Browser, live_server: LiveServer, force: Force) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 1280, "height": 900})
    try:
        page = context.new_page()
        made = at_the_grid(page, live_server, force)
        row = question("3").pk
        page.locator(f"#id_q{row}-level_2").check(force=True)
        page.locator(f"#id_q{row}-pasted").fill("1. One.\n2. Two.")
        page.locator("button.record__button").click()
        page.wait_for_selector(".messagelist .success")

        assert made.grades.get().level == "good"
        assert made.findings.count() == 2
        assert page.locator(".findings li").count() == 2
    finally:
        context.close()


@pytest.mark.parametrize("status", ["start", "draft", "published"])
def test_screen_has_no_barrier(page: Page, live_server: LiveServer, force: Force, status: str) -> None:
    trouble: list[Any] = []
    page.on("console", lambda message: trouble.append(message.text))
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("response", lambda answer: trouble.append(answer.url) if answer.status >= 400 else None)
    made = at_the_grid(page, live_server, force)
    row = question("3").pk
    page.locator(f"#id_q{row}-level_2").focus()
    page.keyboard.press("i")
    page.locator(f"#id_q{row}-pasted").fill(f"{CAUSES}\nAreas for improvement\n1. One.\n2. One.")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".messagelist .success")
    if status == "start":
        page.goto(live_server.url + reverse("admin:grades_inspection_start"))
    if status == "published":
        Inspection.objects.update(status="published", published_at=factories.PUBLISHED_AT)
        page.goto(live_server.url + reverse("admin:grades_inspection_record", args=[made.pk]))
    for fold in page.locator(".record details").all():
        fold.evaluate("fold => fold.open = true")

    assert trouble == []
    assert list(barriers(page)) == []
