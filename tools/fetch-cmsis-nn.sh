#!/bin/sh
# Fetches CMSIS-NN 4.0, as the package bakenn on PyPI carries it, for tests that HALFTONE_CMSIS_NN tells where it is, and prints that place:
# tools/fetch-cmsis-nn.sh FOLDER
set -eu
python3 -m venv "$1/venv"
"$1/venv/bin/pip" install -q --no-deps --target "$1/bakenn" bakenn==1.0.0
echo "$1/bakenn/bakenn/backend/cmsis_nn/vendor"
