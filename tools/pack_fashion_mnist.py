#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Packs class-balanced Fashion-MNIST pictures for calibration and testing into npz files.

The choice needs no random numbers: the first pictures of each class in the order of the data
set's files, which hold the classes mixed. They are stored one class after the other in turn
(0, 1, ..., 9, 0, 1, ...), so that any first part of a file is balanced too.
"""

import argparse
from pathlib import Path

import numpy as np

from fashion_mnist import DEFAULT_DATA_DIR, LABELS, load_split

CALIBRATION_PER_CLASS = 20
TEST_PER_CLASS = 200


def choose_balanced(labels, per_class):
    """Indices of the first per_class pictures of each class, the classes in turn."""
    chosen = [np.flatnonzero(labels == label)[:per_class] for label in range(len(LABELS))]
    if any(len(indices) < per_class for indices in chosen):
        raise ValueError(f"a class has fewer than {per_class} pictures")
    return np.stack(chosen, axis=1).reshape(-1)


def pack(data_dir, split, per_class, path):
    images, labels = load_split(data_dir, split)
    chosen = choose_balanced(labels, per_class)
    # uint8 NHWC pixels, not preprocessed, and int64 labels.
    np.savez_compressed(path, images=images[chosen][..., np.newaxis], labels=labels[chosen])
    print(f"wrote {path}: {len(chosen)} pictures, {path.stat().st_size} bytes")


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA_DIR, help="idx files' directory")
    parser.add_argument("--output-dir", type=Path, default=Path("."))
    args = parser.parse_args()

    calibration = args.output_dir / "fashion-mnist-calibration.npz"
    pack(args.data, "train", CALIBRATION_PER_CLASS, calibration)
    pack(args.data, "test", TEST_PER_CLASS, args.output_dir / "fashion-mnist-test.npz")


if __name__ == "__main__":
    main()
