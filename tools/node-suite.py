"""Writes the ONNX backend node test suite into a folder: python node-suite.py FOLDER

Needs the PyPI packages onnx 1.23.2 and pillow. `backend-test-tools generate-data` alone leaves the node cases out in that version.
"""
import sys

import onnx.backend.test.cmd_tools as tools
from onnx.backend.test.case import model, node

cases = model.collect_testcases() + node.collect_testcases()
tools.model_test.collect_testcases = lambda: cases
sys.argv = ["backend-test-tools", "generate-data", "-o", sys.argv[1]]
tools.main()
