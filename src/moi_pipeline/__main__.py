"""``python -m moi_pipeline`` is ``moi``."""

from moi_pipeline.cli import main

if __name__ == "__main__":
    main()
