"""What the data quality of a result costs: `python benchmarks/data_quality.py --records 100000 1000000`.

Generated channel files are resolved, which is not on the clock; then every figure is measured, all tables are made and the
report is printed. Each size runs in a fresh process; of --repeat measurements the median counts. The peak is that of the
process during the measurement, beside what it held before.
"""

import argparse
import multiprocessing
from pathlib import Path
from statistics import median

import omniid
from channel_files import channel_files
from common import machine, measure, peak_memory
from omniid.data_report import TABLES

KEPT = Path("/proc/self/status")
RESET = Path("/proc/self/clear_refs")  # writing 5 sets the peak back to what is held


def held() -> float:
    """What the process holds, in GiB."""
    lines = (
        [line.split()[1] for line in KEPT.read_text().splitlines() if line.startswith("VmRSS")] if KEPT.exists() else ["nan"]
    )
    return float(lines[0]) / 2**20


def run(files: Path, records: int, repeat: int) -> None:
    """Resolve the files of one size and measure their quality."""
    found = omniid.resolve({path.stem: path for path in sorted(files.glob("*.csv")) if path.stem not in ("truth", "people")})
    if RESET.exists():
        RESET.write_text("5")
    before, costs = held(), []
    for _ in range(repeat):
        with measure() as cost:
            quality = found.data_quality()
            rows = {name: quality.table(name).num_rows for name in TABLES}
            text = str(quality)
        costs.append(cost)
    wall, cpu = (median(getattr(one, name) for one in costs) for name in ("wall", "cpu"))
    print(
        f"\n{records:,} records: {wall:.2f} s wall, {cpu:.2f} s CPU; held {before:.2f} GiB before, peak {peak_memory():.2f} GiB"
    )
    print("rows: " + ", ".join(f"{name} {count:,}" for name, count in rows.items()))
    print("\n".join(text.splitlines()[:8]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--folder", type=Path, default=Path("benchmark-data"), help="where the files are made and kept")
    parser.add_argument("--repeat", type=int, default=3)
    asked = parser.parse_args()
    print(machine())
    for records in asked.records:
        files = channel_files(asked.folder, records)
        process = multiprocessing.get_context("spawn").Process(target=run, args=(files, records, asked.repeat))
        process.start()
        process.join()
        if process.exitcode:
            raise SystemExit(f"the run of {records:,} records failed")


if __name__ == "__main__":
    main()
