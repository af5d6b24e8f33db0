package dev.halftone.verify;

import dev.halftone.meaning.OutputMeaning;
import dev.halftone.metric.Sqnr;
import java.util.Optional;

/// Both models' results for one input in one output: all that is kept of them.
///
/// @param channels present for kind VALUES
/// @param directions present for kind EMBEDDING
/// @param rows present where rows had to be matched
record OutputPair(
    OutputMeaning meaning,
    AnswerPair answers,
    Sqnr error,
    Optional<ChannelSums> channels,
    Optional<VectorPair> directions,
    Optional<MatchedRows> rows) {}
