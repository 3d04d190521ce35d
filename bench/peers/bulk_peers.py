"""The chain by other means, in environments of their own: `bulk_peers.py numpy|polars|zen|openfisca POPULATION HASIL`.

Each line on stdin is one run: facts in, rating and monthly allowance out; an answering line says how many allowances were wrong.
numpy, polars and openfisca read the same Parquet; zen takes documents that are in memory already.
"""

import json
import sys
from itertools import pairwise
from pathlib import Path

MODE, FOLDER, HASIL = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
RATES = [0, 1540000, 1947000, 2354000, 2849000, 4807000, 5764000, 6633000, 7523000, 9360000, 10760000, 12370000, 16000000,
         20010000, 22295000, 29286000]  # fmt: skip
SHARES = {"Sangat Baik": 100, "Baik": 100, "Butuh Perbaikan": 80, "Kurang": 60, "Sangat Kurang": 40}
RATINGS = [["Sangat Baik", "Baik", "Kurang"], ["Baik", "Baik", "Kurang"], ["Butuh Perbaikan", "Butuh Perbaikan", "Sangat Kurang"]]


def numpy_by_hand():
    import numpy as np
    import pyarrow.parquet as pq

    def scaled(column):
        whole = column.combine_chunks()
        values = np.frombuffer(whole.buffers()[1], dtype=np.int64)[::2].copy()  # the low words of 128-bit decimals
        null = whole.is_null().to_numpy(zero_copy_only=False)
        return np.where(null, 0, values), null

    def codes(column, names):
        encoded = column.combine_chunks().dictionary_encode()
        places = np.array([names.index(name) for name in encoded.dictionary.to_pylist()])
        return places[encoded.indices.to_numpy()]

    def half_up(n, d):
        return np.where(n < 0, -((2 * -n + d) // (2 * d)), (2 * n + d) // (2 * d))

    def run():
        items = pq.read_table(FOLDER / "indikator.parquet")
        cases = pq.read_table(FOLDER / "kasus.parquet")
        judged = pq.read_table(FOLDER / "penilaian.parquet")
        owner = items["kasus"].combine_chunks()
        keys = cases["kasus"].combine_chunks()
        encoded = owner.dictionary_encode()
        place = {key: index for index, key in enumerate(keys.to_pylist())}
        group = np.array([place[key] for key in encoded.dictionary.to_pylist()])[encoded.indices.to_numpy()]
        polarity = codes(items["polaritas"], ["lebih_tinggi", "lebih_rendah", "rentang", "rentang_lebih_rendah"])
        target, _ = scaled(items["target"])
        upper, _ = scaled(items["target_atas"])
        actual, unrated = scaled(items["realisasi"])
        weight, _ = scaled(items["bobot"])
        below, above = actual < target, actual > upper
        plain = [
            polarity == 0,
            polarity == 1,
            (polarity == 2) & below,
            (polarity == 2) & above,
            (polarity == 3) & below,
            (polarity == 3) & above,
        ]
        n = np.select(plain, [actual, 2 * target - actual, actual, actual, 2 * target - actual, 2 * upper - actual], target)
        d = np.select(plain, [target, target, target, upper, target, upper], target)
        reached = np.minimum(half_up(np.maximum(n, 0) * 10_000, d), 12_000)
        reached = np.where(unrated, 0, reached)
        rated = np.bincount(group, np.where(unrated, 0, weight), len(keys)).astype(np.int64)
        total = np.bincount(group, reached * weight, len(keys)).astype(np.int64)
        score = np.where(rated == 1_000_000, total, half_up(total * 10_000, np.maximum(rated, 1) * 100) * 10_000)
        band = np.where(score >= 11_000_000_000, 0, np.where(score >= 9_000_000_000, 1, 2))
        role = np.array(judged["peran"].to_pylist()) == "tim_evaluasi"
        aspect = np.array(judged["aspek"].to_pylist()) == "hasil_kerja"
        step = np.select(
            [np.array(judged["nilai"].to_pylist()) == "naik", np.array(judged["nilai"].to_pylist()) == "turun"], [-1, 1], 0
        )
        moved = np.bincount(
            np.array([place[key] for key in judged["kasus"].to_pylist()]), step * (role & aspect), len(keys)
        ).astype(int)
        band = np.clip(band + moved, 0, 2)
        behaviour = codes(cases["perilaku_kerja"], ["di_atas", "sesuai", "di_bawah"])
        rating = np.array(RATINGS)[band, behaviour]
        share = np.array([[SHARES[name] for name in row] for row in RATINGS])[band, behaviour]
        base = half_up(np.array(RATES)[cases["kelas_jabatan"].to_numpy()] * 59_112_978, np.int64(100_000_000))
        lists = cases["menit_terlambat"].combine_chunks()
        minutes = lists.values
        missing = minutes.is_null().to_numpy(zero_copy_only=False)
        late = minutes.fill_null(0).to_numpy()
        cut = np.where(
            missing, 15_000, np.array([0, 5_000, 10_000, 12_500, 15_000])[np.searchsorted([1, 31, 61, 91], late, side="right")]
        )
        sums = np.concatenate([[0], np.cumsum(cut)])
        ends = lists.offsets.to_numpy()
        discipline = np.maximum(1_000_000 - (sums[ends[1:]] - sums[ends[:-1]]) - 30_000 * cases["hari_absen"].to_numpy(), 0)
        paid = half_up(base * 60 * share, np.int64(10_000)) + half_up(base * 40 * discipline, np.int64(100_000_000))
        return keys.to_pylist(), paid, rating

    return run


def polars_by_hand():
    import polars as pl

    def half_up(n, d):
        return pl.when(n < 0).then(-((2 * -n + d) // (2 * d))).otherwise((2 * n + d) // (2 * d))

    def whole(name):
        return pl.col(name).to_physical().cast(pl.Int64).alias(name)

    def run():
        items = pl.scan_parquet(FOLDER / "indikator.parquet").with_columns(
            *map(whole, ["target", "target_atas", "realisasi", "bobot"])
        )
        t, u, a, p = pl.col("target"), pl.col("target_atas"), pl.col("realisasi"), pl.col("polaritas")
        low = p.is_in(["lebih_rendah", "rentang_lebih_rendah"])
        edge = pl.when(p.is_in(["lebih_tinggi", "lebih_rendah"]) | (a < t)).then(t).when(a > u).then(u)
        n = pl.when(edge.is_null()).then(t).when(low).then(2 * edge - a).otherwise(a)
        reached = pl.min_horizontal(half_up(pl.max_horizontal(n, 0) * 10_000, edge.fill_null(t)), 12_000)
        rated = a.is_not_null()
        sums = (
            items.with_columns(c=pl.when(rated).then(reached).otherwise(0), w=pl.when(rated).then(pl.col("bobot")).otherwise(0))
            .group_by("kasus").agg(total=(pl.col("c") * pl.col("w")).sum(), rated=pl.col("w").sum())
        )  # fmt: skip
        step = pl.when(pl.col("nilai") == "naik").then(-1).when(pl.col("nilai") == "turun").then(1).otherwise(0)
        moved = (
            pl.scan_parquet(FOLDER / "penilaian.parquet")
            .filter((pl.col("peran") == "tim_evaluasi") & (pl.col("aspek") == "hasil_kerja"))
            .group_by("kasus").agg(moved=step.sum())
        )  # fmt: skip
        cases = pl.scan_parquet(FOLDER / "kasus.parquet").join(sums, on="kasus").join(moved, on="kasus", how="left")
        total, r = pl.col("total"), pl.col("rated")
        score = pl.when(r == 1_000_000).then(total).otherwise(half_up(total * 10_000, r * 100) * 10_000)
        band = pl.when(score >= 11_000_000_000).then(0).when(score >= 9_000_000_000).then(1).otherwise(2)
        band = (band + pl.col("moved").fill_null(0)).clip(0, 2)
        behaviour = pl.col("perilaku_kerja").replace_strict({"di_atas": 0, "sesuai": 1, "di_bawah": 2}, return_dtype=pl.Int64)
        cell = (band * 3 + behaviour).cast(pl.Int64)
        flat = [name for row in RATINGS for name in row]
        share = cell.replace_strict({index: SHARES[name] for index, name in enumerate(flat)}, return_dtype=pl.Int64)
        rate = pl.col("kelas_jabatan").replace_strict(dict(enumerate(RATES)), return_dtype=pl.Int64)
        base = half_up(rate * 59_112_978, 100_000_000)
        m = pl.element()
        cut = (
            pl.when(m.is_null() | (m >= 91)).then(15_000)
            .when(m >= 61).then(12_500).when(m >= 31).then(10_000).when(m >= 1).then(5_000).otherwise(0)
        )  # fmt: skip
        late = pl.col("menit_terlambat").list.eval(cut).list.sum().cast(pl.Int64)
        discipline = pl.max_horizontal(1_000_000 - late - 30_000 * pl.col("hari_absen"), 0)
        paid = half_up(base * 60 * share, 10_000) + half_up(base * 40 * discipline, 100_000_000)
        names = cell.replace_strict(dict(enumerate(flat)), return_dtype=pl.String)
        found = cases.select("kasus", paid=paid, rating=names).collect()
        return found["kasus"].to_list(), found["paid"].to_list(), found["rating"].to_list()

    return run


def zen_per_row():
    import zen

    expressions = {
        "reached": "map(indikator, {w: #.bobot, c: #.realisasi == null ? null : min([max([#.polaritas == 'lebih_tinggi' ? "
        "#.realisasi / #.target * 100 : #.polaritas == 'lebih_rendah' ? (2 * #.target - #.realisasi) / #.target * 100 : "
        "#.polaritas == 'rentang' ? (#.realisasi < #.target ? #.realisasi / #.target * 100 : #.realisasi > #.target_atas ? "
        "#.realisasi / #.target_atas * 100 : 100) : (#.realisasi < #.target ? (2 * #.target - #.realisasi) / #.target * 100 : "
        "#.realisasi > #.target_atas ? (2 * #.target_atas - #.realisasi) / #.target_atas * 100 : 100), 0]), 120])})",
        "rounded": "map($.reached, {w: #.w, c: #.c == null ? null : round(#.c, 2)})",
        "rated": "sum(map($.rounded, #.c == null ? 0 : #.w))",
        "score": "sum(map($.rounded, #.c == null ? 0 : #.c * #.w)) / $.rated",
        "step": "sum(map(penilaian, #.peran == 'tim_evaluasi' and #.aspek == 'hasil_kerja' ? "
        "(#.nilai == 'naik' ? -1 : #.nilai == 'turun' ? 1 : 0) : 0))",
        "band": "max([0, min([2, ($.score >= 110 ? 0 : $.score >= 90 ? 1 : 2) + $.step])])",
        "late": "sum(map(kasus.menit_terlambat, # == null ? 1.5 : # < 1 ? 0 : # < 31 ? 0.5 : # < 61 ? 1 : # < 91 ? 1.25 : 1.5))",
        "discipline": "max([100 - $.late - 3 * kasus.hari_absen, 0])",
    }
    base = (
        " : ".join(f"kasus.kelas_jabatan == {index} ? round({rate} * 0.59112978, 0)" for index, rate in enumerate(RATES)) + " : 0"
    )
    rows = []
    for band, row in enumerate(RATINGS):
        for word, rating in zip(["di_atas", "sesuai", "di_bawah"], row, strict=True):
            rows.append({"_id": f"{band}{word}", "b": str(band), "p": f'"{word}"', "r": f'"{rating}"', "s": str(SHARES[rating])})
    table = {
        "hitPolicy": "first",
        "inputs": [{"id": "b", "name": "b", "field": "band"}, {"id": "p", "name": "p", "field": "kasus.perilaku_kerja"}],
        "outputs": [{"id": "r", "name": "r", "field": "rating"}, {"id": "s", "name": "s", "field": "share"}],
        "rules": rows,
        "passThrough": True,
    }

    def node(identifier, kind, content):
        return {
            "id": identifier,
            "type": kind,
            "name": identifier,
            "position": {"x": 0, "y": 0},
            **({"content": content} if content else {}),
        }

    def listed(found):
        return {"expressions": [{"id": key, "key": key, "value": text} for key, text in found.items()], "passThrough": True}

    pay = {"base": base, "paid": "round($.base * 0.6 * share / 100, 0) + round($.base * 0.4 * discipline / 100, 0)"}
    nodes = [
        node("in", "inputNode", None), node("score", "expressionNode", listed(expressions)),
        node("rating", "decisionTableNode", table), node("pay", "expressionNode", listed(pay)),
        node("out", "outputNode", None),
    ]  # fmt: skip
    names = [one["id"] for one in nodes]
    edges = [{"id": f"e{i}", "type": "edge", "sourceId": a, "targetId": b} for i, (a, b) in enumerate(pairwise(names))]
    decision = zen.ZenEngine().create_decision(json.dumps({"nodes": nodes, "edges": edges}))
    documents = json.loads((FOLDER / "documents.json").read_text())
    options = {"trace": True} if MODE == "zen-traced" else {}

    def run():
        found = [decision.evaluate(document, options)["result"] for _, document in documents]
        return [key for key, _ in documents], [row["paid"] for row in found], [row["rating"] for row in found]

    return run


def openfisca_vectorised():
    import numpy as np
    import polars as pl
    from openfisca_core.entities import build_entity
    from openfisca_core.periods import DateUnit
    from openfisca_core.simulations import SimulationBuilder
    from openfisca_core.taxbenefitsystems import TaxBenefitSystem
    from openfisca_core.variables import Variable

    kasus = build_entity(
        key="kasus", plural="kasus_kasus", label="case", roles=[{"key": "butir", "plural": "butir_butir", "label": "item"}]
    )
    item = build_entity(key="indikator", plural="indikators", label="item", is_person=True)

    def variable(name, entity, kind=float, formula=None):
        body = {"value_type": kind, "entity": entity, "definition_period": DateUnit.YEAR, "label": name}
        if formula:
            body["formula"] = formula
        return type(name, (Variable,), body)

    def reached(items, period):
        p, t, u, a = (items(one, period) for one in ("polaritas", "target", "target_atas", "realisasi"))
        edge = np.where((p < 2) | (a < t), t, np.where(a > u, u, 0))
        low = (p == 1) | (p == 3)
        value = np.where(edge == 0, 100, np.where(low, 2 * edge - a, a) / np.where(edge == 0, 1, edge) * 100)
        return np.floor(np.clip(value, 0, 120) * 100 + 0.5) / 100

    def paid(cases, period):
        weight = cases.members("bobot", period) * cases.members("dinilai", period)
        score = cases.sum(cases.members("capaian", period) * weight) / np.maximum(cases.sum(weight), 1)
        band = np.clip(np.where(score >= 110, 0, np.where(score >= 90, 1, 2)) + cases("langkah", period).astype(int), 0, 2)
        share = np.array([[SHARES[name] for name in row] for row in RATINGS])[band, cases("perilaku", period).astype(int)]
        base = np.floor(np.array(RATES)[cases("kelas", period).astype(int)] * 0.59112978 + 0.5).astype(np.float32)
        discipline = np.maximum(100 - cases("potongan", period) - 3 * cases("absen", period), 0)
        return np.floor(base * 0.6 * share / 100 + 0.5) + np.floor(base * 0.4 * discipline / 100 + 0.5)

    system = TaxBenefitSystem([item, kasus])
    for name in ("polaritas", "target", "target_atas", "realisasi", "bobot", "dinilai"):
        system.add_variable(variable(name, item))
    for name in ("kelas", "perilaku", "langkah", "potongan", "absen"):
        system.add_variable(variable(name, kasus))
    system.add_variable(variable("capaian", item, formula=reached))
    system.add_variable(variable("tpp", kasus, formula=paid))

    def run():
        items = pl.read_parquet(FOLDER / "indikator.parquet")
        cases = pl.read_parquet(FOLDER / "kasus.parquet").with_row_index("place")
        place = (
            items.select("kasus")
            .join(cases.select("kasus", "place"), on="kasus", how="left", maintain_order="left")["place"]
            .to_numpy()
        )
        judged = pl.read_parquet(FOLDER / "penilaian.parquet").filter(
            (pl.col("peran") == "tim_evaluasi") & (pl.col("aspek") == "hasil_kerja")
        )
        step = pl.when(pl.col("nilai") == "naik").then(-1).when(pl.col("nilai") == "turun").then(1).otherwise(0)
        moved = cases.select("kasus").join(
            judged.group_by("kasus").agg(s=step.sum()), on="kasus", how="left", maintain_order="left"
        )
        m = pl.element()
        cut = (
            pl.when(m.is_null() | (m >= 91))
            .then(1.5)
            .when(m >= 61)
            .then(1.25)
            .when(m >= 31)
            .then(1.0)
            .when(m >= 1)
            .then(0.5)
            .otherwise(0.0)
        )
        builder = SimulationBuilder()
        builder.create_entities(system)
        builder.declare_person_entity("indikator", np.arange(len(items)))
        builder.declare_entity("kasus", np.arange(len(cases)))
        builder.join_with_persons(builder.populations["kasus"], place, np.array(["butir"] * len(items)))
        simulation = builder.build(system)
        names = ["lebih_tinggi", "lebih_rendah", "rentang", "rentang_lebih_rendah"]
        polarity = items["polaritas"].replace_strict({name: index for index, name in enumerate(names)}, return_dtype=pl.Float32)
        inputs = {
            "polaritas": polarity, "dinilai": items["realisasi"].is_not_null().cast(pl.Float32), "langkah": moved["s"].fill_null(0),
            **{name: items[name].cast(pl.Float32).fill_null(0) for name in ("target", "target_atas", "realisasi", "bobot")},
            "kelas": cases["kelas_jabatan"], "absen": cases["hari_absen"],
            "perilaku": cases["perilaku_kerja"].replace_strict({"di_atas": 0, "sesuai": 1, "di_bawah": 2}, return_dtype=pl.Float32),
            "potongan": cases["menit_terlambat"].list.eval(cut).list.sum().fill_null(0),
        }  # fmt: skip
        for name, values in inputs.items():
            simulation.set_input(name, "2026", values.to_numpy().astype(np.float32))
        return cases["kasus"].to_list(), simulation.calculate("tpp", "2026").astype(np.int64), None

    return run


def answers():
    """kasus → tpp_bruto of the run that these are compared with."""
    return {row[0]: (row[1], row[2]) for row in json.loads(HASIL.read_text())}


MODES = {
    "numpy": numpy_by_hand,
    "polars": polars_by_hand,
    "zen": zen_per_row,
    "zen-traced": zen_per_row,
    "openfisca": openfisca_vectorised,
}
once = MODES[MODE]()
expected = answers()
wrong = None
for _ in sys.stdin:
    keys, paid, rating = once()
    if wrong is None:
        wrong = sum(int(float(sum_)) != expected[key][0] for key, sum_ in zip(keys, paid, strict=True) if key in expected)
        if rating is not None:
            wrong += sum(str(name) != expected[key][1] for key, name in zip(keys, rating, strict=True) if key in expected)
    print(wrong, flush=True)
