"""Golden rows: what a model's own library answers for rows that sit on every edge of it. The engine refuses a model that it does not reproduce on them.

    python golden_rows.py lightgbm model.txt model.golden.json [rows.csv]
    python golden_rows.py xgboost model.json model.golden.json [rows.csv]

Rows hold thresholds, their float neighbours, NaN, zeros of both signs, infinities (not for XGBoost, whose loader refuses them), and known, unknown,
negative and broken categories, beside rows of the CSV file (one header line, features in the model's order) where one is given.
"""
import gzip
import hashlib
import json
import math
import re
import sys

import numpy as np

FORMAT = "tandem-golden"


def lightgbm_edges(text):
    """Per feature the thresholds of a text model, and the features that are categorical with their largest category."""
    thresholds, categorical = {}, {}
    for section in text.split("\nTree=")[1:]:
        fields = dict(line.split("=", 1) for line in section.split("\n\n")[0].split("\n") if "=" in line)
        if "split_feature" not in fields:
            continue
        bounds = [int(word) for word in fields.get("cat_boundaries", "").split()]
        for feature, threshold, decision in zip(fields["split_feature"].split(), fields["threshold"].split(), fields["decision_type"].split()):
            if int(decision) & 1:
                at = int(float(threshold))
                categorical[int(feature)] = max(categorical.get(int(feature), 0), (bounds[at + 1] - bounds[at]) * 32)
            else:
                thresholds.setdefault(int(feature), set()).add(float(threshold))
    return thresholds, categorical


def xgboost_edges(document):
    """The same of a JSON model of XGBoost."""
    booster = document["learner"]["gradient_booster"]
    model = booster.get("gbtree", booster)["model"]
    thresholds, categorical = {}, {}
    for tree in model["trees"]:
        starts = {node: (start, size) for node, start, size in zip(tree.get("categories_nodes", []), tree.get("categories_segments", []), tree.get("categories_sizes", []))}
        for node, (left, feature, threshold) in enumerate(zip(tree["left_children"], tree["split_indices"], tree["split_conditions"])):
            if left == -1:
                continue
            if node in starts:
                start, size = starts[node]
                categorical[feature] = max([categorical.get(feature, 0), *(category + 1 for category in tree["categories"][start:start + size])])
            else:
                thresholds.setdefault(feature, set()).add(float(threshold))
    return thresholds, categorical


def xgboost_dump_edges(booster):
    """The thresholds of a booster of a library that knows no JSON model."""
    thresholds = {}
    for text in booster.get_dump():
        for feature, threshold in re.findall(r"\[f(\d+)<([^\]]+)\]", text):
            thresholds.setdefault(int(feature), set()).add(float(threshold))
    return thresholds, {}


def edge_rows(feature_count, thresholds, categorical, sample, count, seed, single=False):
    """Rows of sample values in which about half of the values are replaced by edges; every threshold and both of its neighbours occur."""
    random = np.random.default_rng(seed)
    kind = np.float32 if single else np.float64
    decks = []
    for feature in range(feature_count):
        deck = [math.nan, 0.0, -0.0, 1e-36, -1e-36, 1e300, -1e300, 5e-324]
        if single:
            deck = [math.nan, 0.0, -0.0, 1e-36, -1e-36, 1e30, -1e30, 1e-45]
        else:
            deck += [math.inf, -math.inf]
        if feature in categorical:
            top = categorical[feature]
            deck = [math.nan, -1.0, -0.5, 0.5, 1.5, float(top), float(top + 40), *map(float, range(min(top, 40)))]
        for threshold in sorted(thresholds.get(feature, ())):
            value = kind(threshold)
            deck += [float(value), float(np.nextafter(value, kind(math.inf))), float(np.nextafter(value, kind(-math.inf)))]
            if single:
                # doubles that round to the threshold, or just not
                deck += [float(np.nextafter(np.float64(value), math.inf)), (float(value) + float(np.nextafter(value, kind(-math.inf)))) / 2]
        # XGBoost's loader refuses what is infinite in float32
        decks.append([value for value in deck if not single or math.isnan(value) or math.isfinite(np.float32(value))])
    rows = sample[random.integers(0, len(sample), count)].astype(np.float64).copy()
    for feature, deck in enumerate(decks):
        dealt = np.array([deck[at % len(deck)] for at in random.permutation(max(count, len(deck)))[:count]])
        chosen = random.random(count) < 0.5
        rows[chosen, feature] = dealt[chosen]
    return rows


def _plain(value):
    value = float(value)
    if math.isnan(value):
        return "nan"
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    return value


def golden_document(model_octets, library, version, rows, raw, values):
    """The document of golden rows; numbers keep their bits, what JSON has no number for is text."""
    table = lambda array: [[_plain(value) for value in row] for row in np.asarray(array, dtype=np.float64).reshape(len(rows), -1)]
    return {
        "format": FORMAT, "version": 1, "model_sha256": hashlib.sha256(model_octets).hexdigest(), "library": library, "library_version": version,
        "rows": table(rows), "raw": table(raw), "values": table(values),
    }


def dump(document):
    return json.dumps(document, separators=(",", ":"), allow_nan=False)


def lightgbm_golden(octets, sample, count=72, seed=1):
    import lightgbm

    text = octets.decode("utf-8")
    booster = lightgbm.Booster(model_str=text)
    thresholds, categorical = lightgbm_edges(text)
    rows = edge_rows(booster.num_feature(), thresholds, categorical, sample, count, seed)
    return golden_document(octets, "lightgbm", lightgbm.__version__, rows, booster.predict(rows, raw_score=True, num_threads=1), booster.predict(rows, num_threads=1))


def xgboost_golden(octets, sample, count=72, seed=1, feature_types=None):
    import xgboost

    booster = xgboost.Booster({"nthread": 1})
    booster.load_model(bytearray(octets))
    best = booster.attributes().get("best_iteration")
    if best is not None and hasattr(booster, "num_boosted_rounds") and int(best) + 1 < booster.num_boosted_rounds():
        # XGBClassifier and XGBRegressor stop there when they predict, a Booster and the engine do not
        print(f"note: training says best_iteration={best}; these are the answers of all its trees. If the system that is replaced stops there, save booster[: {best} + 1]", file=sys.stderr)
    if feature_types is None and "c" in (getattr(booster, "feature_types", None) or []):
        feature_types = booster.feature_types
    is_old = not hasattr(booster, "num_features")
    thresholds, categorical = xgboost_dump_edges(booster) if is_old else xgboost_edges(json.loads(booster.save_raw(raw_format="json").decode("utf-8")))
    rows = edge_rows(sample.shape[1] if is_old else booster.num_features(), thresholds, categorical, sample, count, seed, single=True)
    options = {"feature_types": feature_types, "enable_categorical": True} if feature_types else {}
    if booster.feature_names and not is_old:
        options["feature_names"] = booster.feature_names
    matrix = xgboost.DMatrix(rows, nthread=1, **options)
    if is_old:
        # without a limit its dart drops trees when it predicts
        options = {"ntree_limit": 1_000_000}
    else:
        options = {}
    return golden_document(octets, "xgboost", xgboost.__version__, rows, booster.predict(matrix, output_margin=True, **options), booster.predict(matrix, **options))


def histogram_golden(model, octets, sample, count=72, seed=1):
    """Golden rows of a fitted HistGradientBoosting model and the octets of its export."""
    import sklearn

    document = json.loads(octets)
    thresholds, categorical = {}, {}
    for tree in document["trees"]:
        sets = {entry["node"]: max(entry["known"]) + 1 for entry in tree.get("categorical", [])}
        for node, (left, feature, threshold) in enumerate(zip(tree["left"], tree["feature"], tree["threshold"])):
            if left != -1 and node in sets:
                categorical[feature] = max(categorical.get(feature, 0), sets[node])
            elif left != -1:
                thresholds.setdefault(feature, set()).add(threshold)
    rows = edge_rows(document["feature_count"], thresholds, categorical, sample, count, seed)
    # scikit-learn refuses infinite values
    rows[np.isinf(rows)] = 1e308
    values = model.predict(rows)
    if document["link"] in ("logit", "multinomial_logit"):
        values = model.predict_proba(rows)
        values = values[:, 1] if document["link"] == "logit" else values
    return golden_document(octets, "scikit-learn", sklearn.__version__, rows, model._raw_predict(rows), values)


def _main(library, model_path, target, *rest):
    octets = open(model_path, "rb").read()
    if model_path.endswith(".gz"):
        octets = gzip.decompress(octets)
    if library not in ("lightgbm", "xgboost"):
        raise SystemExit("a library of lightgbm, xgboost; scikit-learn's models are given to histogram_golden")
    sample = np.genfromtxt(rest[0], delimiter=",", skip_header=1) if rest else np.random.default_rng(7).normal(size=(256, _feature_count(library, octets)))
    golden = (lightgbm_golden if library == "lightgbm" else xgboost_golden)(octets, sample)
    with open(target, "w", encoding="utf-8") as file:
        file.write(dump(golden))


def _feature_count(library, octets):
    if library == "lightgbm":
        return int(octets.decode("utf-8").split("max_feature_idx=")[1].split("\n")[0]) + 1
    import xgboost

    booster = xgboost.Booster()
    booster.load_model(bytearray(octets))
    return booster.num_features()


if __name__ == "__main__":
    _main(*sys.argv[1:])
