package dev.halftone.verify;

import dev.halftone.meaning.OutputMeaning;
import dev.halftone.metric.Sqnr;
import java.util.Optional;

/// Both models' results for one input in one output: all that is kept of them.
///
/// @param channels present for kind VALUES
/// @param vectors present for kind EMBEDDING, and of values where they are one number
/// @param rows present where rows had to be matched
record OutputPair(
    OutputMeaning meaning,
    AnswerPair answers,
    Sqnr error,
    Optional<ChannelSums> channels,
    Optional<VectorPair> vectors,
    Optional<MatchedRows> rows) {}
