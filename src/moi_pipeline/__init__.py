"""moi: scraped Thai provincial press releases in, trusted tables out."""

__version__ = "0.1.0"
