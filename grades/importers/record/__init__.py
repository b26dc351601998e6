"""The site's own files read back: grades with their sources, findings with their steps, responses.

The same five steps as for official files. New rows become drafts, which go public on the usual way. What is public is never
changed here: a row that differs from it is named, and corrected on its page.
"""
