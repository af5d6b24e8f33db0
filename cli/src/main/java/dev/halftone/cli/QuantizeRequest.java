package dev.halftone.cli;

import dev.halftone.judge.Gate;
import dev.halftone.recipe.Recipe;
import java.nio.file.Path;
import java.util.Optional;

/// A quantization as the command line asks for it.
///
/// @param samples what `--data`, `--labels`, `--preprocess` and `--threads` say
/// @param search of the recipe, where one is wanted
/// @param improvement what is done to the numbers before they are written
/// @param command the command line, for the report
record QuantizeRequest(
    Path model,
    OutputFiles outputs,
    DataOptions samples,
    TaskOptions task,
    Optional<Path> testData,
    Optional<Integer> calibrationSamples,
    int testSamples,
    EarlierFiles earlier,
    Recipe recipe,
    Optional<Budget> budget,
    Optional<RequestedSearch> search,
    Optional<Improvement> improvement,
    Optional<Gate.MaxDrop> maxDrop,
    boolean dryRun,
    Measuring measuring,
    String command) {}
