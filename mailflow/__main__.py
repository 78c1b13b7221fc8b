"""``python -m mailflow`` is the command ``mailflow``."""

import sys

from mailflow.cli.main import main

sys.exit(main())
