package dev.halftone.judge;

import dev.halftone.judge.Judgement.Ruling;

/// The outcome of judging one aspect: a clause that reads after "it is" where `isPredicate`, else one that stands by itself.
record Finding(Ruling ruling, boolean isPredicate, String words) {
  String clause() {
    return isPredicate ? "it is " + words : words;
  }
}
