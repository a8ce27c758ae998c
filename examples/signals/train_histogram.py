"""A model of scikit-learn on the same rows: its export, which is what the engine reads, and its golden rows.

    python train_histogram.py FOLDER        # reads rows.csv and model.fit.json there, writes histogram.json, .golden.json and .fit.json
"""
import shutil
import sys
from pathlib import Path

import pandas as pd
from sklearn.ensemble import HistGradientBoostingRegressor

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "packages/legacy-bridge/python/reference"))
from signals import export_hist_gradient, golden_rows

folder = Path(sys.argv[1])
rows = pd.read_csv(folder / "rows.csv")
# a frame, not an array: the columns of its rows are found by these names
model = HistGradientBoostingRegressor(max_iter=20).fit(rows, rows.iloc[:, 0])
octets = export_hist_gradient.dump(export_hist_gradient.export(model)).encode()
(folder / "histogram.json").write_bytes(octets)
(folder / "histogram.golden.json").write_text(golden_rows.dump(golden_rows.histogram_golden(model, octets, rows.to_numpy())), encoding="utf-8")
shutil.copy(folder / "model.fit.json", folder / "histogram.fit.json")
