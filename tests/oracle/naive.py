"""Slow, obvious twins of the pharmacology engine: differential equations written out by hand.

Nothing here is shared with the engine but the numbers in the files.  Each twin states the flows
of a set as its publication does, in hours or minutes as published, and hands them to a stiff
solver, one stretch of constant input at a time.
"""

from collections.abc import Callable, Sequence

import numpy as np
from scipy.integrate import solve_ivp

Vector = np.ndarray
Derivative = Callable[[float, Vector], Vector]


def mammillary(cl, v1, q2, v2, q3=0.0, v3=1.0) -> tuple[Derivative, Callable[[Vector], Vector]]:
    """Central compartment with up to two peripherals; mg, L, min."""

    def flows(t, a):
        c1, c2, c3 = a[0] / v1, a[1] / v2, a[2] / v3
        return np.array(
            [
                -cl * c1 - q2 * (c1 - c2) - q3 * (c1 - c3),
                q2 * (c1 - c2),
                q3 * (c1 - c3),
            ]
        )

    return flows, lambda a: a[..., :1] / v1 * 1000.0


def parent_metabolite(p) -> tuple[Derivative, Callable[[Vector], Vector]]:
    """Three-compartment parent whose whole clearance feeds a two-compartment metabolite."""

    def flows(t, a):
        c1, c2, c3 = a[0] / p["v1"], a[1] / p["v2"], a[2] / p["v3"]
        m1, m2 = a[3] / p["vnk"], a[4] / p["vp_nk"]
        return np.array(
            [
                -p["cl"] * c1 - p["q2"] * (c1 - c2) - p["q3"] * (c1 - c3),
                p["q2"] * (c1 - c2),
                p["q3"] * (c1 - c3),
                p["cl"] * c1 - p["clnk"] * m1 - p["q_nk"] * (m1 - m2),
                p["q_nk"] * (m1 - m2),
            ]
        )

    def outputs(a):
        return np.stack([a[..., 0] / p["v1"], a[..., 3] / p["vnk"]], axis=-1) * 1000.0

    return flows, outputs


def nasal_oral_liver(p) -> tuple[Derivative, Callable[[Vector], Vector]]:
    """Three depots, parent with two peripherals, well-stirred liver, metabolite with one."""

    def flows(t, a):
        nasal, swallowed, oral, c, p1, p2, h, m, mp = a
        to_liver = p["qh"] * (c / p["vc"] - h / p["vh"])
        link1 = p["q1"] * (c / p["vc"] - p1 / p["vp1"])
        link2 = p["q2"] * (c / p["vc"] - p2 / p["vp2"])
        link3 = p["q3"] * (m / p["vcn"] - mp / p["vpn"])
        return np.array(
            [
                -p["ka_n"] * nasal,
                -p["ka_sw"] * swallowed,
                -p["ka_po"] * oral,
                p["ka_n"] * nasal - to_liver - link1 - link2,
                link1,
                link2,
                p["ka_sw"] * swallowed + p["ka_po"] * oral + to_liver - (p["kel"] + p["kmet"]) * h,
                p["kmet"] * h - p["cln"] * m / p["vcn"] - link3,
                link3,
            ]
        )

    def outputs(a):
        return np.stack([a[..., 3] / p["vc"], a[..., 7] / p["vcn"]], axis=-1) * 1000.0

    return flows, outputs


def film_chain(p) -> tuple[Derivative, Callable[[Vector], Vector]]:
    """Film depots, parent, two metabolites behind transit chains; mg of parent equivalents."""

    def flows(t, a):
        (muc, k1, k2, k3, gut, delay, a1, a2, n1, n2, b1, b2, h1, h2) = a
        kn, nh = 2.0 / p["mtt_kn"], 2.0 / p["mtt_nh"]
        lk2 = p["clk2"] * (k1 / p["vk1"] - k2 / p["vk2"])
        lk3 = p["clk3"] * (k1 / p["vk1"] - k3 / p["vk3"])
        ln2 = p["cln2"] * (n1 / p["vn1"] - n2 / p["vn2"])
        lh2 = p["clh2"] * (h1 / p["vh1"] - h2 / p["vh2"])
        met_k, met_n = p["clk1"] * k1 / p["vk1"], p["cln1"] * n1 / p["vn1"]
        return np.array(
            [
                -p["ka1"] * muc,
                p["ka1"] * muc - met_k - lk2 - lk3,
                lk2,
                lk3,
                -p["ka2"] * gut,
                p["ka2"] * gut - delay / p["mtt_gut"],
                met_k + delay / p["mtt_gut"] - kn * a1,
                kn * (a1 - a2),
                p["fm_nk"] * kn * a2 - met_n - ln2,
                ln2,
                met_n - nh * b1,
                nh * (b1 - b2),
                p["fm_hnk"] * nh * b2 - p["clh1"] * h1 / p["vh1"] - lh2,
                lh2,
            ]
        )

    def outputs(a):
        per_ml = a[..., [1, 8, 12]] / np.array([p["vk1"], p["vn1"], p["vh1"]]) / 237.73 * 1000.0
        return per_ml * np.array([237.73, 223.70, 239.70])

    return flows, outputs


def integrate(
    flows: Derivative,
    size: int,
    inputs: Sequence[tuple],
    t: Vector,
    rtol: float = 1e-12,
    atol: float = 1e-13,
) -> Vector:
    """Solve with Radau, restarted at every change of input.

    `inputs` holds ``("bolus", t, state, mg)`` and ``("flow", t0, t1, state, mg_per_min)``.
    At the time of a bolus the state is the one just after it.
    """
    edges = sorted({float(x) for i in inputs for x in (i[1:2] if i[0] == "bolus" else i[1:3])})
    state, result = np.zeros(size), np.zeros((len(t), size))
    for k, start in enumerate(edges):
        end = edges[k + 1] if k + 1 < len(edges) else max(*t, start) + 1.0
        for entry in inputs:
            if entry[0] == "bolus" and entry[1] == start:
                state = state.copy()
                state[entry[2]] += entry[3]
        feed = np.zeros(size)
        for entry in inputs:
            if entry[0] == "flow" and entry[1] <= start < entry[2]:
                feed[entry[3]] += entry[4]
        inside = [j for j, x in enumerate(t) if start <= x < end]
        matrix = np.array([flows(0.0, row) for row in np.eye(size)]).T
        run = solve_ivp(
            lambda time, a, feed=feed: flows(time, a) + feed,
            (start, end),
            state,
            method="Radau",
            rtol=rtol,
            atol=atol,
            jac=matrix,
            t_eval=sorted({*(t[j] for j in inside), end}),
        )
        for j in inside:
            result[j] = run.y[:, np.searchsorted(run.t, t[j])]
        state = run.y[:, -1]
    return result
