"""What the people of an office do on the pages, one method each, and the report that they record.

It is the inspection of Warwickshire Police of 2021/22: its grades, and its findings in the order and structure in which the
commissioner's response lists them, in words of our own.
"""

import csv
import re
from pathlib import Path

from django.urls import reverse
from playwright.sync_api import BrowserContext, Locator, Page, Response, expect

from grades.importers.seed import SEED_FOLDER

FORCE, CYCLE = "warwickshire", "2021-22"
PUBLIC_PAGE = f"/forces/{FORCE}/{CYCLE}/"

REPORT_DAY = "2022-10-14"
REPORT_ADDRESS = "https://hmicfrs.justiceinspectorates.gov.uk/peel-reports/warwickshire-2021-22/"
RESPONSE_DAY = "2022-11-22"
RESPONSE_TITLE = "Response to PEEL 2021/22"

REASONS = {
    "stands twice": "The report prints it twice; we follow the report.",
    "remains from an earlier report": "The findings of 2019 are not recorded yet.",
}
"""Why the warnings of the checklist may stand, by words of the warning."""

INVESTIGATING = """
  1. Look into reported crimes thoroughly, in proportion to what happened.
  2. Plan each investigation that calls for a plan, and have a supervisor see that no line of inquiry is left out.
  3. Keep to the Victims’ Code. Offer each victim a personal statement, and assess what they need.
  4. Write down why a victim withdraws, and whether the case was considered without them.
  5. Write down why a victim withdraws, and whether the case was considered without them.
"""
OFFENDERS = """
  1. Oversee how bail and release under investigation are used.
  2. Watch performance closely enough to clear the backlog. Supervisors should go through each record and chase what is overdue.
  3. Have the people and skills for every case of indecent images online, and bring in children’s services early.
"""
RESPONDING = """
  1. Spot repeat and vulnerable callers as a matter of routine.
  2. See that call handlers tell callers how to keep evidence and prevent crime.
  3. See that call handlers tell callers how to keep evidence and prevent crime.
  4. In 2019 the force was asked to judge risk better when help is late. This remains an area for improvement. Judge it in the same way for every call, and again when nobody can come at once.
"""
PREVENTING = """
  1. Count how often officers are taken off their core work, and let it happen less (which means any other duty, for a longer time).
"""
TREATMENT = """
  1. Have people from outside look at stop and search and at the use of force.
  2. Wear and use cameras more in encounters with the public.
"""
VULNERABLE = """
  1. Have more people and skill to deal with the sexual exploitation of children.
  2. Staff the unit that assesses harm, so that no child or adult has to wait.
"""
WORKPLACE = """
  1. Go on improving support for people whose work is high-risk or who have suffered trauma.
  2. Check whether the support works, and give people the time to use it.
  3. In 2019 the force was asked to review each person’s work fairly and find talent in all teams. This remains an area for improvement.
"""
RESOURCES = """
  1. Get the benefits of the spending on technology and data.
  2. Know what is asked of the force now, and have the people for it. Within three months the force should:
    1. build a full picture of what is asked and of who is there to do it; and
    2. use that picture when it grants leave and takes officers off their duties.
"""

QUESTIONS: dict[str, tuple[str, str]] = {
    "Treatment of the public": ("Adequate", TREATMENT),
    "Preventing crime": ("Adequate", PREVENTING),
    "Responding to the public": ("Requires improvement", RESPONDING),
    "Investigating crime": ("Requires improvement", INVESTIGATING),
    "Protecting vulnerable people": ("Adequate", VULNERABLE),
    "Managing offenders": ("Requires improvement", OFFENDERS),
    "Developing a positive workplace": ("Adequate", WORKPLACE),
    "Good use of resources": ("Adequate", RESOURCES),
}
"""Each question that is graded, with its grade and what is pasted under it."""


def seed_without_the_report(folder: Path) -> Path:
    """Write the seed into a folder, less what it has of the story's inspection."""
    for path in SEED_FOLDER.glob("*.csv"):
        with path.open(newline="", encoding="utf-8") as source:
            rows = csv.DictReader(source)
            kept = [row for row in rows if (row.get("force"), row.get("cycle")) != (FORCE, CYCLE)]
        with (folder / path.name).open("w", newline="", encoding="utf-8") as target:
            writer = csv.DictWriter(target, rows.fieldnames or [], lineterminator="\n")
            writer.writeheader()
            writer.writerows(kept)
    return folder


class Person:
    """Somebody with a browser of their own."""

    def __init__(self, context: BrowserContext, site: str) -> None:
        self.site = site
        self.page: Page = context.new_page()

    # What everybody does

    def goes_to(self, address: str) -> Response:
        """Open an address of the site, or a whole one."""
        answer = self.page.goto(address if "://" in address else self.site + address)
        assert answer is not None
        return answer

    def follows(self, words: str) -> None:
        """Follow the first link of these words."""
        self.page.get_by_role("link", name=words).first.click()

    def presses(self, words: str) -> None:
        """Press a button."""
        self.page.get_by_role("button", name=words, exact=True).click()

    def reads(self, *words: str) -> None:
        """Expect words on the page."""
        for said in words:
            expect(self.page.get_by_text(said).first).to_be_visible()

    def does_not_read(self, *words: str) -> None:
        """Expect words to stand nowhere on the page."""
        for said in words:
            expect(self.page.get_by_text(said)).to_have_count(0)

    # At the desk

    def signs_in(self, name: str, password: str) -> None:
        """Sign in, and arrive at the work lists."""
        self.goes_to(reverse("admin:index"))
        self.page.get_by_label("User name or e-mail address").fill(name)
        self.page.get_by_label("Password").fill(password)
        self.presses("Sign in")
        self.page.wait_for_url(re.compile(re.escape(reverse("admin:index")) + "$"))

    def looks_at_the_work_lists(self) -> None:
        """Go back to the first page of the admin."""
        self.goes_to(reverse("admin:index"))

    def is_offered(self, field: str, typed: str) -> Locator:
        """Type into a field that searches, and give what it offers."""
        row = self.page.locator(".form-row", has=self.page.locator(f"label[for=id_{field}]")).last
        row.locator(".select2-selection").click()
        with self.page.expect_response(re.compile("/autocomplete/.*term=")):
            self.page.locator(".select2-search__field").last.fill(typed)
        return self.page.locator(".select2-results__option")

    def chooses(self, field: str, typed: str) -> None:
        """Take the first of what a field offers."""
        self.is_offered(field, typed).filter(has_text=typed).first.click()

    # Recording

    def begins_the_report(self) -> None:
        """Choose the cycle; the force is the office's only one."""
        self.looks_at_the_work_lists()
        self.follows("Record a report")
        self.page.get_by_label("Cycle").select_option(label="2021/22")
        self.presses("Go on to the grid")

    def enters_the_report(self) -> None:
        """Say when the report came out, and where it is."""
        self.page.get_by_label("Published on").first.fill(REPORT_DAY)
        self.page.get_by_label("Date confirmed").first.check()
        self.page.get_by_label("Address").first.fill(REPORT_ADDRESS)

    def row_of(self, question: str) -> Locator:
        """Find the row of a question."""
        legend = self.page.locator("legend", has_text=re.compile(rf"{re.escape(question)}\s*$"))
        return self.page.locator("fieldset.row", has=legend)

    def enters(self, question: str, grade: str, findings: str) -> None:
        """Enter a grade, the section that gives it, and the findings as they were copied."""
        row = self.row_of(question)
        row.locator(".chip", has_text=re.compile(rf"^\s*{grade}\s*$")).click()
        row.get_by_label("Page or section").fill(f"Section “{question}”")
        row.get_by_label("Findings: paste the list").focus()
        self.page.keyboard.insert_text(findings)

    def saves(self) -> None:
        """Save the screen."""
        self.presses("Save")
        self.page.wait_for_selector(".messagelist .success")

    # From a draft to the public

    def submits(self) -> None:
        """Answer each warning of the checklist, and submit."""
        self.follows("Submit for publication")
        self.answers_the_warnings()
        self.presses("Submit")
        self.reads("Submitted. A second person can approve it now.")

    def answers_the_warnings(self) -> None:
        """Tick each warning, and say why it may stand."""
        self.page.wait_for_url("**/submit/**")
        for row in self.page.locator(".form-row.warning").all():
            warning = row.inner_text()
            row.get_by_role("checkbox").check()
            reason = next(reason for words, reason in REASONS.items() if words in warning)
            row.get_by_label("Why it may stand").fill(reason)

    def opens_what_waits(self) -> None:
        """Open the only thing that colleagues have submitted."""
        self.looks_at_the_work_lists()
        self.follows("submitted by others")
        self.page.locator("#result_list tbody th a").first.click()

    def approves(self) -> None:
        """Approve what is on the page."""
        self.presses("Approve and publish")
        self.reads("Published.")

    # Correcting and answering

    def opens_the_published_report(self) -> None:
        """Find the inspection in the list, and open it."""
        self.looks_at_the_work_lists()
        self.page.get_by_role("link", name="Inspections", exact=True).click()
        self.page.locator("#searchbar").fill("warwickshire 2021/22")
        self.presses("Search")
        self.page.wait_for_url("**q=warwickshire**")
        self.page.locator("#result_list tbody th a").first.click()

    def writes_a_correction(self, question: str, grade: str, reason: str, source: str) -> None:
        """Say what a grade is to be, why, and what says so."""
        self.follows(f"Correct {question}")
        self.page.get_by_label("Grade:").select_option(label=grade)
        self.chooses("why-source", source)
        self.page.get_by_label("Reason:").fill(reason)

    def begins_the_response(self) -> None:
        """Find the report whose last day has passed, and begin the response to it."""
        self.looks_at_the_work_lists()
        self.follows("reports whose last day has passed")
        self.page.locator("#result_list tbody th a", has_text="2021/22").first.click()
        self.follows("Record a response")

    def writes_the_response(self) -> None:
        """Enter the response, in our own words."""
        for field, text in {
            "title": RESPONSE_TITLE,
            "address": "https://www.warwickshire-pcc.gov.uk/",
            "published_on": RESPONSE_DAY,
            "body_comments": "The findings match what the office had seen itself, and it had raised them already.",
            "chief_constable_comments": "The force finds the report helpful and has begun the work.",
            "reply_to_chief_constable": "The office will follow how the new teams work.",
            "actions": "New teams investigate volume crime, and a board looks at each area for improvement.",
            "sent_to_inspectorate_on": RESPONSE_DAY,
            "sent_to_secretary_of_state_on": RESPONSE_DAY,
        }.items():
            self.page.locator(f"#id_{field}").fill(text)

    def saves_the_response(self) -> None:
        """Save the response, and open it again."""
        self.page.get_by_role("button", name="Save", exact=True).last.click()
        self.page.locator(".messagelist .success a").click()
