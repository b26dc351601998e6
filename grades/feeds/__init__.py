"""What is new, for readers of feeds and calendars: entries of the change log and last days, in the words of the pages."""

from grades.feeds.calendars import calendar
from grades.feeds.items import FeedItem, change_item, due_item
from grades.feeds.writing import Feed, atom, json_feed

__all__ = ["Feed", "FeedItem", "atom", "calendar", "change_item", "due_item", "json_feed"]
