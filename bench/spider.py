"""The peer of the fetch bench: scrapy with politeness off, pages into files as wget writes them.

``python -m bench.spider URLS.txt FOLDER``
"""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import scrapy
from scrapy.crawler import CrawlerProcess


class Pages(scrapy.Spider):  # type: ignore[misc]
    """Asks for every address of a list and writes what comes."""

    name = "pages"

    def __init__(self, addresses: Path, folder: Path) -> None:
        super().__init__()
        self.addresses, self.folder = addresses, folder

    async def start(self) -> AsyncIterator[Any]:
        """The requests."""
        for address in self.addresses.read_text(encoding="utf-8").split():
            yield scrapy.Request(address, dont_filter=True)

    def parse(self, response: Any) -> None:
        """Write a page."""
        (self.folder / response.url.rpartition("/")[2]).write_bytes(response.body)


if __name__ == "__main__":
    process = CrawlerProcess(
        {
            "LOG_LEVEL": "ERROR",
            "ROBOTSTXT_OBEY": False,
            "DOWNLOAD_DELAY": 0,
            "AUTOTHROTTLE_ENABLED": False,
            "CONCURRENT_REQUESTS": 16,
            "CONCURRENT_REQUESTS_PER_DOMAIN": 16,
            "TELNETCONSOLE_ENABLED": False,
        }
    )
    process.crawl(Pages, addresses=Path(sys.argv[1]), folder=Path(sys.argv[2]))
    process.start()
