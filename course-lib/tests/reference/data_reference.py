"""Writes data_reference.csv: numbers of pandas and scikit-learn that tests/data_*.rs compare with.

    pip install scikit-learn==1.9.1 pandas==3.1.1
    python course-lib/tests/reference/data_reference.py

One line a number: what, column, value (17 digits, so that the file holds the exact double).
"""

from pathlib import Path

import pandas as pd
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import MinMaxScaler, StandardScaler

HERE = Path(__file__).parent
TABLE = HERE.parents[2] / "datasets" / "breast-cancer" / "breast-cancer.csv"


def main() -> None:
    frame = pd.read_csv(TABLE)
    features = list(frame.columns[:-1])
    x = frame[features]
    malignant = (frame["diagnosis"] == "malignant").astype(int)
    rows = []

    description = x.describe()
    for name in features:
        for statistic in description.index:
            rows.append((f"describe {statistic}", name, description.loc[statistic, name]))

    # "Training part" here: the first 455 rows, so that no random generator has to agree.
    train, test = x.iloc[:455], x.iloc[455:]
    standard = StandardScaler().fit(train.to_numpy())
    low_high = MinMaxScaler().fit(train.to_numpy())
    scaled, squeezed = standard.transform(test.to_numpy()), low_high.transform(test.to_numpy())
    for column, name in enumerate(features):
        rows.append(("standard mean", name, standard.mean_[column]))
        rows.append(("standard std", name, standard.scale_[column]))
        rows.append(("standard first test row", name, scaled[0, column]))
        rows.append(("standard last test row", name, scaled[-1, column]))
        rows.append(("minmax first test row", name, squeezed[0, column]))
        rows.append(("minmax last test row", name, squeezed[-1, column]))

    _, _, y_train, y_test = train_test_split(x, malignant, test_size=0.2, stratify=malignant, random_state=0)
    rows.append(("stratified train rows", "malignant", y_train.sum()))
    rows.append(("stratified train rows", "benign", (1 - y_train).sum()))
    rows.append(("stratified test rows", "malignant", y_test.sum()))
    rows.append(("stratified test rows", "benign", (1 - y_test).sum()))

    text = "what,column,value\n" + "".join(f"{what},{column},{value:.17g}\n" for what, column, value in rows)
    (HERE / "data_reference.csv").write_text(text)
    print(f"{len(rows)} numbers")


if __name__ == "__main__":
    main()
