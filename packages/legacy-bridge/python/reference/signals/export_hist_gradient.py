"""Writes a fitted HistGradientBoosting model of scikit-learn as the JSON document that the engine compiles.

    python export_hist_gradient.py model.joblib model.json

Columns and categories of the document are those of the user's data: the encoder that newer versions put in front of the trees is undone here.
"""
import json
import sys

import numpy as np

FORMAT = "tandem-hist-gradient-boosting"
LINKS = {"IdentityLink": "identity", "LogLink": "log", "LogitLink": "logit", "HalfLogitLink": "logit", "MultinomialLogit": "multinomial_logit"}


def _members(words):
    """Categories in a bit set of eight 32-bit words."""
    return [word * 32 + bit for word in range(len(words)) for bit in range(32) if (int(words[word]) >> bit) & 1]


def _columns(model, feature_count):
    """For each column of the trees: the user's column, and the user's value of each code (None where the trees see the value itself)."""
    encoder = getattr(model, "_preprocessor", None)
    is_categorical = getattr(model, "is_categorical_", None)
    if encoder is None or is_categorical is None:
        return [(column, None) for column in range(feature_count)]
    categories = encoder.named_transformers_["encoder"].categories_
    first = [(int(column), categories[at]) for at, column in enumerate(np.flatnonzero(is_categorical))]
    return first + [(int(column), None) for column in np.flatnonzero(~np.asarray(is_categorical))]


def _user_values(codes, values):
    if values is None:
        return [int(code) for code in codes]
    found = [float(values[code]) for code in codes if code < len(values)]
    found = [value for value in found if not np.isnan(value)]
    if any(value != int(value) or value < 0 for value in found):
        raise SystemExit("categories that are no whole numbers from 0 on cannot be exported")
    return [int(value) for value in found]


def _tree(predictor, output, columns):
    nodes = predictor.nodes
    is_leaf = nodes["is_leaf"].astype(bool)
    tree = {
        "output": output,
        "left": [-1 if leaf else int(child) for leaf, child in zip(is_leaf, nodes["left"])],
        "right": [-1 if leaf else int(child) for leaf, child in zip(is_leaf, nodes["right"])],
        "feature": [0 if leaf else columns[int(feature)][0] for leaf, feature in zip(is_leaf, nodes["feature_idx"])],
        "threshold": [0.0 if leaf else float(threshold) for leaf, threshold in zip(is_leaf, nodes["num_threshold"])],
        "missing_left": [int(side) for side in nodes["missing_go_to_left"]],
        "value": [float(value) if leaf else 0.0 for leaf, value in zip(is_leaf, nodes["value"])],
    }
    categorical = []
    for at, node in enumerate(nodes):
        if node["is_leaf"] or not node["is_categorical"]:
            continue
        _, values = columns[int(node["feature_idx"])]
        known = _known(predictor, node, values)
        left = _user_values(_members(predictor.raw_left_cat_bitsets[int(node["bitset_idx"])]), values)
        categorical.append({"node": at, "known": known, "left": left})
    if categorical:
        tree["categorical"] = categorical
    return tree


def _known(predictor, node, values):
    return _user_values(range(len(values)), values) if values is not None else predictor.known_categories[int(node["feature_idx"])]


def export(model):
    """The document of a fitted HistGradientBoostingRegressor or HistGradientBoostingClassifier."""
    import sklearn

    feature_count = int(model.n_features_in_)
    columns = _columns(model, feature_count)
    bitsets, feature_map = model._bin_mapper.make_known_categories_bitsets()
    for stage in model._predictors:
        for predictor in stage:
            predictor.known_categories = {feature: _members(bitsets[int(feature_map[feature])]) for feature in range(feature_count)} if len(bitsets) else {}
    link = type(model._loss.link).__name__ if hasattr(model._loss, "link") else None
    if link not in LINKS:
        raise SystemExit(f"the link {link} is not known")
    document = {
        "format": FORMAT, "version": 1, "library_version": sklearn.__version__, "feature_count": feature_count,
        # without the encoder, the trees cut the fraction of a category off
        "category_fraction": "missing" if getattr(model, "_preprocessor", None) is not None else "truncated", "link": LINKS[link],
        "baseline": [float(value) for value in np.ravel(model._baseline_prediction)],
        "trees": [_tree(predictor, output, columns) for stage in model._predictors for output, predictor in enumerate(stage)],
    }
    names = getattr(model, "feature_names_in_", None)
    if names is not None:
        document["feature_names"] = [str(name) for name in names]
    return document


def dump(document):
    """JSON text in which every double keeps its bits; infinite thresholds stand bare, as Python writes them."""
    return json.dumps(document, separators=(",", ":"))


if __name__ == "__main__":
    import joblib

    with open(sys.argv[2], "w", encoding="utf-8") as target:
        target.write(dump(export(joblib.load(sys.argv[1]))))
