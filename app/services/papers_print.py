"""WeasyPrint, with everything closed that a file does not need; imported only where a file is asked for."""

import logging
from pathlib import Path

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

STATIC = Path(__file__).parent.parent / "static"
SHEET = STATIC / "css" / "paper.css"
FONTS = STATIC / "vendor" / "fonts"
# What a font is called in our sheet: no address that anything else could mean.
SCHEME = "comission-static"
# A word of somebody is never told to a log.
logging.getLogger("weasyprint").addHandler(logging.NullHandler())
logging.getLogger("weasyprint").propagate = False
logging.getLogger("fontTools").propagate = False


class OwnFontsOnly(URLFetcher):  # type: ignore[misc]
    """Fonts of ours from the disk; whatever else a page names is refused, and nothing reaches the network."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False)
        self.known = {f"{SCHEME}:///{path.name}": path for path in FONTS.glob("*.woff2")}

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        path = self.known.get(url)
        if path is None:
            raise ValueError("only fonts of ours are read")
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": "font/woff2"})


def pdf(html: str, origin: str) -> bytes:
    """An accessible PDF (PDF/UA-1): tagged, with its language and title; read from the page."""
    fetcher, fonts = OwnFontsOnly(), FontConfiguration()
    sheet = CSS(
        string=SHEET.read_text("utf-8"), base_url=f"{SCHEME}:///", url_fetcher=fetcher, font_config=fonts
    )
    document = HTML(string=html, base_url=f"{origin}/", url_fetcher=fetcher, media_type="print")
    written: bytes = document.write_pdf(stylesheets=[sheet], font_config=fonts, pdf_variant="pdf/ua-1")
    return written
