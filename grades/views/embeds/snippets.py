"""What a web editor pastes: one snippet for each kind of system, and what to know about it."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grades import words
from grades.views.embeds.frames import Shown, host_script_hash
from grades.views.embeds.oembed import plain
from grades.views.embeds.options import Options

SIZE = re.compile(r'<svg [^>]*viewBox="0 0 ([0-9.]+) ([0-9.]+)"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One block under the options that were chosen; `tall` is the height of its frame in CSS pixels, `drawn` its picture."""

    shown: Shown
    options: Options
    tall: int
    drawn: str

    def path(self, suffix: str = "") -> str:
        """Give the address of the block on this site; `suffix` is "-svg" or "-png" for the same as a picture."""
        options = Options(pin=self.options.pin, force=self.options.force) if suffix else self.options
        return f"{reverse(f'{self.shown.block.url_name}{suffix}', kwargs=self.shown.ids)}{options.query}"

    def address(self, suffix: str = "") -> str:
        """Give the same, whole."""
        return f"{settings.BASE_URL}{self.path(suffix)}"

    @property
    def page(self) -> str:
        """Give the address of the page that tells all of it, whole."""
        return f"{settings.BASE_URL}{self.shown.page}"

    @property
    def size(self) -> tuple[int, int]:
        """Give the width and the height of the picture in CSS pixels, so that a page keeps its place free."""
        found = SIZE.search(self.drawn)
        if found is None:
            raise ValueError("a picture states its size")
        return round(float(found[1])), round(float(found[2]))

    @property
    def alt(self) -> str:
        """Say in words what a picture shows, for those who do not see it."""
        return words.sentences(self.shown.article.title, self.shown.article.description)


def frame(offer: Offer) -> str:
    """Write a frame that keeps the height at which nothing is cut off on the narrowest screen."""
    return (
        f'<iframe src="{plain(offer.address())}" title="{plain(offer.shown.article.name)}" width="100%" '
        f'height="{offer.tall}" loading="lazy" style="border:0"></iframe>'
    )


def frame_with_script(offer: Offer) -> str:
    """Write a frame, and the script that makes it as high as what it shows."""
    script = f"{settings.BASE_URL}{reverse('embed-host-script')}"
    framed = frame(offer).replace("<iframe ", "<iframe data-peel-history ", 1)
    return f'{framed}\n<script src="{script}" integrity="{host_script_hash()}" crossorigin="anonymous" defer></script>'


def picture(offer: Offer, suffix: str = "-svg") -> str:
    """Write a picture that leads to the page, with its words for those who do not see it, and a line of source."""
    width, high = offer.size
    return (
        f'<a href="{plain(offer.page)}"><img src="{plain(offer.address(suffix))}" alt="{plain(offer.alt)}" '
        f'width="{width}" height="{high}" style="max-width:100%;height:auto" loading="lazy"></a>\n'
        f'<p><a href="{plain(offer.page)}">{plain(_("Every source"))}: {plain(settings.SITE_NAME)}</a></p>'
    )


def letter(offer: Offer) -> str:
    """Write a picture as programs for mail show it: no SVG, nothing loaded late."""
    return picture(offer, "-png").replace(' loading="lazy"', "")


def pasted(offer: Offer) -> str:
    """Give the address alone: WordPress finds the rest."""
    return offer.address()


def citation(offer: Offer) -> str:
    """Write the line that stands below a picture on paper."""
    return _("%(title)s. Source: %(source)s. %(site)s, %(page)s. %(licence)s.") % {
        "title": offer.shown.article.title,
        "source": offer.shown.article.source,
        "site": settings.SITE_NAME,
        "page": offer.page,
        "licence": settings.DATA_LICENCE["name"],
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """One kind of system. `pictured` says that it shows a picture; `suffix` is that of the file to be downloaded, or ""."""

    slug: str
    label: str | Promise
    advice: str | Promise
    write: Callable[[Offer], str]
    pictured: bool = False
    suffix: str = ""


SYSTEMS = (
    System(
        slug="single-online-home",
        label=gettext_lazy("Single Online Home (most police forces)"),
        advice=gettext_lazy(
            "Paste this into a block that takes HTML: a picture that leads to the page. Frames are a matter of the central "
            "team; once they allow this site, take “Another system with an HTML block”, which stays up to date in words too "
            "and can be read on a phone, where the words of a picture are small."
        ),
        write=picture,
        pictured=True,
    ),
    System(
        slug="wordpress",
        label=gettext_lazy("WordPress"),
        advice=gettext_lazy(
            "Paste this address on a line of its own in a page or post; WordPress turns it into the block. The address of the "
            "page itself works too."
        ),
        write=pasted,
    ),
    System(
        slug="html",
        label=gettext_lazy("Another system with an HTML block"),
        advice=gettext_lazy(
            "Paste this into a block that takes HTML. The script makes the frame as high as what it shows, reads nothing of "
            "your page and may be left out, or stripped by your system: then the frame keeps a height that always does."
        ),
        write=frame_with_script,
    ),
    System(
        slug="html-without-script",
        label=gettext_lazy("An HTML block that removes scripts"),
        advice=gettext_lazy(
            "Paste this into a block that takes HTML. The height is that of the narrowest screen, so that nothing is ever cut "
            "off; on wide screens some space stays free below."
        ),
        write=frame,
    ),
    System(
        slug="image",
        label=gettext_lazy("A system that takes only pictures"),
        advice=gettext_lazy(
            "Give your system the address of the picture, or this snippet. The words in “alt” say what it shows: put them into "
            "the field for alternative text. They are of today; a picture that stays the same needs the block pinned."
        ),
        write=picture,
        pictured=True,
        suffix="-svg",
    ),
    System(
        slug="paper",
        label=gettext_lazy("A paper in Word or PDF"),
        advice=gettext_lazy("Download the picture, place it in the paper, and put this line below it."),
        write=citation,
        pictured=True,
        suffix="-png",
    ),
    System(
        slug="newsletter",
        label=gettext_lazy("A newsletter by e-mail"),
        advice=gettext_lazy(
            "Paste this into the HTML of the newsletter: a picture that leads to the page. Pin the block first if the picture "
            "is to stay as it was on the day it was sent."
        ),
        write=letter,
        pictured=True,
        suffix="-png",
    ),
)
"""The systems that web editors have, the commonest first."""
