"""How well numbers tell places where something came from others: the measures of the method, for many weights at once.

    python skill.py --selftest     against scikit-learn, and cases worked by hand

A row is a site at an origin: a number, y (1 or 0), its origin and its cell of one degree. Weights are a
matrix, resamples by rows; a measure that is not defined under some weights is NaN there.
"""

import argparse
import math
import sys

import numpy as np
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, roc_auc_score

METRICS = ("roc_auc", "roc_auc_within", "average_precision", "brier_skill", "hit_10", "hit_20", "pai_10")
EARLIER = 4  # so many earlier origins before a regression is fitted


def groups(x):
    """The order from high to low, and where each distinct number begins in it."""
    order = np.argsort(-x, kind="stable")
    return order, np.flatnonzero(np.concatenate([[True], np.diff(x[order]) != 0]))


def summed(x, y, w):
    """Weights of positives and of all at each distinct number, from high to low: resamples by numbers."""
    order, starts = groups(x)
    positive = np.add.reduceat((w * y)[:, order], starts, axis=1)
    return positive, np.add.reduceat(w[:, order], starts, axis=1)


def roc_auc(x, y, w):
    positive, whole = summed(x, y, w)
    negative = whole - positive
    below = negative.sum(axis=1, keepdims=True) - np.cumsum(negative, axis=1)
    with np.errstate(invalid="ignore"):
        return (positive * (below + negative / 2)).sum(axis=1) / (positive.sum(axis=1) * negative.sum(axis=1))


def roc_auc_within(x, y, origin, w, times):
    """`times` is how often each origin was drawn: resamples by origins."""
    total = np.zeros(len(w))
    weight = np.zeros(len(w))
    for k in range(times.shape[1]):
        at = origin == k
        if not at.any():
            continue
        # An origin's own times cancel in its area; without them it is defined where it was not drawn, and counts 0.
        inner = w[:, at] / np.where(times[:, [k]] > 0, times[:, [k]], 1)
        area = roc_auc(x[at], y[at], inner)
        known = ~np.isnan(area) & (times[:, k] > 0)
        total += np.where(known, area * times[:, k], 0.0)
        weight += np.where(known, times[:, k], 0)
    with np.errstate(invalid="ignore"):
        return total / weight


def average_precision(x, y, w):
    positive, whole = summed(x, y, w)
    got, taken = np.cumsum(positive, axis=1), np.cumsum(whole, axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        precision = np.where(taken > 0, got / taken, 0.0)
        return (positive * precision).sum(axis=1) / positive.sum(axis=1)


def isotonic(x, y):
    """The points of an isotonic regression of y on x: equal x are one case of their mean, neighbors that fall are pooled.

    scikit-learn takes numbers less than 1e-15 apart for equal, which kernel densities far from everything are.
    """
    at, index = np.unique(x, return_inverse=True)
    size = np.bincount(index).astype(float)
    blocks = []
    for k, mean in enumerate(np.bincount(index, y) / size):
        blocks.append([mean, size[k], [k]])
        while len(blocks) > 1 and blocks[-2][0] >= blocks[-1][0]:
            mean_b, n_b, members = blocks.pop()
            mean_a, n_a, _ = blocks[-1]
            blocks[-1][:2] = [(mean_a * n_a + mean_b * n_b) / (n_a + n_b), n_a + n_b]
            blocks[-1][2] += members
    fitted = np.empty(len(at))
    for mean, _, members in blocks:
        fitted[members] = mean
    return at, fitted


def calibrated(x, y, origin, days, horizon):
    """Isotonic p and the share p0 at each row, NaN at origins of fewer than four earlier ones that had ended."""
    p, p0 = np.full(len(x), np.nan), np.full(len(x), np.nan)
    for k, day in enumerate(days):
        ended = [j for j in np.unique(origin) if days[j] + horizon <= day]
        at = origin == k
        if len(ended) < EARLIER or not at.any():
            continue
        before = np.isin(origin, ended)
        p[at], p0[at] = np.interp(x[at], *isotonic(x[before], y[before])), y[before].mean()
    return p, p0


def brier_skill(p, p0, y, w):
    told = ~np.isnan(p)
    with np.errstate(invalid="ignore", divide="ignore"):
        return 1.0 - (w[:, told] @ (p[told] - y[told]) ** 2) / (w[:, told] @ (p0[told] - y[told]) ** 2)


def hits(x, y, origin, w, share):
    """Positives in the top share of each origin, all added up, over all positives."""
    total = np.zeros(len(w))
    for k in np.unique(origin):
        at = origin == k
        positive, whole = summed(x[at], y[at], w[:, at])
        room = share * whole.sum(axis=1, keepdims=True) - (np.cumsum(whole, axis=1) - whole)
        with np.errstate(invalid="ignore", divide="ignore"):
            part = np.where(whole > 0, np.clip(room / whole, 0.0, 1.0), 0.0)
        total += (part * positive).sum(axis=1)
    with np.errstate(invalid="ignore"):
        return total / (w * y).sum(axis=1)


def measures(x, y, origin, w, times, p, p0):
    """All measures under each row of weights: {metric: array}."""
    top = hits(x, y, origin, w, 0.1)
    return {
        "roc_auc": roc_auc(x, y, w),
        "roc_auc_within": roc_auc_within(x, y, origin, w, times),
        "average_precision": average_precision(x, y, w),
        "brier_skill": brier_skill(p, p0, y, w),
        "hit_10": top,
        "hit_20": hits(x, y, origin, w, 0.2),
        "pai_10": top / 0.1,
    }


def by_scikit(x, y, origin, p, p0):
    """The same of weights 1, by scikit-learn where it has the measure."""
    one = np.ones((1, len(x)))
    both = lambda at: 0 < y[at].sum() < at.sum()
    everywhere = np.ones(len(x), bool)
    inner = [roc_auc_score(y[origin == k], x[origin == k]) for k in np.unique(origin) if both(origin == k)]
    top = float(hits(x, y, origin, one, 0.1)[0])
    return {
        "roc_auc": roc_auc_score(y, x) if both(everywhere) else math.nan,
        "roc_auc_within": float(np.mean(inner)) if inner else math.nan,
        "average_precision": average_precision_score(y, x) if y.any() else math.nan,
        "brier_skill": float(brier_skill(p, p0, y, one)[0]),
        "hit_10": top,
        "hit_20": float(hits(x, y, origin, one, 0.2)[0]),
        "pai_10": top / 0.1,
    }


def resamples(origin, cell, n, rng, origins):
    """Weights of n bootstrap resamples of origins x cells that hold rows, and how often each of all origins was drawn."""
    cells = np.unique(cell, axis=0, return_inverse=True)[1].ravel()
    k, held = cells.max() + 1, np.unique(origin)
    times = np.zeros((n, origins), int)
    times[:, held] = rng.multinomial(len(held), np.full(len(held), 1.0 / len(held)), size=n)
    drawn = rng.multinomial(k, np.full(k, 1.0 / k), size=n)
    return (times[:, origin] * drawn[:, cells]).astype(float), times


def wilson(positives, n, z=1.6448536269514722):
    """Wilson's interval of a share; z is the 95 % quantile of the normal distribution, for 90 %."""
    share = positives / n
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return middle - half, middle + half


def logistic(x, y, ridge=1e-6):
    """a and b of P = 1 / (1 + exp(-(a + b x))), by Newton's method to the last digit; a ridge on b alone."""
    told = np.column_stack([np.ones(len(x)), x])
    beta = np.zeros(2)
    for _ in range(100):
        p = 1.0 / (1.0 + np.exp(-(told @ beta)))
        slope = told.T @ (y - p) - np.array([0.0, ridge * beta[1]])
        step = np.linalg.solve((told.T * (p * (1.0 - p))) @ told + np.diag([0.0, ridge]), slope)
        beta = beta + step
        if np.abs(step).max() < 1e-13:
            break
    return float(beta[0]), float(beta[1])


def within_bootstrap(values, share, got, n, z=4.5, digits=0.0):
    """Whether `got`, a quantile of n resamples, agrees with these values of another bootstrap.

    The rank of a sample quantile has the standard error sqrt(q (1 - q) / n), free of the distribution: it must
    lie between this bootstrap's quantiles at q -+ z sqrt(q (1 - q) (1 / n + 1 / m)).
    """
    off = z * math.sqrt(share * (1 - share) * (1 / n + 1 / len(values)))
    low, high = np.quantile(values, [max(share - off, 0.0), min(share + off, 1.0)])
    return low - digits <= got <= high + digits, (float(low), float(high))


def selftest():
    failures = []

    def check(what, got, want, tolerance=1e-9):
        ok = abs(got - want) <= tolerance
        print(f"{'ok  ' if ok else 'FAIL'} {what}: {got:.10g} (expected {want:.10g} +- {tolerance:g})")
        if not ok:
            failures.append(what)

    one = lambda *v: np.array(v, float)
    # By hand: positives 3 and 2, others 2 and 1. Pairs: 3>2, 3>1, 2=2 by half, 2>1.
    x, y = one(3, 2, 2, 1), one(1, 1, 0, 0)
    check("area with a tie by hand", roc_auc(x, y, np.ones((1, 4)))[0], 3.5 / 4)
    check("precision by hand", average_precision(x, y, np.ones((1, 4)))[0], 0.5 * 1 + 0.5 * 2 / 3)
    ten = np.arange(10.0)
    none = np.zeros(10, int)
    check("one positive at the top of ten", hits(ten, (ten == 9) * 1.0, none, np.ones((1, 10)), 0.1)[0], 1.0)
    check("all tied: a tenth", hits(np.zeros(10), (ten == 9) * 1.0, none, np.ones((1, 10)), 0.1)[0], 0.1)
    five = np.arange(5.0)
    check("of five sites half of the first fits", hits(five, (five == 4) * 1.0, np.zeros(5, int), np.ones((1, 5)), 0.1)[0], 0.5)
    # z^2 = 2.70554: (0.3 + 0.135277) / 1.270554 = 0.342588; 1.644854 / 1.270554 sqrt(0.021 + 0.00676386) = 0.215712.
    for got, want in zip(wilson(3, 10), (0.126876, 0.558300)):
        check("Wilson's interval of 3 in 10", got, want, 1e-6)

    rng = np.random.default_rng(7)
    n = 400
    x = np.round(rng.normal(size=n), 1)
    y = (rng.random(n) < 1 / (1 + np.exp(-x))).astype(float)
    origin = np.repeat(np.arange(8), 50)
    days = np.arange(8) * 365
    p, p0 = calibrated(x, y, origin, days, 365)
    check("rows without a regression", np.isnan(p).sum(), 200)
    w = rng.poisson(1.0, (3, n)).astype(float)
    for k in range(3):
        check("weighted area, scikit-learn", roc_auc(x, y, w)[k], roc_auc_score(y, x, sample_weight=w[k]))
        check("weighted precision, scikit-learn", average_precision(x, y, w)[k], average_precision_score(y, x, sample_weight=w[k]))
    ours = measures(x, y, origin, np.ones((1, n)), np.ones((1, 8)), p, p0)
    for name, want in by_scikit(x, y, origin, p, p0).items():
        check(f"{name}, scikit-learn", ours[name][0], want)
    # Weights are as good as rows written that often.
    often = w[0].astype(int)
    again = np.repeat(np.arange(n), often)
    for name in ("roc_auc", "average_precision", "hit_10", "hit_20"):
        written = measures(x[again], y[again], origin[again], np.ones((1, len(again))), np.ones((1, 8)), p[again], p0[again])[name][0]
        check(f"{name}: a weight is a row repeated", measures(x, y, origin, w[:1], np.ones((1, 8)), p, p0)[name][0], written)
    theirs = IsotonicRegression(out_of_bounds="clip").fit(x, y).predict(np.linspace(-4, 4, 101))
    check("isotonic regression, scikit-learn", float(np.abs(np.interp(np.linspace(-4, 4, 101), *isotonic(x, y)) - theirs).max()), 0.0)
    check("isotonic by hand", float(np.interp(4, *isotonic(np.array([1.0, 2, 3, 5]), np.array([0.0, 1, 0, 1])))), 0.75)
    check("and by scikit-learn", float(IsotonicRegression(out_of_bounds="clip").fit([1, 2, 3, 5], [0, 1, 0, 1]).predict([4])[0]), 0.75)
    a, b = logistic(x, y)
    by_them = LogisticRegression(C=1e6, tol=1e-10, max_iter=1000).fit(x[:, None], y)
    check("logistic a, scikit-learn", a, float(by_them.intercept_[0]), 1e-5)
    check("logistic b, scikit-learn", b, float(by_them.coef_[0, 0]), 1e-5)
    print(f"{len(failures)} failed" if failures else "all agree")
    return 1 if failures else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--selftest", action="store_true", required=True)
    parser.parse_args()
    sys.exit(selftest())
