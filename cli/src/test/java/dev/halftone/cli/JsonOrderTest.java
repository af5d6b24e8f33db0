package dev.halftone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.format.JsonOrder;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// The order of fields follows from names alone.
class JsonOrderTest {

  /// Beside its components it has what follows from them.
  ///
  /// @param last as it is declared
  @SuppressWarnings("UnusedMethod")
  private record Figures(int last, int first) {

    public int getZenith() {
      return 1;
    }

    public int getMiddle() {
      return 2;
    }

    public boolean isApart() {
      return true;
    }
  }

  @Test
  void componentsAsDeclaredAndTheRestByTheAlphabet() {
    JsonMapper mapper =
        JsonOrder.MAPPER.rebuild().disable(SerializationFeature.INDENT_OUTPUT).build();
    assertThat(mapper.writeValueAsString(new Figures(3, 4)))
        .isEqualTo("{\"last\":3,\"first\":4,\"apart\":true,\"middle\":2,\"zenith\":1}");
  }
}
