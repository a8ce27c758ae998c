/** Forms that people have at hand and that are not read, by their first octets, with what to do instead. */
const FORMS: readonly (readonly [RegExp, string])[] = [
  [/^\x80[\x02-\x05]/, 'a Python pickle (pickle, joblib), which is never executed; save the model inside of it through its library: booster_.save_model, get_booster().save_model, export_hist_gradient.py'],
  [/^\x1f\x8b/, 'gzip; unpack it, or give it a name that ends in .gz'],
  [/^(BZh|\xfd7zXZ|\x78[\x01\x5e\x9c\xda]|\x28\xb5\x2f\xfd)/, 'a packed file (bzip2, xz, zlib or zstd; joblib packs so); unpack it'],
  [/^PK\x03\x04/, 'a zip archive (skops, PyTorch and npz are ones)'],
  [/^CBM1/, 'CatBoost, whose trees are not read'],
  [/^\s*<(\?xml|PMML)/, 'XML (PMML), which is not read'],
  [/^\x89HDF/, 'HDF5, which is not read'],
  [/^\x08[\x01-\x10][\x12:"]/, 'ONNX, which is not read; save the model before it is converted'],
  [/^booster\[\d+\]:/, 'XGBoost\'s text dump, which has lost its parameters; save the model instead of dumping it'],
  [/^\s*\[/, 'a JSON list, as XGBoost\'s dump_model writes it; save the model instead of dumping it'],
  [/^[\t\n\r\x20-\x7e]{40}/, 'a text of no known form'],
];

/** What a file is that is none of the forms that are read; null when nobody knows. @param head its first octets, one character each */
export const foreignForm = (head: string): string | null => FORMS.find(([pattern]) => pattern.test(head))?.[1] ?? null;
