"""What answers below /embed/: a block in a frame, the same as a picture, as it was when it was pinned, and the host's script."""

import base64
import hashlib
import json
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from grades import charts, queries, words
from grades.charts.badge import badge
from grades.charts.render_png import svg_to_png
from grades.queries.embeds import Pinned
from grades.views.embeds.blocks import Block, Embed, Ids, Shape, load, page_address
from grades.views.embeds.discovery import where
from grades.views.embeds.options import Options, read_options
from grades.views.embeds.setting import Article, article, height, no_welsh, safe_height

SVG, PNG = "image/svg+xml; charset=utf-8", "image/png"
HOST_SCRIPT = "embed-host-1.js"


def block_path(block: Block, ids: Ids, options: Options) -> str:
    """Give the address that names what a block says, without how it looks."""
    marked = f"?force={options.force}" if options.force else ""
    return f"{reverse(block.url_name, kwargs=ids)}{marked}"


def digest(embed: Embed) -> str:
    """Give sixteen digits that stand for what a block says, however it is set."""
    spec = embed.spec
    facts = [embed.subject, spec.title, spec.description, asdict(spec.table), asdict(spec.source), spec.notes]
    facts.append([at.note for at in spec.breaks])
    return hashlib.sha256(json.dumps(facts, ensure_ascii=False, default=str).encode()).hexdigest()[:16]


def picture(embed: Embed) -> str:
    """Draw a block as a stand-alone SVG, with what must be said of it first among its notes."""
    spec = replace(embed.spec, notes=(*embed.notices, *embed.spec.notes))
    licence = f"{settings.DATA_LICENCE['name']}."
    credit = f"{settings.SITE_NAME}: {settings.BASE_URL}{embed.page}"
    if embed.block.shape == Shape.BADGE:
        return badge(spec, over=embed.subject, licence=licence, credit=credit)
    return charts.render_svg(spec, paint="fixed", licence=licence, credit=credit)


def found(block: Block, ids: Ids, options: Options) -> Embed:
    """Load a block; raise Http404 where there is no such thing."""
    embed = load(block, ids, options)
    if embed is None:
        raise Http404(missing(block))
    return embed


def missing(block: Block) -> str:
    """Say that there is no such block."""
    if "slug" in block.route and block.page == "force-detail":
        return _("There is no such police force, or nothing of this kind is recorded for it.")
    return _("There is no such block: nothing of this kind is recorded here.")


def kept(block: Block, ids: Ids, options: Options) -> Pinned:
    """Load a pinned block; raise Http404 where nobody has pinned it so."""
    pinned = queries.pinned_block(path=block_path(block, ids, options), digest=options.pin)
    if pinned is None:
        raise Http404(_("Nobody has pinned this block so. Without “v” it shows what is recorded now."))
    return pinned


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What an address shows: a block as it is now, or as it was when it was pinned.

    `ids` are those of its address: today's, or those that it was pinned under. `page` is the address of the page that
    tells all. `live` is the block as it is now, None where there is no such thing any more.
    """

    block: Block
    ids: Ids
    page: str
    article: Article
    live: Embed | None
    pinned: Pinned | None = None


def show(block: Block, ids: Ids, options: Options) -> Shown:
    """Give what an address shows; raise Http404 where there is no such thing, or nobody has pinned it so."""
    if not options.pin:
        embed = found(block, ids, options)
        return Shown(block=block, ids=embed.ids, page=embed.page, article=article(embed), live=embed)
    pinned = kept(block, ids, options)
    live = load(block, ids, options)
    page = live.page if live else page_address(block, ids)
    return Shown(block=block, ids=ids, page=page, article=Article(**pinned.pieces), live=live, pinned=pinned)


def frame_height(shown: Shown, options: Options, width: int | None = None) -> int:
    """Give how high its frame is to be at a width; without one, and for what is pinned, as high as any width needs."""
    if shown.pinned:
        return shown.pinned.height
    if shown.live is None:
        raise AssertionError("what is not pinned is there now")
    return safe_height(shown.live, options) if width is None else height(shown.live, options, width)


def drawn(shown: Shown) -> str:
    """Give the picture of it, as SVG."""
    if shown.pinned:
        return shown.pinned.picture
    if shown.live is None:
        raise AssertionError("what is not pinned is there now")
    return picture(shown.live)


def age(pinned: Pinned, live: Embed | None) -> str:
    """Say of when a pinned block is, and whether the record has changed since."""
    as_at = _("Figures as at %(day)s.") % {"day": words.day(timezone.localtime(pinned.pinned_at).date())}
    if live is not None and digest(live) == pinned.digest:
        return as_at
    return f"{as_at} {_('Newer grades or figures are available.')}"


@require_safe
def frame(request: HttpRequest, block: Block, **ids: str) -> HttpResponse:
    """A block to be framed by another site."""
    options = read_options(request.GET, marks_force=block.marks_force)
    shown = show(block, ids, options)
    context = {
        "article": shown.article,
        **{piece: shown.article.safe(piece) for piece in ("body", "table", "foot")},
        "shape": block.shape,
        "kind": block.name,
        "options": options,
        "page": f"{settings.BASE_URL}{shown.page}",
        "newer": age(shown.pinned, shown.live) if shown.pinned else "",
        "live": f"{reverse(block.url_name, kwargs=ids)}{options.live().query}",
        "notices": shown.live.notices if shown.live else (),
        "no_welsh": no_welsh(options),
        "oembed": where(request.path, options.query),
    }
    return with_accent(render(request, "embeds/embed.html", context | accent_context(options)), options)


def accent_context(options: Options) -> dict[str, Any]:
    """Give the template the one rule that gives a block its accent."""
    return {"accent_rule": mark_safe(_accent_rule(options))}  # noqa: S308  six hexadecimal digits


def _accent_rule(options: Options) -> str:
    """Write the rule; more than one attribute, so that it counts before those of the style sheet.

    It is of screens alone: the colour of a dark block could not be read on paper.
    """
    colours = f"--accent:#{options.accent};--accent-strong:#{options.accent}"
    return f"@media screen{{:root[data-theme][data-theme]{{{colours}}}}}"


def with_accent(response: HttpResponse, options: Options) -> HttpResponse:
    """Let the policy of an answer allow the rule of its accent, by its hash, and no other style of a page."""
    if options.accent:
        hashed = base64.b64encode(hashlib.sha256(_accent_rule(options).encode()).digest()).decode()
        response._csp_update = {"style-src": [f"'sha256-{hashed}'"]}  # type: ignore[attr-defined]  # noqa: SLF001  as django-csp's own decorators do
    return response


@require_safe
def image(request: HttpRequest, block: Block, suffix: str, **ids: str) -> HttpResponse:
    """A block as a picture, for those who can place nothing else."""
    options = read_options(request.GET, marks_force=block.marks_force)
    svg = kept(block, ids, options).picture if options.pin else picture(found(block, ids, options))
    if suffix == "png":
        return HttpResponse(svg_to_png(svg, scale=2), content_type=PNG)
    return HttpResponse(svg, content_type=SVG)


@require_safe
def snapshot(request: HttpRequest, block: Block, pin: str, **ids: str) -> HttpResponse:
    """A pinned block as a picture that never changes by a byte."""
    options = read_options(request.GET, marks_force=block.marks_force)
    return HttpResponse(kept(block, ids, replace(options, pin=pin)).picture, content_type=SVG)


@cache
def host_script() -> bytes:
    """Read the script that other sites place beside a frame."""
    return (Path(settings.BASE_DIR) / "static" / "js" / HOST_SCRIPT).read_bytes()


@cache
def host_script_hash() -> str:
    """Give the script's hash as a browser wants it before it runs a script of another site."""
    return f"sha384-{base64.b64encode(hashlib.sha384(host_script()).digest()).decode()}"


@require_safe
def script(request: HttpRequest) -> HttpResponse:
    """The script that sets the height of frames, at an address that never moves."""
    response = HttpResponse(host_script(), content_type="text/javascript; charset=utf-8")
    response.headers["Access-Control-Allow-Origin"] = (
        "*"  # a browser checks the hash of a foreign script only so
    )
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


@require_safe
def nothing(request: HttpRequest, rest: str) -> HttpResponse:
    """Any other address below /embed/."""
    raise Http404(_("There is no block at this address."))
