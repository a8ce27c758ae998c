"""Trains small models of many kinds and writes them with their golden rows: the fixtures of the engine's model compiler.

    python train_models.py FOLDER lightgbm|xgboost|xgboost-binary|xgboost-versions|scikit-learn

Each library is trained in whatever version is installed; the version is part of the golden rows. Files are gzip without a time, so equal models are equal files.
"""
import gzip
import json
import os
import sys

import numpy as np

import export_hist_gradient
import golden_rows

FEATURES = 7
ROWS = 700
ROUNDS = 8


def make_data(seed, missing=True):
    """Columns 0 and 1 are categories (0..6 with a gap, 0..39), the others numbers with many zeros and, when asked for, gaps."""
    random = np.random.default_rng(seed)
    data = np.round(random.normal(size=(ROWS, FEATURES)) * 3, 2)
    data[:, 0] = random.choice([0, 1, 2, 3, 5, 6], ROWS)
    data[:, 1] = random.integers(0, 40, ROWS)
    data[random.random(ROWS) < 0.3, 2] = 0.0
    signal = data[:, 2] + np.where(np.isin(data[:, 0], [1, 5]), 2.0, -1.0) + np.sin(data[:, 1]) + 0.3 * data[:, 3] * data[:, 4] + random.normal(size=ROWS) * 0.1
    if missing:
        for column in (3, 5):
            data[random.random(ROWS) < 0.15, column] = np.nan
        signal = signal + np.where(np.isnan(data[:, 3]), 1.5, 0.0)
    return data, signal


def write(folder, name, octets, golden):
    for suffix, content in ((".gz", octets), (".golden.json.gz", golden_rows.dump(golden).encode("utf-8") if golden is not None else None)):
        if content is not None:
            with open(os.path.join(folder, name + suffix), "wb") as target:
                target.write(gzip.compress(content, 9, mtime=0))
    print(name, len(octets))


def target_of(objective, signal):
    positive = np.abs(signal) + 0.1
    middle = np.median(signal)
    ranked = {"binary": (signal > middle).astype(float), "class": np.digitize(signal, np.quantile(signal, [0.33, 0.66])).astype(float), "share": 1 / (1 + np.exp(-signal))}
    if objective in ("binary", "binary:logistic", "binary:logitraw", "binary:hinge"):
        return ranked["binary"]
    if objective in ("multiclass", "multiclassova", "multi:softprob", "multi:softmax", "lambdarank", "rank:ndcg"):
        return ranked["class"]
    if objective in ("cross_entropy", "cross_entropy_lambda", "reg:logistic"):
        return ranked["share"]
    if objective in ("poisson", "gamma", "tweedie", "count:poisson", "reg:gamma", "reg:tweedie", "reg:squaredlogerror", "survival:cox"):
        return np.round(positive, 1) + 0.1
    return signal


LIGHTGBM = {
    "regression": {}, "regression-sqrt": {"objective": "regression", "reg_sqrt": True}, "l1": {"objective": "regression_l1"}, "huber": {"objective": "huber"}, "fair": {"objective": "fair"},
    "quantile": {"objective": "quantile", "alpha": 0.7}, "mape": {"objective": "mape"}, "poisson": {"objective": "poisson"}, "gamma": {"objective": "gamma"}, "tweedie": {"objective": "tweedie"},
    "binary": {"objective": "binary"}, "binary-sigmoid": {"objective": "binary", "sigmoid": 2.5}, "multiclass": {"objective": "multiclass", "num_class": 3},
    "multiclassova": {"objective": "multiclassova", "num_class": 3, "sigmoid": 0.7}, "cross-entropy": {"objective": "cross_entropy"}, "cross-entropy-lambda": {"objective": "cross_entropy_lambda"},
    "lambdarank": {"objective": "lambdarank"}, "dart": {"boosting": "dart", "drop_rate": 0.4}, "dart-multiclass": {"objective": "multiclass", "num_class": 3, "boosting": "dart", "drop_rate": 0.4},
    "forest": {"boosting": "rf", "bagging_freq": 1, "bagging_fraction": 0.6}, "forest-binary": {"objective": "binary", "boosting": "rf", "bagging_freq": 1, "bagging_fraction": 0.6},
    "forest-multiclass": {"objective": "multiclass", "num_class": 3, "boosting": "rf", "bagging_freq": 1, "bagging_fraction": 0.6}, "goss": {"data_sample_strategy": "goss"},
    "no-missing": {"use_missing": False}, "zero-as-missing": {"zero_as_missing": True}, "one-hot": {"max_cat_to_onehot": 64}, "no-categories": {"categorical": False},
    "deep": {"num_leaves": 40, "min_data_in_leaf": 2, "categorical": False, "rounds": 4}, "level": {"num_leaves": 16, "max_depth": 4, "min_data_in_leaf": 1, "categorical": False, "rounds": 11},
    "one-leaf": {"min_data_in_leaf": 600}, "linear": {"linear_tree": True, "categorical": False}, "zero-as-missing-numbers": {"zero_as_missing": True, "categorical": False, "num_leaves": 15},
}


def train_lightgbm(folder):
    import lightgbm

    for at, (name, settings) in enumerate(LIGHTGBM.items()):
        settings = {"objective": "regression", "num_leaves": 7, "min_data_in_leaf": 5, "verbosity": -1, "seed": at, "num_threads": 1, "deterministic": True, "learning_rate": 0.3, "cat_smooth": 1, **settings}
        rounds = settings.pop("rounds", ROUNDS)
        categorical = [0, 1] if settings.pop("categorical", True) else []
        data, signal = make_data(at)
        label = target_of(settings["objective"], signal)
        group = [70] * 10 if settings["objective"] == "lambdarank" else None
        booster = lightgbm.train(settings, lightgbm.Dataset(data, label, group=group, categorical_feature=categorical, free_raw_data=False, params={k: v for k, v in settings.items() if k == "linear_tree"}), rounds)
        octets = booster.model_to_string().split("\nparameters:")[0].encode("utf-8")
        write(folder, f"lightgbm-{name}.txt", octets, golden_rows.lightgbm_golden(octets, data))


XGBOOST = {
    "squarederror": {}, "base-score": {"base_score": 0.37}, "squaredlogerror": {"objective": "reg:squaredlogerror"}, "pseudohuber": {"objective": "reg:pseudohubererror"}, "absoluteerror": {"objective": "reg:absoluteerror"},
    "logistic": {"objective": "binary:logistic"}, "logistic-base": {"objective": "binary:logistic", "base_score": 0.2}, "logitraw": {"objective": "binary:logitraw"}, "hinge": {"objective": "binary:hinge"},
    "reg-logistic": {"objective": "reg:logistic"}, "softprob": {"objective": "multi:softprob", "num_class": 3}, "softmax": {"objective": "multi:softmax", "num_class": 3}, "poisson": {"objective": "count:poisson"},
    "gamma": {"objective": "reg:gamma"}, "tweedie": {"objective": "reg:tweedie"}, "cox": {"objective": "survival:cox"}, "ranking": {"objective": "rank:ndcg"}, "quantile": {"objective": "reg:quantileerror", "quantile_alpha": [0.2, 0.8]},
    "dart": {"booster": "dart", "rate_drop": 0.4}, "dart-softprob": {"objective": "multi:softprob", "num_class": 3, "booster": "dart", "rate_drop": 0.4}, "parallel": {"num_parallel_tree": 3, "subsample": 0.6},
    "lossguide": {"grow_policy": "lossguide", "max_leaves": 40, "max_depth": 0, "rounds": 4}, "exact": {"tree_method": "exact"}, "approx": {"tree_method": "approx"}, "categories": {"categorical": True, "max_cat_to_onehot": 1},
    "one-hot": {"categorical": True, "max_cat_to_onehot": 100}, "categories-softprob": {"categorical": True, "objective": "multi:softprob", "num_class": 3}, "level": {"max_depth": 4, "min_child_weight": 0, "rounds": 11},
    "targets": {"targets": 2}, "linear": {"booster": "gblinear"},
}
BINARY = ("squarederror", "logistic", "logistic-base", "softprob", "softmax", "poisson", "dart", "lossguide", "exact")
# 0.90 adds the base score after the trees, so these hold another order of a sum
FIRST = ("logistic-base", "softprob", "poisson", "dart")
REFUSED = ("linear",)


def train_xgboost(folder, is_binary):
    import xgboost

    for at, (name, settings) in enumerate(XGBOOST.items()):
        if is_binary and name not in (FIRST if xgboost.__version__ < "1" else BINARY):
            continue
        settings = {"objective": "reg:squarederror", "max_depth": 3, "seed": at, "nthread": 1, "eta": 0.3, "tree_method": "hist", **settings}
        rounds = settings.pop("rounds", ROUNDS)
        types = ["c", "c", *["q"] * (FEATURES - 2)] if settings.pop("categorical", False) else None
        targets = settings.pop("targets", 1)
        if settings.get("booster") == "gblinear":
            settings.pop("tree_method")
        data, signal = make_data(100 + at)
        label = target_of(settings["objective"], signal)
        if targets > 1:
            label = np.stack([label, -2 * label], axis=1)
        matrix = xgboost.DMatrix(data, label, nthread=1, **({"feature_types": types, "enable_categorical": True} if types else {}))
        if settings["objective"].startswith("rank:"):
            matrix.set_group([70] * 10)
        booster = xgboost.train(settings, matrix, rounds)
        forms = ["deprecated"] if is_binary else ["json", "ubj"] if name in ("logistic", "dart", "categories", "softprob") else ["ubj"] if at % 2 else ["json"]
        for form in forms:
            octets = bytes(booster.save_raw(raw_format=form) if xgboost.__version__ >= "1.6" else booster.save_raw())
            golden = None if name in REFUSED else golden_rows.xgboost_golden(octets, data, feature_types=types)
            write(folder, f"xgboost-{'first-' if xgboost.__version__ < '1' else ''}{name}.{'bin' if is_binary else form}", octets, golden)


# what one version of XGBoost writes or answers otherwise than its neighbours
VERSIONS = {
    # the base score of logitraw is a probability
    "1.0": {"logitraw": {"objective": "binary:logitraw", "base_score": 0.3}},
    # a category that a node does not know goes to the side of what is missing
    "1.6": {"categories": {"categorical": True, "max_cat_to_onehot": 1}},
    # a categorical node has NaN for a threshold; and a base score whose logarithm the C library rounds otherwise
    "1.7": {"categories": {"categorical": True, "max_cat_to_onehot": 1}, "near-base": {"objective": "binary:logistic", "base_score": 0.451333}},
    # leaves that are vectors: one for every node
    "2.1": {"vector-leaf": {"targets": 2, "multi_strategy": "multi_output_tree"}},
    # vectors of leaves alone, dart is a gbtree with weights, and quantiles of a row are sorted
    "3.4": {"dart": {"booster": "dart", "rate_drop": 0.4}, "quantiles": {"objective": "reg:quantileerror", "quantile_alpha": [0.4, 0.5, 0.6]}, "vector-leaf": {"targets": 2, "multi_strategy": "multi_output_tree"}},
}


def train_versions(folder):
    import xgboost

    short = ".".join(xgboost.__version__.split(".")[:2])
    for at, (name, settings) in enumerate(VERSIONS[short].items()):
        settings = {"objective": "reg:squarederror", "max_depth": 3, "seed": at, "nthread": 1, "eta": 0.3, "tree_method": "hist", **settings}
        types = ["c", "c", *["q"] * (FEATURES - 2)] if settings.pop("categorical", False) else None
        data, signal = make_data(300 + at)
        label = target_of(settings["objective"], signal)
        if settings.pop("targets", 1) > 1:
            label = np.stack([label, -2 * label], axis=1)
        matrix = xgboost.DMatrix(data, label, nthread=1, **({"feature_types": types, "enable_categorical": True} if types else {}))
        booster = xgboost.train(settings, matrix, 4)
        is_binary = short == "1.0"
        octets = bytes(booster.save_raw() if is_binary else booster.save_raw(raw_format="json"))
        write(folder, f"xgboost-{short}-{name}.{'bin' if is_binary else 'json'}", octets, golden_rows.xgboost_golden(octets, data, feature_types=types))


def train_scikit(folder):
    import sklearn
    from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

    is_new = tuple(map(int, sklearn.__version__.split(".")[:2])) >= (1, 4)
    kinds = {
        "squared": (HistGradientBoostingRegressor, {}, None, "regression"), "poisson": (HistGradientBoostingRegressor, {"loss": "poisson"}, None, "poisson"),
        "binary": (HistGradientBoostingClassifier, {}, None, "binary"), "classes": (HistGradientBoostingClassifier, {}, None, "multiclass"), "categories": (HistGradientBoostingRegressor, {}, [0, 1], "regression"),
        "categories-classes": (HistGradientBoostingClassifier, {}, [0, 1], "multiclass"), "deep": (HistGradientBoostingRegressor, {"max_leaf_nodes": 40, "min_samples_leaf": 2}, None, "regression"),
    }
    if is_new:
        kinds["gamma"] = (HistGradientBoostingRegressor, {"loss": "gamma"}, None, "gamma")
    for at, (name, (maker, settings, categorical, objective)) in enumerate(kinds.items()):
        data, signal = make_data(200 + at)
        settings = {"max_iter": ROUNDS, "max_leaf_nodes": 8, "min_samples_leaf": 5, "early_stopping": False, "random_state": at, "categorical_features": categorical, **settings}
        model = maker(**settings).fit(data, target_of(objective, signal))
        octets = export_hist_gradient.dump(export_hist_gradient.export(model)).encode("utf-8")
        write(folder, f"scikit-{'' if is_new else 'old-'}{name}.json", octets, golden_rows.histogram_golden(model, octets, data))


if __name__ == "__main__":
    os.makedirs(sys.argv[1], exist_ok=True)
    {"lightgbm": train_lightgbm, "xgboost": lambda folder: train_xgboost(folder, False), "xgboost-binary": lambda folder: train_xgboost(folder, True), "xgboost-versions": train_versions, "scikit-learn": train_scikit}[sys.argv[2]](sys.argv[1])
