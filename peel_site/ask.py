"""Asks an address and ends with 0 where the answer is a good one: python -m peel_site.ask http://127.0.0.1:8000/readyz.

For the health checks of containers, whose image has no other program for it.
"""

import http.client
import sys
from urllib.parse import urlsplit

SECONDS = 5


def is_well(address: str) -> bool:
    """Say whether an address is answered with a status below 400 in time."""
    parts = urlsplit(address)
    site = http.client.HTTPConnection(parts.netloc, timeout=SECONDS)
    try:
        site.request("GET", parts.path)
        return site.getresponse().status < 400
    except (OSError, http.client.HTTPException):
        return False
    finally:
        site.close()


if __name__ == "__main__":
    raise SystemExit(not is_well(sys.argv[1]))
