"""oEmbed: what a program shows in place of an address of ours that somebody pasted. https://oembed.com/"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit
from xml.etree import ElementTree as ET

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from grades import queries
from grades.forms import CompareForm
from grades.views.embeds.blocks import BY_NAME, OF_PAGE, Block, Ids
from grades.views.embeds.frames import Shown, age, frame_height, show
from grades.views.embeds.options import KNOWN as KNOWN_OPTIONS
from grades.views.embeds.options import Options, read_options
from grades.views.pictures import compared_trends

USUAL_WIDTH, WIDEST = 600, 1200
CACHE_AGE = 3600
"""Seconds for which a program may keep the answer."""
LARGEST = 10_000
KNOWN = ("url", "format", "maxwidth", "maxheight")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The block that an address stands for."""

    block: Block
    ids: Ids
    options: Options


def wanted(address: str) -> Wanted:
    """Find the block for an address of this site; raise Http404 for any other address, BadRequest for odd options."""
    try:
        parts = urlsplit(address)
    except ValueError:
        raise Http404(_("This address is not of this site.")) from None
    own = urlsplit(settings.BASE_URL)
    if parts.scheme not in ("http", "https") or parts.netloc.lower() != own.netloc.lower():
        raise Http404(_("This address is not of this site."))
    try:
        match = resolve(parts.path or "/")
    except Resolver404:
        raise Http404(_("There is nothing at this address.")) from None
    asked: QueryDict = QueryDict(parts.query)
    name = match.url_name or ""
    block = match.kwargs.get("block")
    named = match.kwargs
    if not isinstance(block, Block):
        if name in CHOSEN:
            block, named = CHOSEN[name](asked)
        elif name in OF_PAGE:
            block = BY_NAME[OF_PAGE[name]]
        else:
            raise no_block()
        asked = _marks(name, asked)
    elif name == block.share_name:
        asked = QueryDict(urlencode([(k, v) for k, v in parse_qsl(parts.query) if k in KNOWN_OPTIONS]))
    ids = {key: str(value) for key, value in named.items() if f":{key}>" in block.route}
    options = read_options(asked, marks_force=block.marks_force)
    return Wanted(block=block, ids=ids, options=replace(options, pin=match.kwargs.get("pin", options.pin)))


def no_block() -> Http404:
    """Say that there is nothing to embed for a page."""
    return Http404(_("This page has no block that another site could show."))


def _of_home(asked: QueryDict) -> tuple[Block, Ids]:
    """Give what stands for the home page: the map that it shows."""
    spread = queries.home_page(at=timezone.now()).spread
    if spread is None:
        raise no_block()
    return BY_NAME["cycle-map"], {"cycle": spread.cycle.slug}


def _of_comparison(asked: QueryDict) -> tuple[Block, Ids]:
    """Give what stands for a comparison: its first figure."""
    form = CompareForm(asked, queries.choices())
    if not form.forces or form.too_many or form.unknown:
        raise no_block()
    page = queries.compare_page(forces=form.forces, themes=(), metrics=form.metrics, at=timezone.now())
    drawn = compared_trends(page)
    if not drawn:
        raise no_block()
    return BY_NAME["compared"], {"forces": form.joined, "metric": drawn[0].slug}


CHOSEN = {"home": _of_home, "compare": _of_comparison}
"""Pages whose block is found by what they show."""


def _marks(name: str, asked: QueryDict) -> QueryDict:
    """Keep of a page's wishes the force that its block marks too."""
    force = asked.get("force", "")
    return QueryDict(urlencode({"force": force})) if name == "metric-detail" and force else QueryDict()


@require_safe
def oembed(request: HttpRequest) -> HttpResponse:
    """Say what to embed for the address that is asked for, as JSON or XML."""
    asked = request.GET
    for name in asked:
        if name in KNOWN and len(asked.getlist(name)) > 1:
            raise BadRequest(_("“%(name)s” is given more than once.") % {"name": name})
    answer = FORMATS.get(asked.get("format", "json"))
    if answer is None:
        why = _("There is no such format here: “json” and “xml” are known.")
        return HttpResponse(why, status=501, content_type="text/plain; charset=utf-8")
    if not asked.get("url"):
        raise BadRequest(_("Say in “url” which address is to be embedded."))
    response = answer(described(wanted(asked["url"]), _limit(asked, "maxwidth"), _limit(asked, "maxheight")))
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def _limit(asked: QueryDict, name: str) -> int | None:
    """Read a limit in pixels; raise BadRequest for anything but a whole number above zero."""
    text = asked.get(name, "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text) > 0):
        raise BadRequest(
            _("“%(name)s” takes a whole number of pixels above zero, not “%(value)s”.")
            % {"name": name, "value": text[:40]}
        )
    return min(int(text), LARGEST)


def described(wish: Wanted, maxwidth: int | None, maxheight: int | None) -> dict[str, Any]:
    """Describe a block as oEmbed has it: of type rich, with its frame in `html`."""
    shown = show(wish.block, wish.ids, wish.options)
    width = min(maxwidth or USUAL_WIDTH, WIDEST)
    tall = frame_height(shown, wish.options, width)
    tall = min(tall, maxheight or tall)
    return {
        "version": "1.0",
        "type": "rich",
        "title": shown.article.name,
        "author_name": settings.OPERATOR,
        "author_url": settings.BASE_URL,
        "provider_name": settings.SITE_NAME,
        "provider_url": settings.BASE_URL,
        "cache_age": CACHE_AGE,
        "width": width,
        "height": tall,
        "html": quoted(shown, wish.options, width, tall),
    }


def quoted(shown: Shown, options: Options, width: int, tall: int) -> str:
    """Write the block in full as a quotation, and its frame after it.

    WordPress keeps of the HTML a bare blockquote, links with an address alone and a frame of few attributes, and shows the
    quotation where its script does not run: so it says everything.
    """
    article = shown.article
    page = f"{settings.BASE_URL}{shown.page}"
    said = [article.told, _("Source: %(source)s.") % {"source": article.source}]
    if shown.pinned:
        said.insert(0, age(shown.pinned, shown.live))
    frame = f"{settings.BASE_URL}{reverse(shown.block.url_name, kwargs=shown.ids)}{options.query}"
    return (
        f"<blockquote>{plain(' '.join(said))} "
        f'<a href="{plain(page)}">{plain(_("Every source"))}: {plain(settings.SITE_NAME)}</a></blockquote>'
        f'<iframe src="{plain(frame)}" width="{width}" height="{tall}" frameborder="0" '
        f'marginwidth="0" marginheight="0" title="{plain(article.name)}"></iframe>'
    )


def plain(text: str) -> str:
    """Escape a text so that a filter which escapes it again leaves it as it is."""
    return escape(text).replace("&#x27;", "’")


def _as_json(document: Mapping[str, Any]) -> HttpResponse:
    return JsonResponse(document, json_dumps_params={"ensure_ascii": False})


def _as_xml(document: Mapping[str, Any]) -> HttpResponse:
    root = ET.Element("oembed")
    for name, value in document.items():
        ET.SubElement(root, name).text = str(value)
    text = ET.tostring(root, encoding="unicode")
    return HttpResponse(
        f'<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n{text}',
        content_type="text/xml; charset=utf-8",
    )


FORMATS = {"json": _as_json, "xml": _as_xml}
