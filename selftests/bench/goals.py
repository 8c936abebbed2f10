# SPDX-License-Identifier: GPL-2.0-only
"""What the benchmark's numbers should be: the least that is asked, and where
this is going. A goal is missed without a failure: times on a shared machine
prove nothing."""


class Absent(Exception):
    """That was not measured in this run."""


class Numbers:
    """Looks into a result."""

    def __init__(self, result):
        self.result = result
        self.rows = {s["label"]: s["ns"] for s in result.get("hook") or ()}

    def ns(self, label, who="zpf"):
        try:
            return self.rows[label][who]["median"]
        except KeyError as err:
            raise Absent from err

    def times(self, label, who):
        return self.ns(label, who) / self.ns(label)

    def worst(self, labels, who):
        """The least ratio of several scenarios."""
        return min(self.times(label, who) for label in labels)

    def part(self, name):
        if not self.result.get(name):
            raise Absent
        return self.result[name]

    def commit(self, shape, rules):
        for c in self.part("commit")["policies"]:
            if (c["shape"], c["rules"]) == (shape, rules):
                return c
        raise Absent

    def path_over(self, other):
        try:
            return self.part("path")["zpf"]["over"][other]["median"]
        except KeyError as err:
            raise Absent from err


EST = "established, rule 10 first"


def above(n):
    """Worst of all sizes that were measured."""
    labels = [EST] + [f"… rule 10 first, {k} rules" for k in (1000, 10000, 100000)]
    return max(n.ns(s) - n.ns(s, "empty") for s in labels if s in n.rows) \
        if EST in n.rows else n.ns(EST)


def spread(n):
    """Worst position over the best, of every list of 100 rules and more."""
    groups = {}
    for label, ns in n.rows.items():
        parts = label.split(", ")
        size = parts[1].split(" ")[0] if len(parts) == 3 and parts[0] == "new" else "0"
        if size.isdigit() and int(size) >= 100 and \
                parts[2] in ("first", "middle", "last", "default"):
            groups.setdefault(parts[1], []).append(ns["zpf"]["median"])
    ratios = [max(g) / min(g) for g in groups.values() if len(g) > 1]
    if not ratios:
        raise Absent
    return max(ratios)


def family(n):
    ratios = []
    for label in n.rows:
        if label.endswith(", ipv6") and label[:-6] in n.rows:
            ratios.append(n.ns(label) / n.ns(label[:-6]))
    if not ratios:
        raise Absent
    return max(ratios)


def hot(n, rules):
    values = [n.ns(f"new, {rules} {s}, {where}") for s in ("fw1", "acl1")
              for where in ("first", "middle", "last", "default", "random")
              if f"new, {rules} {s}, {where}" in n.rows]
    if not values:
        raise Absent
    return max(values)


def load_ratio(n):
    c = n.commit("ports", 10000)
    if not c["L"]:
        raise Absent
    return c["L"]["ms"]["median"] / c["zpf"]["ms"]["median"]


def memory(n):
    commit = n.part("commit")
    return max(c["zpf"]["meminfo_per_rule"] for c in commit["policies"]) - \
        24 * commit["processors"]


def scaling(n):
    return next(s["ratio"] for s in n.part("scaling")["rows"] if s["contestant"] == "zpf")


def storm(n):
    return next(s["ratio"] for s in n.part("storm") if s["contestant"] == "zpf")


def last(rules):
    return f"new, {rules} ports, last"


# name, unit, whether less is better, must, moonshot, how to know
GOALS = (
    ("established, 6 zones, vs T", "x", False, 5, 12, lambda n: n.times(EST, "T")),
    ("established, 6 zones, vs L", "x", False, 40, 80, lambda n: n.times(EST, "L")),
    ("established, above an empty hook, any n", " ns", True, 6, 3, above),
    ("new, 10 rules, last, vs T", "x", False, 1.5, 3, lambda n: n.times(last(10), "T")),
    ("new, 100 rules, last, vs T", "x", False, 1.5, 3, lambda n: n.times(last(100), "T")),
    ("new, 1000 rules, last, vs T", "x", False, 1.5, 3, lambda n: n.times(last(1000), "T")),
    ("new, 1000 rules, last, vs L", "x", False, 100, 400, lambda n: n.times(last(1000), "L")),
    ("new, 10000 rules, last, vs L", "x", False, 800, 2500, lambda n: n.times(last(10000), "L")),
    ("new, 10000 fw1 and acl1, hot, worst", " ns", True, 150, 80, lambda n: hot(n, 10000)),
    ("new, 100000 fw1 and acl1, hot, worst", " ns", True, 300, 150, lambda n: hot(n, 100000)),
    ("worst position over best, n >= 100", "", True, 2, 1.5, spread),
    ("ipv6 over ipv4, worst", "", True, 1.5, 1.2, family),
    ("load 10000 rules vs nft -f of L", "x", False, 5, 20, load_ratio),
    ("load 10000 rules, text to live", " ms", True, 150, None,
     lambda n: n.commit("ports", 10000)["zpf"]["ms"]["median"]),
    ("load 100000 rules, text to live", " ms", True, None, 300,
     lambda n: n.commit("ports", 100000)["zpf"]["ms"]["median"]),
    ("memory a rule, n >= 1000, less 24 a processor", " B", True, 160, 96, memory),
    ("drops with logging over without", "", False, 0.9, 0.98, storm),
    ("a drop in the ledger, above one that is not", " ns", True, 25, None,
     lambda n: n.part("ledger")["ns"]),
    ("two processors, one rule", "x", False, 1.9, 1.97, scaling),
    ("path vs conntrack alone", "x", False, 0.98, None,
     lambda n: n.path_over("conntrack")),
    ("path vs L", "x", False, 1.2, None, lambda n: n.path_over("L")),
    ("path vs no firewall", "x", False, None, 1.15,
     lambda n: n.path_over("nothing")),
    ("path vs nft flowtable", "x", False, None, 1,
     lambda n: n.path_over("flowtable")),
)


def verdict(value, bar, less):
    if bar is None:
        return ""
    return "ok" if (value <= bar if less else value >= bar) else "MISSED"


def judge(result):
    """[[goal, measured, must, verdict, moonshot, verdict, distance]]; what was
    not measured is left out."""
    out, numbers = [], Numbers(result)
    for name, unit, less, must, moon, how in GOALS:
        try:
            value = how(numbers)
        except Absent:
            continue
        sign = "<=" if less else ">="
        bar = moon if moon is not None else must
        # How many times better it would have to be for the further goal.
        distance = value / bar if less else bar / value
        out.append([name, f"{value:.3g}{unit}" if value < 1000 else f"{value:.0f}{unit}",
                    f"{sign} {must}{unit}" if must is not None else "-",
                    verdict(value, must, less),
                    f"{sign} {moon}{unit}" if moon is not None else "-",
                    verdict(value, moon, less), f"{distance:.2f}x" if distance > 1 else "-"])
    return out
