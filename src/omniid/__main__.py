"""Run the command line as `python -m omniid`."""

from omniid.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
