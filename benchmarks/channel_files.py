"""Channel files of generated customers, made once and kept in a folder: `python channel_files.py FOLDER RECORDS`."""

import subprocess
import sys
from pathlib import Path


def channel_files(folder: Path, records: int) -> Path:
    """The folder with the files of so many records; they are made in a process of their own if they are not there."""
    made = folder / f"channels-{records}"
    if not made.exists():
        print(f"making the files of {records:,} records in {made}", flush=True)
        subprocess.run([sys.executable, __file__, str(folder), str(records)], check=True)
    return made


def main() -> None:
    from omniid.datasets import generate, write

    folder, records = Path(sys.argv[1]), int(sys.argv[2])
    unfinished = folder / f"unfinished-{records}"
    unfinished.mkdir(parents=True, exist_ok=True)
    write(generate(records, seed=0), unfinished, format="csv")
    unfinished.rename(folder / f"channels-{records}")


if __name__ == "__main__":
    main()
