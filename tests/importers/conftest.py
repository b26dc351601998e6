"""The records that tests of the seed stand on."""

from tests.importers.seeding import folder, real_record

__all__ = ["folder", "real_record"]
