package dev.halftone.cli;

import java.time.Duration;

/// A search for a recipe as the command line asks for it.
///
/// @param atMost the time it may take
record RequestedSearch(SearchMethod method, Duration atMost) {}
