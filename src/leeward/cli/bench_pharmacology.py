"""`leeward bench pharmacology`: how fast the engine is, beside limits of the same run.

W1: 10,000 people, six infusions over eleven days, 1,440 times, every value kept.  W2: one such
person through the public functions, warm, checks included.  W3: a million people, one infusion,
121 times, quantiles and Cmax only, in a process of its own.  Figures are CPU seconds unless they
say otherwise; ratios, not seconds, are to be compared between machines.
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from leeward.content.shipped_sets import read_set
from leeward.core.pharmacology import (
    Infusion,
    Model,
    Patient,
    Regimen,
    lognormal,
    population,
    simulate,
    variability_of,
)

from .pharmacology_inputs import print_json

DAYS = (0, 2, 4, 7, 9, 11)
ADULT = Patient(70.0, 40.0)
SIX = Regimen(tuple(Infusion(1440.0 * day, 40.0, 0.875) for day in DAYS), "racemic_ketamine")
ONE = Regimen((Infusion(0.0, 40.0, 0.875),), "racemic_ketamine")
GRID = np.linspace(0.0, 11.0 * 1440.0 + 240.0, 1440)
IIV = lognormal({"cl": 0.3, "v1": 0.3})


def add_parser(subparsers: Any) -> None:
    """Add the benchmark."""
    parser = subparsers.add_parser("pharmacology", help="the pharmacology engine")
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--small", action="store_true", help="a tenth of the people")
    parser.add_argument("--w3-alone", type=int, metavar="PEOPLE", help=argparse.SUPPRESS)
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Measure and print."""
    model = read_set("domino")
    if args.w3_alone:
        print_json(_w3_here(model, args.w3_alone, args.threads, args.repeat))
        return 0
    scale = 10 if args.small else 1
    alone = _w3(model, 1_000_000 // scale, args.threads, args.repeat)  # first: memory is inherited
    rows = {
        "W1": _w1(model, 10_000 // scale, args.repeat),
        "W2": _w2(model, args.repeat),
        "W3": alone,
        "cold start": _cold(args.repeat),
    }
    if args.format == "json":
        print_json(rows)
        return 0
    for name, row in rows.items():
        print(name)
        for what, value in row.items():
            print(f"  {what:<64}{value:>12.6g}")
    return 0


def _cpu(work: Callable[[], Any], repeat: int) -> float:
    """Median CPU seconds of a piece of work, after one unmeasured run."""
    work()
    seen = []
    for _ in range(repeat):
        before = time.process_time()
        work()
        seen.append(time.process_time() - before)
    return statistics.median(seen)


def _w1(model: Model, n: int, repeat: int) -> dict[str, float]:
    """Every value of many people, beside a bare write and a bare recurrence."""
    buffer = np.empty((n, GRID.size))
    random = np.random.Generator(np.random.Philox(key=1))
    irregular = np.sort(random.uniform(GRID[0], GRID[-1], GRID.size))

    def whole(t: np.ndarray, **options: Any) -> Any:
        return population(
            model, ADULT, SIX, t, n=n, seed=1, iiv=IIV, quantiles=(), landmarks=False,
            matrix=True, compiled=True, **options,
        )  # fmt: skip

    new = _cpu(lambda: whole(GRID), repeat)
    reused = _cpu(lambda: whole(GRID, out=buffer), repeat)
    uneven = _cpu(lambda: whole(irregular), repeat)
    uneven_reused = _cpu(lambda: whole(irregular, out=buffer), repeat)
    write_new = _cpu(lambda: np.empty((n, GRID.size)).fill(1.0), repeat)
    write_reused = _cpu(lambda: buffer.fill(1.0), repeat)
    loop = _recurrence()
    rates = np.repeat([[0.9957, 0.86, 0.25]], n, axis=0)
    loop_new = _cpu(lambda: loop(rates, np.empty((n, GRID.size))), repeat)
    loop_reused = _cpu(lambda: loop(rates, buffer), repeat)
    solver = _solver_seconds(model, SIX, GRID)
    return {
        "people": n,
        "engine, new array [CPU s]": new,
        "engine, caller's buffer [CPU s]": reused,
        "engine, irregular grid, new array [CPU s]": uneven,
        "engine, irregular grid, caller's buffer [CPU s]": uneven_reused,
        "limit: bare recurrence loop, new array [CPU s]": loop_new,
        "limit: bare recurrence loop, reused array [CPU s]": loop_reused,
        "limit: bare memory write, new array [CPU s]": write_new,
        "limit: bare memory write, reused array [CPU s]": write_reused,
        "peer: SciPy LSODA, one person, times the people [CPU s]": solver * n,
        "engine new / recurrence new": new / loop_new,
        "engine reused / recurrence reused": reused / loop_reused,
        "irregular new / recurrence new": uneven / loop_new,
        "irregular reused / recurrence reused": uneven_reused / loop_reused,
        "SciPy / engine new": solver * n / new,
        "largest error / peak, five people against an independent sum": _error(model),
    }


def _recurrence() -> Callable[[np.ndarray, np.ndarray], None]:
    """The least a modal engine must do: three states, one product each and a sum a point."""
    import numba

    @numba.njit(nogil=True)
    def loop(factors: np.ndarray, out: np.ndarray) -> None:
        for s in range(out.shape[0]):
            a, b, c = factors[s, 0], factors[s, 1], factors[s, 2]
            x, y, z = 100.0, 50.0, 10.0
            for k in range(out.shape[1]):
                out[s, k] = x + y + z
                x, y, z = x * a, y * b, z * c

    return loop


def _solver_seconds(model: Model, doses: Regimen, t: np.ndarray) -> float:
    """CPU seconds of a general solver for one person; its answer is checked first."""
    from scipy.integrate import solve_ivp

    one = simulate(model, ADULT, doses, t)
    k = one.solution.system.rates[:3, :3]
    starts = [event.t_min for event in doses.events]

    def flows(at: float, a: np.ndarray) -> np.ndarray:
        on = any(start <= at < start + 40.0 for start in starts)
        return k @ a + (np.array([0.875, 0.0, 0.0]) if on else 0.0)

    def solve() -> Any:
        return solve_ivp(
            flows, (0.0, t[-1]), np.zeros(3), method="LSODA", rtol=1e-8, atol=1e-9,
            t_eval=t, max_step=20.0, jac=lambda at, a: k,
        )  # fmt: skip

    seen, exact = solve().y[0] * 1000.0 / one.parameters["v1"], one.curve()
    assert np.abs(seen - exact).max() < 1e-4 * exact.max(), "the peer solves another problem"
    return _cpu(solve, 1)


def _error(model: Model) -> float:
    """Largest difference over peak from a sum over doses by matrix exponentials of SciPy."""
    from scipy.linalg import expm

    made = population(model, ADULT, SIX, GRID, n=5, seed=1, iiv=IIV, matrix=True, compiled=True)
    eta = variability_of(model, IIV).draw(1, 0, 5)
    worst = 0.0
    for i in range(5):
        own = {name: float(values[i]) for name, values in eta.items()}
        one = simulate(model, ADULT, ONE, [0.0], eta=own)
        k = np.zeros((4, 4))
        k[:3, :3] = one.solution.system.rates[:3, :3]
        k[0, 3] = 0.875
        after = (expm(k * 40.0) @ np.eye(4)[3])[:3]
        for index in range(0, GRID.size, 97):
            total = sum(_response(k, after, GRID[index] - 1440.0 * day, expm) for day in DAYS)
            expected = total * 1000.0 / one.parameters["v1"]
            peak = made.matrix[i].max()
            worst = max(worst, abs(made.matrix[i, index] - expected) / peak)
    return worst


def _response(k: np.ndarray, after: np.ndarray, t: float, expm: Callable[..., Any]) -> float:
    if t <= 0:
        return 0.0
    if t <= 40.0:
        return float((expm(k * t) @ np.eye(4)[3])[0])
    return float((expm(k[:3, :3] * (t - 40.0)) @ after)[0])


def _w2(model: Model, repeat: int) -> dict[str, float]:
    many = 400

    def loop() -> None:
        for _ in range(many):
            simulate(model, ADULT, SIX, GRID).curve()

    def fresh() -> None:
        for k in range(many):
            simulate(model, Patient(60.0 + 0.05 * k, 40.0), SIX, GRID).curve()

    exponentials = np.multiply.outer(np.array([-1.7, -0.15, -0.006]), GRID)

    def limit() -> None:
        for _ in range(many):
            np.exp(exponentials)

    engine, bare = _cpu(loop, repeat) / many, _cpu(limit, repeat) / many
    other, solver = _cpu(fresh, repeat) / many, _solver_seconds(model, SIX, GRID)
    return {
        "engine, checks included [CPU ms]": 1e3 * engine,
        "engine, a person not seen before [CPU ms]": 1e3 * other,
        "limit: the 3 x 1440 exponentials alone, NumPy [CPU ms]": 1e3 * bare,
        "peer: SciPy LSODA [CPU ms]": 1e3 * solver,
        "engine / limit": engine / bare,
        "SciPy / engine": solver / engine,
    }


def _w3(model: Model, n: int, threads: int, repeat: int) -> dict[str, float]:
    """In a process of its own, so that the memory is that of this work."""
    words = ["bench", "pharmacology", "--w3-alone", str(n), "--threads", str(threads),
             "--repeat", str(repeat)]  # fmt: skip
    command = [sys.executable, "-m", "leeward.cli.main", *words]
    done = subprocess.run(command, check=True, capture_output=True)  # noqa: S603
    solver = _solver_seconds(model, ONE, np.arange(121.0) * 2.0) * n
    row: dict[str, float] = json.loads(done.stdout)
    row["peer: SciPy LSODA, one person, times the people [CPU s]"] = solver
    row["SciPy / engine"] = solver / row["engine, quantiles and Cmax [CPU s]"]
    return row


def _w3_here(model: Model, n: int, threads: int, repeat: int) -> dict[str, float]:
    t = np.arange(121.0) * 2.0

    def work() -> None:
        with ThreadPoolExecutor(threads) as pool:
            population(
                model, ADULT, ONE, t, n=n, seed=1, iiv=IIV, compiled=True,
                map_blocks=pool.map if threads > 1 else map,
            )  # fmt: skip

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0
    engine = _cpu(work, max(1, repeat // 2))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0
    tile = np.empty((1000, t.size))
    loop, rates = _recurrence(), np.repeat([[0.9957, 0.86, 0.25]], 1000, axis=0)
    bare = _cpu(lambda: [loop(rates, tile) for _ in range(n // 1000)], repeat)
    write = _cpu(lambda: [tile.fill(1.0) for _ in range(n // 1000)], repeat)
    return {
        "people": n,
        "threads": threads,
        "engine, quantiles and Cmax [CPU s]": engine,
        "limit: bare recurrence loop, as many values [CPU s]": bare,
        "limit: writing as many values over and over [CPU s]": write,
        "engine / recurrence": engine / bare,
        "peak memory of the process [MiB]": peak,
        "of it before the work [MiB]": before,
        "limit: peak memory [MiB]": 1024.0,
    }


def _cold(repeat: int) -> dict[str, float]:
    """A new process to its first curve, beside one that only imports NumPy."""
    code = (
        "from leeward.content.shipped_sets import read_set\n"
        "from leeward.core.pharmacology import Infusion, Patient, Regimen, simulate\n"
        "simulate(read_set('domino'), Patient(70.0), Regimen((Infusion(0.0, 40.0, 0.875),)),"
        " range(241)).curve()\n"
        "import sys; assert 'numba' not in sys.modules and 'scipy' not in sys.modules\n"
    )
    engine, bare = _child(code, repeat), _child("import numpy, yaml", repeat)
    return {
        "first curve of a new process [CPU s]": engine[0],
        "first curve of a new process [wall s]": engine[1],
        "limit: a process that imports NumPy and a YAML reader [CPU s]": bare[0],
        "limit: a process that imports NumPy and a YAML reader [wall s]": bare[1],
        "engine / limit, wall": engine[1] / bare[1],
    }


def _child(code: str, repeat: int) -> tuple[float, float]:
    """Median CPU and wall seconds of a new process."""
    cpu, wall = [], []
    for _ in range(repeat):
        before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True)  # noqa: S603
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        wall.append(time.perf_counter() - began)
        cpu.append(after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)
    return statistics.median(cpu), statistics.median(wall)
