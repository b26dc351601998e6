"""A feed as Atom (RFC 4287) and as JSON Feed 1.1."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.feedgenerator import Atom1Feed

from grades.feeds.items import FeedItem, key_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """What a feed is of: `path` is its own address without a suffix, `page` that of the page which tells the same."""

    title: str
    description: str
    path: str
    page: str
    items: Sequence[FeedItem]


def atom(feed: Feed) -> str:
    """Write a feed as Atom."""
    made = Atom1Feed(
        title=feed.title,
        link=f"{settings.BASE_URL}{feed.page}",
        description=feed.description,
        subtitle=feed.description,
        language=settings.LANGUAGE_CODE,
        author_name=settings.SITE_NAME,
        author_link=settings.BASE_URL,
        feed_url=f"{settings.BASE_URL}{feed.path}.atom",
        feed_guid=key_of(feed.path.strip("/")),
        feed_copyright=settings.DATA_LICENCE["name"],
    )
    for item in feed.items:
        made.add_item(
            title=item.title,
            link=item.address,
            description=item.html,
            unique_id=item.key,
            pubdate=item.at,
            updateddate=item.at,
            categories=[item.kind],
        )
    return str(made.writeString("utf-8"))


def json_feed(feed: Feed) -> dict[str, Any]:
    """Write a feed as JSON Feed."""
    return {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "description": feed.description,
        "home_page_url": f"{settings.BASE_URL}{feed.page}",
        "feed_url": f"{settings.BASE_URL}{feed.path}.json",
        "language": settings.LANGUAGE_CODE,
        "authors": [{"name": settings.SITE_NAME, "url": settings.BASE_URL}],
        "items": [
            {
                "id": item.key,
                "url": item.address,
                "title": item.title,
                "content_html": str(item.html),
                "content_text": "\n".join(item.lines),
                "date_published": item.at.isoformat(),
                "tags": [item.kind],
            }
            for item in feed.items
        ],
    }
