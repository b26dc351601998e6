"""Blocks on other sites: whole, framed by anybody, told in words when something is wrong, found by oEmbed, pinned for good."""

import base64
import hashlib
import html
import json
import re
import subprocess
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree as ET

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, get_resolver, resolve

from grades.charts.contrast import contrast as measured
from grades.models import Cycle, Force, Grade, Observation, PinnedBlock
from tests.charts.colour import contrast
from tests.charts.drawing import texts
from tests.views import wordpress
from tests.views.embeds import FORCE_BLOCKS, SAMPLES
from tests.views.markup import Element, parse

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("record")]

HISTORY = "/embed/forces/warwickshire/history/"
SHARE = "/share/forces/warwickshire/history/"
COMPARISON = (
    "/compare/?forces=warwickshire,west-mercia,avon-and-somerset,north-yorkshire&metrics=recorded-crime"
)
SCRIPT = "<script>alert(1)</script>"
ROOT = Path(settings.BASE_DIR)


def block(client: Client, address: str, status: int = 200) -> Element:
    """Ask for a block, and read it."""
    response = client.get(address)
    assert response.status_code == status, (address, response.status_code)
    assert "frame-ancestors *" in response.headers["Content-Security-Policy"], address
    assert "X-Frame-Options" not in response.headers, address
    return parse(response.content.decode())


# What every block keeps to


@pytest.mark.parametrize("address", SAMPLES.values(), ids=SAMPLES)
def test_block_names_itself_its_source_and_its_page_and_keeps_nothing(client: Client, address: str) -> None:
    response = client.get(address)
    page = parse(response.content.decode())

    assert response.status_code == 200
    assert not response.cookies
    assert response.headers.get("Vary", "Accept-Encoding") == "Accept-Encoding"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert page.one("meta", name="robots").attributes["content"] == "noindex"
    canonical = page.one("link", rel="canonical").attributes["href"]
    assert client.get(canonical.removeprefix(settings.BASE_URL)).status_code == 200
    assert len(page.all("h1")) == 1
    assert page.one("h1").text.replace("\u2060", "") in page.one("head").one("title").text
    assert re.search(r"Source: .+, .+\.", page.one("footer").text)
    assert page.one("footer").all("a")[-1].attributes["href"] == settings.DATA_LICENCE["url"]


@pytest.mark.parametrize("address", SAMPLES.values(), ids=SAMPLES)
def test_block_loads_one_style_sheet_and_one_classic_script_of_this_site(
    client: Client, address: str
) -> None:
    page = block(client, address)

    loaded = [e for e in page.walk() if "src" in e.attributes or e.attributes.get("rel") == "stylesheet"]
    addresses = [e.attributes.get("src") or e.attributes["href"] for e in loaded]
    assert addresses == ["/static/css/embed.css", "/static/js/embed-frame.js"]
    assert all(e.attributes.get("type") != "module" for e in page.all("script"))
    assert not [
        e for e in page.walk() if "style" in e.attributes or e.tag in ("style", "form", "iframe", "object")
    ]


@pytest.mark.parametrize("address", SAMPLES.values(), ids=SAMPLES)
def test_block_is_a_picture_too(client: Client, address: str) -> None:
    path, _mark, query = address.partition("?")
    svg = client.get(f"{path.rstrip('/')}.svg?{query}")
    png = client.get(f"{path.rstrip('/')}.png?{query}")

    picture = ET.fromstring(svg.content.decode())
    names = [element.tag.rpartition("}")[2] for element in picture.iter()]
    texts = " ".join(picture.itertext())
    assert (svg.status_code, svg.headers["Content-Type"]) == (200, "image/svg+xml; charset=utf-8")
    assert names[:3] == ["svg", "title", "desc"]
    assert not {"script", "foreignObject", "image", "style"} & set(names)
    assert "var(" not in svg.content.decode()
    assert settings.DATA_LICENCE["name"] in texts
    assert settings.SITE_NAME in texts
    assert png.content.startswith(b"\x89PNG")


def test_letters_say_each_state_and_each_break_in_words(client: Client) -> None:
    page = block(client, HISTORY)
    table = page.one("table", class_="letters")
    rows = {row.one("th").text: row for row in table.one("tbody").all("tr")}

    assert len(rows) == 14
    cells = [cell.text for cell in rows["Investigating crime"].all("td")]
    assert cells[0].endswith("Good")
    assert cells[1] == "Not comparable"
    assert "not yet checked against the report" in cells[-1]
    notes = page.one("ul", class_="embed__notes").text
    for cycle in ("2015", "2021/22", "2023–25"):
        assert f"Break before {cycle}:" in notes
    assert "Not yet checked against the report" in page.one("ul", class_="signs").text


def test_letters_say_where_a_break_is_presumed(client: Client) -> None:
    assert Cycle.objects.filter(slug="2023-25").update(break_presumed=True)

    table = block(client, HISTORY).one("table", class_="letters")

    heads = [head.text for head in table.one("thead").all("th", class_="letters__gap")]
    assert heads == ["≠Not comparable", "≠Not comparable", "≠Presumed not comparable"]
    gaps = table.one("tbody").all("tr")[0].all("td", class_="letters__gap")
    assert [gap.text for gap in gaps] == [head.removeprefix("≠") for head in heads]


def test_two_blocks_on_a_page_differ_in_title(client: Client) -> None:
    titles = [block(client, address).one("head").one("title").text for address in SAMPLES.values()]

    assert len(titles) == len(set(titles))


def test_ranking_has_every_force_and_the_whole_in_its_place(client: Client) -> None:
    page = block(client, "/embed/metrics/recorded-crime/?force=warwickshire")
    lines = [[cell.text for cell in row.all("th", "td")][:2] for row in page.one("tbody").all("tr")]

    values = [float(value) for _name, value in lines]
    assert len(lines) == 43, "42 forces with a rate, and England and Wales"
    assert values == sorted(values, reverse=True)
    assert "England and Wales" in [name for name, _value in lines]
    assert page.one("tr", class_="ranking--subject").one("th").text == "Warwickshire"


def test_numbers_say_what_is_noted_on_the_year_before_and_which_are_left_out(client: Client) -> None:
    address = "/embed/forces/warwickshire/numbers/"
    page = block(client, address)

    before = " on the year before. The year before: The count was copied by hand from the official file"
    assert before in page.one("ul", class_="numbers").text
    assert before in told(client, address)
    older = "Older figures are on the page alone: anti-social behaviour incidents"
    assert older in page.one("ul", class_="embed__notes").text


def test_break_of_figures_keeps_its_day_and_name(client: Client) -> None:
    notes = block(client, "/embed/forces/metropolitan/metrics/charge-rate/").one("ul", class_="embed__notes")
    heads = [head.text for head in notes.all("strong")]

    assert "Break in the series on 1 April 2025: Backlog cleared." in heads
    assert all(re.match(r"Break in the series on \d+ \w+ \d{4}: ", head) for head in heads)


def test_count_has_its_plain_unit_and_no_bar_of_the_sum(client: Client) -> None:
    page = block(client, "/embed/metrics/recorded-crime-count/")

    assert page.one("caption").text.startswith("offences, 12 months to ")
    assert "England and Wales" not in page.one("tbody").text
    assert re.search(
        r"England and Wales in all: [\d,]{9} offences\.", page.one("ul", class_="embed__notes").text
    )


@pytest.mark.parametrize(
    ("address", "said"),
    [
        (
            "/embed/metrics/charge-rate/?force=metropolitan",
            "Metropolitan Police: A backlog of cases was cleared in this",
        ),
        (
            "/embed/metrics/charge-rate/map/",
            "Metropolitan Police: A backlog of cases was cleared in this year",
        ),
        (
            "/embed/forces/warwickshire/metrics/charge-rate/",
            "2026: The Metropolitan Police cleared a backlog of cases in this year, which lifts the figure (England and",
        ),
    ],
)
def test_what_is_noted_on_single_figures_is_said(client: Client, address: str, said: str) -> None:
    assert said in block(client, address).one("ul", class_="embed__notes").text


def test_numbers_say_each_note_once(client: Client) -> None:
    glued = "England and Wales is the 43 forces, without British Transport Police. Leaves out Kent"
    newest = Observation.objects.filter(area__slug="england-and-wales", metric__slug="charge-rate")
    assert newest.update(note=glued)

    said = block(client, SAMPLES["numbers"]).one("ul", class_="embed__notes").text

    assert said.count("England and Wales is the 43 forces, without British Transport Police.") == 1
    assert said.count("Leaves out Kent.") == 1


# Only blocks may be framed


def every_pattern() -> list[URLPattern]:
    """Give every address of the site outside the admin."""
    return [
        pattern
        for resolver in get_resolver().url_patterns
        if not isinstance(resolver, URLPattern) and str(resolver.pattern) == ""
        for pattern in resolver.url_patterns
    ]


FILLED = {
    "slug": "warwickshire", "cycle": "2015", "theme": "investigating-crime", "metric": "recorded-crime",
    "figure": "figure-2", "block": "figure-2", "suffix": "svg", "pin": "0" * 16, "pk": "1", "token": "x", "rest": "x",
}  # fmt: skip


@pytest.mark.parametrize("pattern", every_pattern(), ids=lambda pattern: pattern.name)
def test_only_what_lies_below_embed_may_be_framed(client: Client, pattern: URLPattern) -> None:
    address = "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: FILLED.get(found[1], "x"), str(pattern.pattern))
    response = client.get(address)

    policy = response.headers["Content-Security-Policy"]
    if address.startswith("/embed/"):
        assert "frame-ancestors *" in policy
        assert "default-src 'none'" in policy
        assert "X-Frame-Options" not in response.headers
    else:
        assert "frame-ancestors 'none'" in policy
        assert response.headers["X-Frame-Options"] == "DENY"


def test_neither_the_admin_nor_what_is_like_a_block_may_be_framed(client: Client) -> None:
    for address in ("/admin/", "/admin/account/login/", "/embed", "/embedded/", "/Embed/x/"):
        response = client.get(address)
        assert response.headers["X-Frame-Options"] == "DENY", address


# What an address may ask for


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("width=300", "“width” is no option of this block."),
        ("theme=light&theme=dark", "“theme” is given more than once."),
        ("theme=purple", "“theme” can be light, dark, auto, not “purple”."),
        ("theme=", "“theme” can be light, dark, auto, not “”."),
        ("lang=fr", "“lang” can be en, cy, not “fr”."),
        ("accent=red", "“accent” takes a colour in hexadecimal digits, such as 6a2a5b, not “red”."),
        ("accent=ffff00", "its contrast is 1.0 to 1, and 4.5 to 1 is needed"),
        ("accent=6a2a5b&theme=dark", "A block with theme=dark needs a colour that stands out"),
        ("title=maybe", "“title” can be on, off, not “maybe”."),
        ("v=1", "“v” takes sixteen digits or letters from a to f"),
        ("v=../../etc/passwd", "“v” takes sixteen digits"),
        ("force=kent", "“force” is no option of this block."),
        (f"theme={SCRIPT}", "“theme” can be"),
        (f"{SCRIPT}=1", "is no option of this block."),
        ("theme=light%0d%0aSet-Cookie:x=1", "“theme” can be"),
        ("theme=%00", "There is a zero byte"),
        (f"accent={'a' * 5000}", "“accent” takes a colour"),
    ],
)
def test_option_that_makes_no_sense_is_refused_in_words_that_a_frame_shows(
    client: Client, query: str, said: str
) -> None:
    page = block(client, f"{HISTORY}?{query}", 400)

    assert page.one("h1").text == "This address cannot be answered"
    assert said in page.one("main").text
    assert [script.attributes.get("src") for script in page.all("script")] == ["/static/js/embed-frame.js"]


def test_force_to_mark_must_exist(client: Client) -> None:
    page = block(client, "/embed/metrics/recorded-crime/?force=nowhere", 400)

    assert "There is no police force “nowhere” to mark." in page.one("main").text


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/embed/forces/nowhere/history/", "There is no such police force"),
        ("/embed/forces/warwickshire/themes/nothing/", "There is no such police force, or nothing of this kind"),
        ("/embed/forces/warwickshire/metrics/nothing/", "There is no such block"),
        ("/embed/metrics/nothing/", "There is no such block"),
        ("/embed/cycles/2013/", "There is no such block"),
        ("/embed/map/nothing/", "There is no such block"),
        ("/embed/", "There is no block at this address."),
        ("/embed/nothing/", "There is no block at this address."),
        (f"{HISTORY}?v={'0' * 16}", "Nobody has pinned this block so."),
    ],
)  # fmt: skip
def test_block_that_does_not_exist_is_said_in_the_frame(client: Client, address: str, said: str) -> None:
    assert said in block(client, address, 404).one("main").text


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_block_is_only_read_and_says_so_in_the_frame(client: Client, method: str) -> None:
    response = getattr(client, method)(HISTORY)

    assert response.status_code == 405
    assert "frame-ancestors *" in response.headers["Content-Security-Policy"]


def test_look_is_the_hosts_and_stays_out_of_the_way_of_readers_devices(client: Client) -> None:
    assert block(client, HISTORY).one("html").attributes["data-theme"] == "light"
    assert block(client, f"{HISTORY}?theme=dark").one("html").attributes["data-theme"] == "dark"
    assert block(client, f"{HISTORY}?theme=auto").one("html").attributes["data-theme"] == "auto"


def test_accent_is_one_rule_that_the_policy_knows_by_its_hash(client: Client) -> None:
    response = client.get(f"{HISTORY}?accent=0b6e4f")
    rule = parse(response.content.decode()).one("style").text

    hashed = base64.b64encode(hashlib.sha256(rule.encode()).digest()).decode()
    assert rule.startswith("@media screen{:root"), "on paper it might not be read"
    assert "--accent:#0b6e4f" in rule
    assert f"style-src 'self' 'sha256-{hashed}'" in response.headers["Content-Security-Policy"]
    assert "unsafe-inline" not in response.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("one", "two"), [("#000000", "#ffffff"), ("#6a2a5b", "#fdfcf9"), ("#777777", "#14161a")]
)
def test_contrast_is_that_of_the_guidelines(one: str, two: str) -> None:
    assert measured(one, two) == pytest.approx(contrast(one, two), abs=0.01)


def test_parts_can_be_left_out_but_never_source_breaks_and_marks(client: Client) -> None:
    page = block(client, "/embed/forces/warwickshire/metrics/recorded-crime/?title=off&text=off&table=off")

    assert "visually-hidden" in page.one("h1").classes
    assert not page.all("details")
    assert not page.all("p", class_="embed__text")
    assert "Source:" in page.one("footer").text
    assert "Break in the series on " in page.one("footer").text


def test_welsh_is_accepted_and_says_that_it_is_not_there_yet(client: Client) -> None:
    page = block(client, f"{HISTORY}?lang=cy")

    said = page.one("p", class_="embed__notice")
    assert said.one("span", lang="cy").text == "Nid yw’r dudalen hon ar gael yn Gymraeg eto."
    assert said.text.endswith("eto. It is shown in English.")
    assert page.one("html").attributes["lang"] == "en-gb"


# Forces change their names


@pytest.mark.parametrize("route", FORCE_BLOCKS)
def test_block_of_a_renamed_force_answers_under_its_new_name_and_says_so(client: Client, route: str) -> None:
    Force.objects.filter(slug="warwickshire").update(slug="mid-shires", official_name="Mid Shires Police")

    page = block(client, f"/embed/forces/warwickshire/{route}/")

    assert page.one("p", class_="embed__notice").text == "This force is now called Mid Shires Police."
    assert "/forces/mid-shires/" in page.one("link", rel="canonical").attributes["href"]


def test_comparison_of_a_renamed_force_still_answers_and_says_so(client: Client) -> None:
    Force.objects.filter(slug="warwickshire").update(slug="mid-shires", short_name="Mid Shires")

    page = block(client, SAMPLES["compared"])

    assert page.one("p", class_="embed__notice").text == "Forces are named here as they are now called."
    assert "forces=mid-shires,west-mercia," in page.one("link", rel="canonical").attributes["href"]


@pytest.mark.parametrize(
    ("chosen", "status"),
    [
        ("kent,kent", 400), ("kent,atlantis", 404), ("kent,essex,surrey,sussex,dorset", 404), ("kent,", 404),
        ("kent", 200),
    ],
)  # fmt: skip
def test_comparison_of_odd_forces_is_refused_in_words(client: Client, chosen: str, status: int) -> None:
    response = client.get(f"/embed/compare/{chosen}/recorded-crime/")

    assert response.status_code == status
    assert "X-Frame-Options" not in response.headers
    assert parse(response.content.decode()).one("main").text


def test_comparison_names_the_force_that_has_no_line(client: Client) -> None:
    Observation.objects.filter(area__slug="kent", metric__slug="recorded-crime").delete()
    said = "Too few such figures are recorded here for a line of Kent."

    assert said in block(client, "/embed/compare/essex,kent/recorded-crime/").one("body").text
    assert said in client.get("/compare/?forces=essex,kent&metrics=recorded-crime").text
    assert said not in block(client, SAMPLES["compared"]).one("body").text


def test_comparison_of_a_figure_that_the_page_does_not_offer_is_no_block(client: Client) -> None:
    assert client.get("/embed/compare/essex,kent/burglary/").status_code == 404


def test_home_page_is_known_without_its_slash(client: Client) -> None:
    assert asked(client, "") == asked(client, "/")


def test_compared_figure_leads_to_where_it_is_handed_out(client: Client) -> None:
    page = parse(client.get(COMPARISON).text)

    (link,) = [a for a in page.all("a") if a.text.startswith("Put this on your site")]
    assert link.attributes["href"] == SAMPLES["compared"].replace("/embed/", "/share/")


@pytest.mark.parametrize(
    "query",
    ["", "?forces=atlantis", "?forces=kent,atlantis", "?forces=kent&metrics=made-up", "?forces=a,b,c,d,e"],
)
def test_comparison_without_a_figure_leads_programs_nowhere(client: Client, query: str) -> None:
    page = parse(client.get(f"/compare/{query}").text)

    assert not [link for link in page.all("link") if "oembed" in link.attributes.get("type", "")]
    assert asked(client, f"/compare/{query}", status=404)["said"]


def test_renamed_force_stays_marked(client: Client) -> None:
    Force.objects.filter(slug="warwickshire").update(slug="mid-shires", short_name="Mid Shires")

    page = block(client, SAMPLES["metric"])

    assert page.one("tr", class_="ranking--subject").one("th").text == "Mid Shires"


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2026-04-01", "This force ended on 1 April 2026. Its area passed to West Mercia Police."),
        ("2126-04-01", "This force will end on 1 April 2126. Its area will pass to West Mercia Police."),
    ],
)
def test_block_and_page_of_a_merged_force_answer_and_say_where_its_area_goes(
    client: Client, day: str, said: str
) -> None:
    successor = Force.objects.get(slug="west-mercia")
    Force.objects.filter(slug="warwickshire").update(valid_to=day, successor=successor)

    assert block(client, HISTORY).one("p", class_="embed__notice").text == said
    assert said in client.get("/forces/warwickshire/").text

    assert said in told(client, HISTORY)
    assert said in drawn(client, HISTORY)

    named = said.replace("This force", "Warwickshire Police")
    assert block(client, SAMPLES["compared"]).one("p", class_="embed__notice").text == named
    assert named in client.get("/compare/?forces=kent,warwickshire").text
    assert named not in client.get("/compare/?forces=kent").text


# Pinned


def pin(client: Client, **chosen: str) -> str:
    """Pin the history as the page does, and give the snapshot's name."""
    response = client.post(SHARE, {"system": "html", **chosen})
    assert response.status_code == 302
    return re.search(r"v=([0-9a-f]{16})", response.headers["Location"])[1]


def worsen() -> None:
    """Change a grade of the force behind the program's back."""
    changed = Grade.objects.filter(
        inspection__force__slug="warwickshire", inspection__cycle__slug="2023-25", level="good"
    ).update(level="outstanding")
    assert changed


def test_pinned_block_stays_as_it_was_and_tells_when_newer_grades_are_there(client: Client) -> None:
    name = pin(client)
    before = block(client, f"{HISTORY}?v={name}")
    fixed = client.get(f"{HISTORY}snapshot/{name}.svg").content

    worsen()
    after = block(client, f"{HISTORY}?v={name}")
    live = block(client, HISTORY)

    assert re.fullmatch(r"Figures as at \d+ \w+ \d{4}\. See .+", before.one("p", class_="embed__notice").text)
    assert "Newer grades or figures are available." in after.one("p", class_="embed__notice").text
    assert after.one("table").text == before.one("table").text != live.one("table").text
    assert client.get(f"{HISTORY}snapshot/{name}.svg").content == fixed
    assert fixed != client.get(f"{HISTORY.rstrip('/')}.svg").content


def test_words_beside_a_pinned_block_are_those_of_the_day(client: Client) -> None:
    pinned = f"?v={pin(client)}"
    before, alternative = quotation(client, pinned), alternative_text(client, pinned)
    cited = snippet(client, f"{pinned}&system=paper")

    worsen()

    newer = " Newer grades or figures are available."
    assert quotation(client, pinned).replace(newer, "") == before != quotation(client, "")
    assert newer in quotation(client, pinned)
    assert alternative_text(client, pinned) == alternative != alternative_text(client, "?")
    assert snippet(client, f"{pinned}&system=paper") == cited


def test_address_of_the_picture_that_never_changes_leads_to_the_block_as_it_was(client: Client) -> None:
    name = pin(client)

    framed = parse(asked(client, f"{HISTORY}snapshot/{name}.svg")["html"]).one("iframe").attributes["src"]

    assert framed == f"{settings.BASE_URL}{HISTORY}?v={name}"


def quotation(client: Client, query: str) -> str:
    """Give what oEmbed says in words of the history."""
    return html.unescape(parse(asked(client, f"{HISTORY}{query}")["html"]).one("blockquote").text)


def snippet(client: Client, query: str) -> str:
    """Give the snippet that the page hands out."""
    return html.unescape(parse(client.get(f"{SHARE}{query}").content.decode()).one("textarea").text)


def alternative_text(client: Client, query: str) -> str:
    """Give the words for those who do not see the picture, as the snippet has them."""
    return re.search(r'alt="([^"]+)"', snippet(client, f"{query}&system=image"))[1]


def test_pinned_block_of_a_renamed_force_keeps_its_address(client: Client) -> None:
    pinned = f"?v={pin(client)}"
    Force.objects.filter(slug="warwickshire").update(slug="mid-shires")

    frame = parse(asked(client, f"{HISTORY}{pinned}")["html"]).one("iframe").attributes["src"]
    handed_out = parse(client.get(f"{SHARE}{pinned}&system=html").content.decode())

    assert frame == f"{settings.BASE_URL}{HISTORY}{pinned}"
    assert handed_out.one("iframe").attributes["src"] == f"{HISTORY}{pinned}"
    assert client.get(f"{HISTORY}{pinned}").status_code == 200


def test_pinned_block_is_embedded_when_there_is_nothing_of_its_kind_any_more(client: Client) -> None:
    pinned = f"?v={pin(client)}"
    PinnedBlock.objects.update(path="/embed/forces/gone/history/")

    document = asked(client, f"/embed/forces/gone/history/{pinned}")

    assert document["title"].startswith("Warwickshire Police in ")
    assert "Figures as at " in parse(document["html"]).one("blockquote").text


def test_pinning_again_keeps_one_row_for_each_state_of_the_record(client: Client) -> None:
    first = [pin(client), pin(client, theme="dark"), pin(client, title="off")]
    worsen()
    second = pin(client)

    assert len(set(first)) == 1
    assert second != first[0]
    assert PinnedBlock.objects.count() == 2


def test_pinned_block_is_as_high_as_whoever_shows_all_of_it_needs(client: Client) -> None:
    share, framed = "/share/forces/warwickshire/metrics/recorded-crime/", SAMPLES["force-metric"]
    needed = asked(client, f"{framed}?lang=cy", maxwidth="320")["height"]

    client.post(share, {"system": "html", "title": "off", "text": "off", "table": "off"})
    kept = PinnedBlock.objects.get()

    assert kept.height >= needed
    assert asked(client, f"{framed}?v={kept.digest}")["height"] == kept.height


def test_reading_pins_nothing(client: Client) -> None:
    client.get(SHARE)
    client.get(HISTORY)
    client.head(SHARE)

    assert not PinnedBlock.objects.exists()


# oEmbed


def asked(client: Client, address: str, status: int = 200, **more: str) -> dict:
    """Ask oEmbed for an address of this site."""
    response = client.get("/oembed/", {"url": f"{settings.BASE_URL}{address}", **more})
    assert response.status_code == status, response.content
    return json.loads(response.content) if status == 200 else {"said": response.content.decode()}


PAGES = {
    "/forces/warwickshire/": HISTORY,
    "/forces/warwickshire/2015/": HISTORY,
    "/forces/warwickshire/2021-22/responses/1/": "/embed/forces/warwickshire/responses/",
    "/forces/warwickshire/required-information/": "/embed/forces/warwickshire/required-information/",
    "/forces/warwickshire/metrics/recorded-crime/": "/embed/forces/warwickshire/metrics/recorded-crime/",
    "/metrics/recorded-crime/?force=kent": "/embed/metrics/recorded-crime/?force=kent",
    "/cycles/2015/": "/embed/cycles/2015/",
    "/themes/investigating-crime/": "/embed/map/investigating-crime/",
    "/": "/embed/cycles/2023-25/map/",
    COMPARISON: SAMPLES["compared"],
    f"{SHARE}?system=html&theme=dark": f"{HISTORY}?theme=dark",
    f"{HISTORY}?theme=dark&accent=9fd3c7": f"{HISTORY}?theme=dark&accent=9fd3c7",
}


@pytest.mark.parametrize(("address", "framed"), PAGES.items())
def test_oembed_gives_the_block_of_a_page_as_json_and_xml(client: Client, address: str, framed: str) -> None:
    document = asked(client, address)
    xml = client.get("/oembed/", {"url": f"{settings.BASE_URL}{address}", "format": "xml"})

    frame = parse(document["html"]).one("iframe").attributes
    assert (document["version"], document["type"]) == ("1.0", "rich")
    assert frame["src"] == f"{settings.BASE_URL}{framed}"
    assert (int(frame["width"]), int(frame["height"])) == (document["width"], document["height"])
    assert frame["title"] == document["title"]
    assert client.get(framed).status_code == 200
    told = {element.tag: element.text for element in ET.fromstring(xml.content)}
    assert told == {name: str(value) for name, value in document.items()}
    assert xml.headers["Content-Type"] == "text/xml; charset=utf-8"


@pytest.mark.parametrize("address", [*PAGES, *SAMPLES.values()])
def test_page_with_a_block_leads_programs_to_it(client: Client, address: str) -> None:
    links = parse(client.get(address).content.decode()).all("link", rel="alternate")

    by_type = {
        link.attributes["type"]: link.attributes["href"]
        for link in links
        if "oembed" in link.attributes["type"]
    }
    assert set(by_type) == {"application/json+oembed", "text/xml+oembed"}
    for found in by_type.values():
        assert client.get(found.removeprefix(settings.BASE_URL)).status_code == 200


@pytest.mark.parametrize("address", SAMPLES.values(), ids=SAMPLES)
def test_wordpress_leaves_what_oembed_gives_as_it_is(client: Client, address: str) -> None:
    given = asked(client, address)["html"]

    assert wordpress.filtered(given) == given
    assert wordpress.shown(given).startswith('<blockquote class="wp-embedded-content"')


@pytest.mark.parametrize("address", SAMPLES.values(), ids=SAMPLES)
def test_quotation_says_all_where_no_frame_is_shown(client: Client, address: str) -> None:
    document = asked(client, address)
    said = parse(document["html"]).one("blockquote")

    assert document["title"].partition(" – ")[0] in html.unescape(said.text)
    assert "Source:" in said.text
    assert said.one("a").attributes["href"].startswith(f"{settings.BASE_URL}/")
    assert len(said.text) > 150


@pytest.mark.parametrize(
    ("limits", "fits"),
    [
        ({}, lambda width, height: width == 600 and height > 300),
        ({"maxwidth": "320"}, lambda width, height: width == 320 and height > 800),
        ({"maxwidth": "200", "maxheight": "150"}, lambda width, height: (width, height) == (200, 150)),
        ({"maxwidth": "999999999"}, lambda width, height: width == 1200),
        ({"maxheight": "5000"}, lambda width, height: height < 1200),
    ],
)
def test_limits_of_the_asking_program_are_kept(client: Client, limits: dict[str, str], fits) -> None:
    document = asked(client, "/forces/warwickshire/", **limits)

    assert fits(document["width"], document["height"])


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ("", 400, "Say in “url” which address is to be embedded."),
        ("url=", 400, "Say in “url” which address is to be embedded."),
        ("url=https%3A%2F%2Fexample.org%2Fforces%2Fkent%2F", 404, "This address is not of this site."),
        ("url=javascript%3Aalert(1)", 404, "This address is not of this site."),
        ("url=http%3A%2F%2F%5Bbroken", 404, "This address is not of this site."),
        ("url={site}/about/", 404, "This page has no block that another site could show."),
        ("url={site}/nothing/", 404, "There is nothing at this address."),
        ("url={site}/forces/nowhere/", 404, "There is no such police force"),
        ("url={site}/embed/metrics/nothing/", 404, "There is no such block"),
        ("url={site}/forces/warwickshire/&format=yaml", 501, "There is no such format here"),
        (
            "url={site}/forces/warwickshire/&maxwidth=-1",
            400,
            "“maxwidth” takes a whole number of pixels above zero",
        ),
        (
            "url={site}/forces/warwickshire/&maxwidth=1e9",
            400,
            "“maxwidth” takes a whole number of pixels above zero",
        ),
        (
            "url={site}/forces/warwickshire/&maxheight=0",
            400,
            "“maxheight” takes a whole number of pixels above zero",
        ),
        (
            "url={site}/forces/warwickshire/&maxwidth=٣",
            400,
            "“maxwidth” takes a whole number of pixels above zero",
        ),
        ("url={site}/forces/kent/&url={site}/forces/essex/", 400, "“url” is given more than once."),
        ("url={site}/embed/forces/kent/history/%3Ftheme%3Dpurple", 400, "“theme” can be"),
    ],
)
def test_question_that_cannot_be_answered_says_why(
    client: Client, query: str, status: int, said: str
) -> None:
    response = client.get(f"/oembed/?{query.format(site=quote(settings.BASE_URL, safe=''))}")

    assert response.status_code == status
    assert said in html.unescape(response.content.decode())


# The page that hands blocks out


SYSTEMS = {
    "single-online-home": '<a href="', "wordpress": "http", "html": "<iframe data-peel-history ", "html-without-script": "<iframe src=",
    "image": '<a href="', "paper": "Warwickshire", "newsletter": '<a href="',
}  # fmt: skip


@pytest.mark.parametrize(("system", "start"), SYSTEMS.items())
def test_each_system_gets_one_snippet_that_works(client: Client, system: str, start: str) -> None:
    response = client.get(f"{SHARE}?system={system}&theme=auto")
    page = parse(response.content.decode())
    snippet = html.unescape(page.one("textarea").text)

    assert response.status_code == 200
    assert snippet.startswith(start)
    assert len(page.all("textarea")) == 1
    for address in re.findall(r'(?:src|href)="([^"]+)"', snippet):
        assert client.get(html.unescape(address).removeprefix(settings.BASE_URL)).status_code == 200
    assert [e for e in page.all("iframe", "img") if e.attributes.get("title") or e.attributes.get("alt")]


def test_picture_is_pasted_with_its_size_so_that_the_page_does_not_jump(client: Client) -> None:
    snippet = html.unescape(parse(client.get(SHARE).content.decode()).one("textarea").text)
    address = re.search(r'src="([^"]+)"', snippet)

    assert address is not None
    drawn = client.get(address[1].removeprefix(settings.BASE_URL)).content.decode()
    wide, high = re.findall(r'viewBox="0 0 (\d+) (\d+)"', drawn)[0]
    assert f'width="{wide}" height="{high}" style="max-width:100%;height:auto"' in snippet


def test_snippet_with_script_names_its_hash_and_the_script_never_changes(client: Client) -> None:
    snippet = html.unescape(parse(client.get(f"{SHARE}?system=html").content.decode()).one("textarea").text)
    script = client.get("/embed/host-1.js")

    digest = base64.b64encode(hashlib.sha384(script.content).digest()).decode()
    assert f'integrity="sha384-{digest}" crossorigin="anonymous"' in snippet
    assert digest == FROZEN, (
        "what other sites have pasted runs no other script: a change is a new version, host-2.js"
    )
    assert len(script.content) < 2048
    assert script.headers["Access-Control-Allow-Origin"] == "*"


FROZEN = "xhes5Kd6GzVuEkPEXoZ+S46w/Vc1007gkUppwuZJd3nyTJRc5fzAfkCXwRpnmwDU"


@pytest.mark.parametrize("address", SAMPLES.values(), ids=SAMPLES)
def test_every_block_is_handed_out(client: Client, address: str) -> None:
    page = parse(client.get(address.replace("/embed/", "/share/", 1)).content.decode())

    assert page.one("h1").text == "Put this on your site"
    assert page.one("textarea").text


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("accent=ffff00", "its contrast is 1.0 to 1"),
        ("system=typewriter", "“typewriter” is none of the systems below."),
        ("theme=purple", "“theme” can be"),
        ("colour=red", "“colour” is no option of this block."),
    ],
)
def test_choice_that_cannot_be_is_said_and_nothing_typed_is_lost(
    client: Client, query: str, said: str
) -> None:
    response = client.get(f"{SHARE}?{query}")
    page = parse(response.content.decode())

    assert response.status_code == 400
    assert said in page.one("div", role="alert").text
    if "accent" in query:
        assert page.one("input", id="accent").attributes["value"] == "ffff00"
    assert page.one("textarea").text


def test_nothing_but_pinning_can_be_sent(client: Client) -> None:
    assert client.put(SHARE).status_code == 405
    assert client.post("/share/nothing/").status_code == 404
    assert client.post(SHARE, {"theme": "purple"}).status_code == 400
    assert not PinnedBlock.objects.exists()


# How many questions a block asks


QUERIES = {
    "history": 7, "theme": 7, "badge": 7, "numbers": 4, "responses": 4, "required-information": 4, "force-metric": 7,
    "printed": 12, "metric": 5, "metric-map": 5, "metric-trend": 5, "compared": 11, "cycle": 7, "cycle-map": 7, "map": 7,
}  # fmt: skip


@pytest.mark.parametrize("name", SAMPLES)
def test_block_asks_a_fixed_number_of_questions(client: Client, name: str) -> None:
    with CaptureQueriesContext(connection) as queries:
        client.get(SAMPLES[name])
    with CaptureQueriesContext(connection) as to_share:
        client.get(SAMPLES[name].replace("/embed/", "/share/", 1))

    assert len(queries) == len(to_share) == QUERIES[name]


def test_pinned_block_asks_one_question_more(client: Client) -> None:
    name = pin(client)
    with CaptureQueriesContext(connection) as queries:
        client.get(f"{HISTORY}?v={name}")

    assert len(queries) == QUERIES["history"] + 1


def test_every_kind_of_block_is_sampled() -> None:
    kinds = {pattern.name for pattern in every_pattern() if pattern.name.startswith("share-")}

    assert {
        resolve(a.partition("?")[0]).url_name.replace("embed-", "share-", 1) for a in SAMPLES.values()
    } == kinds


# Well made


def test_blocks_and_the_pages_that_hand_them_out_are_valid_html(
    client: Client, html_checker: list[str], tmp_path: Path
) -> None:
    for number, address in enumerate(SAMPLES.values()):
        for kind in ("embed", "share"):
            body = client.get(address.replace("/embed/", f"/{kind}/", 1)).content
            (tmp_path / f"{number}-{kind}.html").write_bytes(body)
    (tmp_path / "error.html").write_bytes(client.get("/embed/nothing/").content)

    checked = subprocess.run(
        [*html_checker, "--errors-only", "--format", "gnu", str(tmp_path)],
        capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip

    assert checked.returncode == 0, checked.stderr[:3000]


def test_badge_says_what_later_cycles_did_not_give(client: Client) -> None:
    """Of Kent a report of 2023–25 is known, and no grade: a badge of 2021/22 must not pass for today's."""
    page = block(client, "/embed/forces/kent/badge/investigating-crime/")

    assert [notice.text for notice in page.all("p", class_="embed__notice")] == [
        "2023–25: Not recorded here yet."
    ]
    newest = block(client, "/embed/forces/warwickshire/badge/investigating-crime/")
    assert not newest.all("p", class_="embed__notice")


def told(client: Client, address: str) -> str:
    """Give what oEmbed says of a block in words, and the words for those who do not see its picture."""
    said = parse(asked(client, address)["html"]).one("blockquote").text
    share = client.get(f"{address.replace('/embed/', '/share/', 1)}?system=image").content.decode()
    return html.unescape(f"{said} {parse(share).one('textarea').text}")


def drawn(client: Client, address: str) -> str:
    """Give what the picture of a block says, line after line."""
    svg = client.get(f"{address.rstrip('/')}.svg").content.decode()
    return " ".join(texts(ET.fromstring(svg)))


@pytest.mark.parametrize(
    ("route", "said"),
    [
        ("badge/investigating-crime", "2023–25: Not recorded here yet."),
        ("history", "A report of 2023–25 exists; none of its grades is recorded here yet."),
    ],
)
def test_later_report_is_told_wherever_a_block_goes(client: Client, route: str, said: str) -> None:
    address = f"/embed/forces/kent/{route}/"

    assert told(client, address).count(said) == 2, "in the quotation and in the words of the picture"
    assert said in drawn(client, address)
    assert said in block(client, address).one("main").text
    assert "newest report with grades here" in drawn(client, address)
    pinned = client.post(address.replace("/embed/", "/share/", 1), {"system": "html"}).headers["Location"]
    (kept,) = PinnedBlock.objects.all()
    assert kept.digest in pinned
    assert said in kept.pieces["told"]
    assert said in " ".join(texts(ET.fromstring(kept.picture)))
