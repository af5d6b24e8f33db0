# SPDX-License-Identifier: Apache-2.0
"""What the Fashion-MNIST tools share: the labels, the preprocessing, and a reader of the data."""

import gzip
import struct
from pathlib import Path

import numpy as np

# Where Debian's package dataset-fashion-mnist puts its files.
DEFAULT_DATA_DIR = Path("/usr/share/datasets/fashion-mnist")

LABELS = (
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
)

# Preprocessing, in pixel units: input = (pixel - MEAN) / STD, which maps 0..255 to -1..1.
MEAN = 127.5
STD = 127.5


def preprocess(pixels):
    """Turns uint8 pictures [N, 28, 28] or [N, 28, 28, 1] into the net's float32 [N, 1, 28, 28]."""
    scaled = (pixels.astype(np.float32) - np.float32(MEAN)) / np.float32(STD)
    return scaled.reshape(-1, 1, 28, 28)


def load_split(data_dir, split):
    """Reads a split, "train" or "test": uint8 images [N, 28, 28] and int64 labels [N]."""
    prefix = {"train": "train", "test": "t10k"}[split]
    images = _read_idx(Path(data_dir) / f"{prefix}-images-idx3-ubyte.gz")
    labels = _read_idx(Path(data_dir) / f"{prefix}-labels-idx1-ubyte.gz").astype(np.int64)
    if images.shape != (len(labels), 28, 28):
        raise ValueError(f"{split}: {images.shape} images do not fit {labels.shape} labels")
    return images, labels


def _read_idx(path):
    """Reads a gzipped idx file of unsigned bytes."""
    with gzip.open(path, "rb") as file:
        content = file.read()
    # Two zero bytes, the element type (8 is unsigned byte), the rank, then each size as big-endian.
    zeros, element_type, rank = struct.unpack_from(">HBB", content)
    if zeros != 0 or element_type != 8:
        raise ValueError(f"{path}: not an idx file of unsigned bytes")
    shape = struct.unpack_from(f">{rank}I", content, 4)
    return np.frombuffer(content, dtype=np.uint8, offset=4 + 4 * rank).reshape(shape)
