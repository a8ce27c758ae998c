"""Random models of whatever libraries are installed, with what they answer: the deep battery of the model compiler.

    python make_random_models.py FOLDER COUNT SEED

Writes FOLDER/<name> and FOLDER/<name>.golden.json, and prints one JSON line per library: {"library", "version", "models", "untrainable"}.
What a library itself refuses to train with the settings that chance gave is counted as untrainable and left out.
"""
import json
import os
import sys
import warnings

import numpy as np

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../legacy-bridge/python/reference/signals"))
import golden_rows  # noqa: E402

LIGHTGBM = ["binary", "multiclass", "multiclassova", "regression", "regression_l1", "huber", "fair", "poisson", "quantile", "mape", "gamma", "tweedie", "cross_entropy", "cross_entropy_lambda", "lambdarank"]
XGBOOST = ["reg:squarederror", "reg:squaredlogerror", "reg:logistic", "binary:logistic", "binary:logitraw", "binary:hinge", "count:poisson", "survival:cox", "multi:softmax", "multi:softprob", "rank:pairwise",
           "reg:gamma", "reg:tweedie", "reg:pseudohubererror", "reg:absoluteerror", "reg:quantileerror"]
CLASSES = ("multiclass", "multiclassova", "multi:softmax", "multi:softprob")
RANKS = ("lambdarank", "rank:pairwise")
POSITIVE = ("poisson", "gamma", "tweedie", "mape", "count:poisson", "reg:gamma", "reg:tweedie", "reg:squaredlogerror", "survival:cox")
SHARES = ("cross_entropy", "cross_entropy_lambda", "reg:logistic")


def pick(random, *choices):
    return choices[int(random.integers(0, len(choices)))]


def make_data(random, features, categorical):
    """Numbers of many scales with zeros and gaps; the first columns are categories."""
    rows = pick(random, 60, 300, 700)
    data = np.round(random.normal(size=(rows, features)) * 10.0 ** random.integers(-2, 3, size=features), int(random.integers(0, 6)))
    data[:, :categorical] = random.integers(0, pick(random, 2, 3, 40, 300), size=(rows, categorical))
    signal = np.sin(data * 1.7).sum(axis=1) + data[:, -1] / (np.std(data[:, -1]) + 1e-9) + random.normal(size=rows) * 0.1
    for column in range(features):
        if random.random() < 0.3:
            data[random.random(rows) < 0.3, column] = pick(random, 0.0, np.nan)
    if features > categorical and random.random() < 0.15:
        data[:, -1] *= 10.0 ** pick(random, -40, -12, 12, 30)
    return data, signal


def label_of(random, objective, signal, classes):
    if objective.startswith("binary"):
        return (signal > np.median(signal)).astype(float)
    if objective in CLASSES or objective in RANKS:
        label = np.digitize(signal, np.quantile(signal, np.linspace(0, 1, classes + 1)[1:-1])).astype(float)
        label[:classes] = np.arange(classes)
        return label
    if objective in SHARES:
        return 1 / (1 + np.exp(-signal))
    if objective in POSITIVE:
        return np.round(np.abs(signal), 1) + 0.2
    return signal * pick(random, 0.01, 1, 100) + pick(random, 0, 5, -300)


def lightgbm_model(random, seed):
    import lightgbm

    objective, boosting, features = pick(random, *LIGHTGBM), pick(random, "gbdt", "gbdt", "dart", "rf", "goss"), pick(random, 1, 2, 3, 8)
    categorical = int(random.integers(0, min(features, 2) + 1)) if random.random() < 0.4 else 0
    classes = int(random.integers(2, 6))
    settings = {
        "objective": objective, "boosting": boosting, "num_leaves": pick(random, 2, 7, 31, 100), "max_depth": pick(random, -1, 1, 4, 9), "min_data_in_leaf": pick(random, 1, 5, 20),
        "learning_rate": pick(random, 0.05, 0.5), "max_bin": pick(random, 3, 63, 255), "verbosity": -1, "seed": seed % 2**31, "num_threads": 1, "deterministic": True, "cat_smooth": 1, "min_data_per_group": 2,
        "max_cat_to_onehot": pick(random, 1, 100), "use_missing": random.random() > 0.15, "zero_as_missing": random.random() < 0.15, "extra_trees": random.random() < 0.2, "reg_sqrt": random.random() < 0.2,
        "linear_tree": random.random() < 0.1,
    }
    if boosting == "rf":
        settings.update(bagging_freq=1, bagging_fraction=0.6)
    if objective in CLASSES:
        settings["num_class"] = classes
    if objective in ("binary", "multiclassova"):
        settings["sigmoid"] = pick(random, 0.3, 1.0, 2.5)
    data, signal = make_data(random, features, categorical)
    label = label_of(random, objective, signal, classes)
    group = [len(data) // 6] * 6 if objective in RANKS else None
    if group:
        data, label = data[: sum(group)], label[: sum(group)]
    matrix = lightgbm.Dataset(data, label, group=group, categorical_feature=list(range(categorical)), free_raw_data=False, params={"linear_tree": settings["linear_tree"]})
    octets = lightgbm.train(settings, matrix, pick(random, 1, 5, 20)).model_to_string().encode("utf-8")
    return f"lightgbm-{seed}.txt", octets, golden_rows.lightgbm_golden(octets, data, count=100, seed=seed)


def xgboost_model(random, seed):
    import xgboost

    objective, booster, features = pick(random, *XGBOOST), pick(random, "gbtree", "gbtree", "dart"), pick(random, 1, 2, 3, 8)
    categorical = int(random.integers(0, min(features, 2) + 1)) if random.random() < 0.4 else 0
    classes = int(random.integers(2, 6))
    settings = {
        "objective": objective, "booster": booster, "max_depth": pick(random, 1, 3, 6, 10), "eta": pick(random, 0.05, 0.3, 1.0), "min_child_weight": pick(random, 0, 1, 5), "lambda": pick(random, 0.0, 1.0),
        "max_bin": pick(random, 2, 15, 256), "subsample": pick(random, 1, 0.6), "tree_method": pick(random, "hist", "approx") if categorical else pick(random, "hist", "approx", "exact"), "seed": seed % 2**31,
        "nthread": 1, "num_parallel_tree": pick(random, 1, 1, 1, 3),
    }
    if booster == "dart":
        settings.update(rate_drop=0.4, normalize_type=pick(random, "tree", "forest"))
    if objective in CLASSES:
        settings["num_class"] = classes
    if objective == "reg:quantileerror":
        settings["quantile_alpha"] = pick(random, 0.3, [0.1, 0.5, 0.9])
    if random.random() < 0.5:
        settings["base_score"] = float(np.round(random.random() * 0.9 + 0.05, 6))
    data, signal = make_data(random, features, categorical)
    types = ["c"] * categorical + ["q"] * (features - categorical) if categorical else None
    matrix = xgboost.DMatrix(data, label_of(random, objective, signal, classes), nthread=1, **({"feature_types": types, "enable_categorical": True} if types else {}))
    if objective in RANKS:
        matrix.set_group([len(data) // 6] * 6)
    form = pick(random, "json", "ubj")
    octets = bytes(xgboost.train(settings, matrix, pick(random, 1, 5, 20)).save_raw(raw_format=form))
    return f"xgboost-{seed}.{form}", octets, golden_rows.xgboost_golden(octets, data, count=100, seed=seed, feature_types=types)


def scikit_model(random, seed):
    import export_hist_gradient
    from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

    features = pick(random, 1, 2, 3, 8)
    categorical = int(random.integers(0, min(features, 2) + 1)) if random.random() < 0.4 else 0
    objective = pick(random, "binary", "multiclass", "regression", "poisson")
    data, signal = make_data(random, features, categorical)
    data[:, :categorical] = np.fmod(data[:, :categorical], 200)
    settings = {"max_iter": pick(random, 1, 5, 20), "max_leaf_nodes": pick(random, 2, 8, 60), "min_samples_leaf": pick(random, 1, 20), "early_stopping": False, "random_state": 1, "categorical_features": list(range(categorical)) or None}
    maker = HistGradientBoostingClassifier if objective in ("binary", "multiclass") else HistGradientBoostingRegressor
    model = maker(**settings, **({"loss": "poisson"} if objective == "poisson" else {})).fit(data, label_of(random, objective, signal, 4))
    octets = export_hist_gradient.dump(export_hist_gradient.export(model)).encode("utf-8")
    return f"scikit-{seed}.json", octets, golden_rows.histogram_golden(model, octets, data, count=100, seed=seed)


def main(folder, count, first):
    warnings.filterwarnings("ignore")
    for library, make in (("lightgbm", lightgbm_model), ("xgboost", xgboost_model), ("sklearn", scikit_model)):
        try:
            version = __import__(library).__version__
        except ImportError:
            continue
        made, untrainable = 0, 0
        for seed in range(first, first + count):
            try:
                name, octets, golden = make(np.random.default_rng(seed), seed)
            # each library has an error class of its own for settings that do not go together
            except Exception:  # noqa: BLE001
                untrainable += 1
                continue
            for path, content in ((name, octets), (name + ".golden.json", golden_rows.dump(golden).encode("utf-8"))):
                with open(os.path.join(folder, path), "wb") as file:
                    file.write(content)
            made += 1
        print(json.dumps({"library": library, "version": version, "models": made, "untrainable": untrainable}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
