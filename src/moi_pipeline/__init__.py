"""moi: scraped Thai provincial press releases in, trusted tables out."""

from moi_pipeline.api import Moi, open
from moi_pipeline.errors import MoiError

__version__ = "0.1.0"
__all__ = ["Moi", "MoiError", "__version__", "open"]
