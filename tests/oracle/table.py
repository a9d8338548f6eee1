"""The small table every comparison prints: what was compared, how often, how far apart, and where."""


class Table:
    """Rows of a comparison in the order they were first met; a fault is a value beyond its tolerance."""

    def __init__(self):
        self.rows = {}

    def _row(self, what):
        return self.rows.setdefault(what, {"values": 0, "faults": 0, "largest": 0.0, "where": "", "first": ""})

    def fail(self, what, where, why):
        """One comparison that does not hold."""
        row = self._row(what)
        row["values"] += 1
        row["faults"] += 1
        row["first"] = row["first"] or f"{where}: {why}"

    def ok(self, what, n=1):
        """Comparisons that hold and have no size."""
        self._row(what)["values"] += n

    def same(self, what, where, got, want):
        """Exact equality, a wrong type of number included (1 is not 1.0000001, null is not 0)."""
        if got == want and isinstance(got, bool) == isinstance(want, bool):
            self.ok(what)
        else:
            self.fail(what, where, f"{got!r}, expected {want!r}")

    def true(self, what, where, holds, why):
        self.ok(what) if holds else self.fail(what, where, why)

    def near(self, what, where, got, want, tolerance):
        """Within an absolute tolerance; null agrees only with null."""
        if got is None or want is None or isinstance(got, (str, bool)):
            return self.same(what, where, got, want)
        row = self._row(what)
        difference = abs(got - want)
        if not difference <= tolerance:  # NaN fails too
            self.fail(what, where, f"{got!r}, expected {want!r} within {tolerance:g}")
        else:
            row["values"] += 1
        if not row["where"] or difference > row["largest"]:
            row["largest"], row["where"] = difference, where

    def report(self):
        """Prints the table, returns 1 if anything disagrees or nothing was compared."""
        width = max([len(w) for w in self.rows] + [8])
        print(f"{'compared':<{width}}  {'values':>8} {'faults':>7}  {'largest':>10}  where")
        for what, row in self.rows.items():
            print(f"{what:<{width}}  {row['values']:>8} {row['faults']:>7}  {row['largest']:>10.3g}  {row['where']}")
        for what, row in self.rows.items():
            if row["faults"]:
                print(f"FAIL {what}: first at {row['first']}")
        faults = sum(r["faults"] for r in self.rows.values())
        values = sum(r["values"] for r in self.rows.values())
        print(f"{values} values, {faults} disagree" if values else "nothing was compared")
        return 1 if faults or not values else 0
