"""Where the files that ship with mailflow lie: policies and templates, in a checkout and in an installed package."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_SHIPPED = _PACKAGE / "_data"
_ROOT = _SHIPPED if _SHIPPED.is_dir() else _PACKAGE.parent


def config_directory() -> Path:
    """``config/``: example configuration and the policies that people may edit."""
    return _ROOT / "config"


def templates_directory() -> Path:
    """``templates/``: one folder a language, one ``.mjml`` with its ``.txt`` a letter."""
    return _ROOT / "templates"


def font_file() -> Path:
    """The typeface of every PDF we write: Chinese, Japanese, Korean, Latin, Greek, Cyrillic (``adapters/fonts/``)."""
    return _PACKAGE / "adapters" / "fonts" / "wqy-microhei.ttc"
