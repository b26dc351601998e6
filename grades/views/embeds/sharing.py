"""“Put this on your site”: one page a block, which asks what system a web editor has and hands out one snippet."""

from dataclasses import asdict
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt

from grades import pinning
from grades.views.embeds.blocks import Block, Embed
from grades.views.embeds.frames import (
    Shown,
    age,
    block_path,
    digest,
    drawn,
    found,
    frame_height,
    picture,
    show,
)
from grades.views.embeds.options import Look, Options, read_options
from grades.views.embeds.setting import article, safe_height
from grades.views.embeds.snippets import SYSTEMS, Offer, System

LOOKS = (
    (Look.LIGHT, gettext_lazy("Light")),
    (Look.DARK, gettext_lazy("Dark")),
    (Look.AUTO, gettext_lazy("As the reader’s device has it")),
)


@csrf_exempt  # nobody is signed in here, and what is sent says nothing of who sends it
def share(request: HttpRequest, block: Block, **ids: str) -> HttpResponse:
    """Offer a block (GET), or pin it as it is now (POST)."""
    if request.method not in ("GET", "HEAD", "POST"):
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    asked = request.POST if request.method == "POST" else request.GET
    options, system, trouble = _read(asked, block)
    if request.method == "POST" and not trouble:
        embed = found(block, ids, options)
        return redirect(f"{reverse(block.share_name, kwargs=embed.ids)}?{_pinned(embed, options, system)}")
    context = _context(show(block, ids, options), options, system) | {"trouble": trouble, "asked": asked}
    return render(request, "share/share.html", context, status=400 if trouble else 200)


def _read(asked: QueryDict, block: Block) -> tuple[Options, System, str]:
    """Read what was chosen; where it cannot be, give the usual and say why."""
    wishes = QueryDict(mutable=True)
    for name in asked:
        if name != "system" and any(asked.getlist(name)):
            wishes.setlist(name, asked.getlist(name))
    try:
        options = read_options(wishes, marks_force=block.marks_force)
        chosen = asked.get("system", SYSTEMS[0].slug)
        system = next((s for s in SYSTEMS if s.slug == chosen), None)
        if system is None or len(asked.getlist("system")) > 1:
            raise BadRequest(_("“%(value)s” is none of the systems below.") % {"value": chosen[:40]})
    except BadRequest as refusal:
        return Options(), SYSTEMS[0], str(refusal)
    return options, system, ""


def _pinned(embed: Embed, options: Options, system: System) -> str:
    """Keep the block as it is now, and give the query of the page that hands it out so."""
    live = options.live()
    marked = digest(embed)
    pinning.pin(
        path=block_path(embed.block, embed.ids, live),
        digest=marked,
        pieces=asdict(article(embed)),
        picture=picture(embed),
        height=safe_height(embed, WHOLE) + NOTICE_HEIGHT,
        at=timezone.now(),
    )
    return f"{live.query.lstrip('?')}&{urlencode({'system': system.slug, 'v': marked})}".lstrip("&")


WHOLE = Options(language="cy")
"""A pinned block has one height for all who show it: that with every part, and with what is said for want of Welsh."""
NOTICE_HEIGHT = 64
"""What a pinned block says of its age takes at most this."""


def _themes(embed: Embed | None) -> list[tuple[str, str, str]]:
    """Give each theme of a grade history with the pages that hand out it alone, and its newest grade."""
    if embed is None or embed.block.name != "history" or embed.spec.grid is None:
        return []
    return [
        (
            row.label,
            reverse("share-theme", kwargs={**embed.ids, "theme": row.slug}),
            reverse("share-badge", kwargs={**embed.ids, "theme": row.slug}),
        )
        for row in embed.spec.grid.rows
    ]


def _context(shown: Shown, options: Options, system: System) -> dict[str, Any]:
    """Give the template what the page shows."""
    block, said, pinned = shown.block, shown.article, shown.pinned
    offer = Offer(shown=shown, options=options, tall=frame_height(shown, options), drawn=drawn(shown))
    return {
        "article": said,
        "page": shown.page,
        "options": options,
        "system": system,
        "systems": SYSTEMS,
        "looks": LOOKS,
        "offer": offer,
        "snippet": system.write(offer),
        "framed": offer.path(),
        "pictured": offer.path(system.suffix or "-svg"),
        "age": age(pinned, shown.live) if pinned else "",
        "fixed": reverse(f"{block.url_name}-snapshot", kwargs={**shown.ids, "pin": options.pin})
        if pinned
        else "",
        "kept": [("system", system.slug), *parse_qsl(options.live().query.lstrip("?"))],
        "themes": _themes(shown.live),
        "marks_force": block.marks_force,
        "has_table": bool(said.table),
        "has_text": bool(said.text),
        "trail": [
            {"title": said.subject, "address": shown.page},
            {"title": _("Put this on your site"), "address": ""},
        ],
    }
