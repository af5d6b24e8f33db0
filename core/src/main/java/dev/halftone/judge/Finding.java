package dev.halftone.judge;

import dev.halftone.judge.Judgement.Ruling;
import java.util.Optional;

/// The outcome of judging one aspect: a clause that reads after "it is" where `isPredicate`, else one that stands by itself.
record Finding(Ruling ruling, boolean isPredicate, String words) {
  /// The same with a clause behind it that speaks against the model, where there is one.
  Finding also(Optional<String> more) {
    String join = ruling == Ruling.WORTH_IT ? ", but " : ", and ";
    return more.map(clause -> new Finding(ruling, isPredicate, words + join + clause)).orElse(this);
  }

  String clause() {
    return isPredicate ? "it is " + words : words;
  }
}
