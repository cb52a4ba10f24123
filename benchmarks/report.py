"""What a report costs to write, weighs and takes to open: `python benchmarks/report.py --records 100000`.

Generated channel records are resolved (that is not on the clock), their report is written, and a headless Chromium opens it
several times, each in a fresh context: until the page is loaded, until the first chart can be read, and until every chart was
brought into view and drawn. `--saved DIR` takes a result that `found.save` wrote. Needs the extra `omniid[test]` and Chromium.
"""

import argparse
import shutil
import statistics
import tempfile
import time
from importlib import metadata
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

import omniid
from common import machine, measure
from omniid.datasets import generate

SIZES = {"desktop": (1280, 900), "phone": (390, 844)}
FIRST = "#chart-weights[data-drawn]"
WAITING = "[data-chart]:not([data-drawn])"


def opened(browser: Any, path: Path, size: tuple[int, int]) -> dict[str, float]:
    """Open the page once; seconds from the call until each of the three moments."""
    context = browser.new_context(viewport={"width": size[0], "height": size[1]})
    page = context.new_page()
    start = time.perf_counter()
    page.goto(path.as_uri())
    told = {"loaded": time.perf_counter() - start}
    page.locator("#chart-weights").evaluate("place => place.scrollIntoView({behavior: 'instant'})")
    page.wait_for_selector(FIRST)
    told["first chart"] = time.perf_counter() - start
    for place in page.locator("[data-chart]").all():
        place.evaluate("place => place.scrollIntoView({behavior: 'instant'})")
    page.wait_for_selector(WAITING, state="detached")
    told["all charts"] = time.perf_counter() - start
    context.close()
    return told


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--saved", metavar="DIR", help="a saved result, instead of resolving")
    parser.add_argument("--times", type=int, default=5, help="how often the page is opened in each size (default: 5)")
    parser.add_argument("--out", metavar="FILE", help="keep the report there")
    arguments = parser.parse_args()
    print(machine())
    if arguments.saved:
        found = omniid.load(arguments.saved)
    else:
        found = omniid.resolve(generate(arguments.records, seed=1).channels)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(arguments.out or Path(folder) / "report.html").absolute()
        with measure() as cost:
            found.report(path)
        drawn = ", ".join(f"{name} {metadata.version(name)}" for name in ("altair", "vl-convert-python", "playwright"))
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
            print(f"{drawn}, Chromium {browser.version}")
            records = sum(found.summary.records.values())
            print(f"{records:,} records, {found.summary.people:,} people: written in {cost}; {path.stat().st_size:,} bytes")
            for name, size in SIZES.items():
                runs = [opened(browser, path, size) for _ in range(arguments.times)]
                seconds = {moment: [run[moment] for run in runs] for moment in runs[0]}
                told = [f"{moment} {statistics.median(some):.2f} s (worst {max(some):.2f})" for moment, some in seconds.items()]
                print(f"{name:8} {size[0]} px: {'  '.join(told)}")
            browser.close()


if __name__ == "__main__":
    main()
