package dev.halftone.format.c;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halftone.integer.Made;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CKernelTest {

  private static Map<String, CKernel> all() throws Exception {
    Path folder = Path.of(CKernel.class.getResource("add.c").toURI()).getParent();
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(file -> file.endsWith(".c"))
          .map(file -> CKernel.of(file.substring(0, file.length() - 2)))
          .collect(Collectors.toMap(CKernel::name, Function.identity()));
    }
  }

  @Test
  void everyFileStandsBehindWhatItNeeds() throws Exception {
    Map<String, CKernel> all = all();
    assertThat(all).hasSizeGreaterThan(20);
    assertThat(all.values()).extracting(CKernel::order).doesNotHaveDuplicates();
    for (CKernel kernel : all.values()) {
      for (String need : kernel.needs()) {
        List<String> files =
            need.equals("finish") ? List.of("finish_any", "finish_down") : List.of(need);
        assertThat(all).as(kernel.name()).containsKeys(files.toArray(String[]::new));
        files.forEach(file ->
            assertThat(requireNonNull(all.get(file)).order())
                .as(kernel.name())
                .isLessThan(kernel.order()));
      }
    }
  }

  @Test
  void textsOfTypesAreThoseThatDeclareThem() throws Exception {
    assertThat(all().values())
        .allSatisfy(kernel ->
            assertThat(kernel.text().matches("(?s).*\\bht_(int|from|to)\\b.*"))
                .as(kernel.name())
                .isEqualTo(!kernel.types().isEmpty()));
  }

  @Test
  void aNetworkHasWhatItsKernelsBuildOnAndNoDeclaration() {
    CKernels kernels = new CKernels(false, true);
    kernels.use("conv4");
    String text = kernels.text();
    assertThat(text)
        .startsWith("/* Arithmetic")
        .contains("ht_finish(", "ht_taps(", "ht_conv(", "ht_conv4(", "sum * 2")
        .doesNotContain("needs:", "order:", "ht_depthwise(");
    assertThat(text.indexOf("void ht_conv(")).isLessThan(text.indexOf("void ht_conv4("));
  }

  @Test
  void onlyTypesThatTheFileDeclaresAreWritten() {
    CKernels kernels = new CKernels(false, true);
    var narrow = Made.tensor("x", Made.grid(0.5, 3), 1, 2);
    assertThat(kernels.call("mul", narrow, narrow, 1, "y")).isEqualTo("ht_mul(1, y);");
    assertThatThrownBy(() -> kernels.call("lookup", narrow, narrow))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("lookup.c is not written for INT8");
    assertThat(kernels.text()).contains("ht_mul(").doesNotContain("ht_mul16(", "ht_int");
  }

  @Test
  void aFirstLineDeclares() {
    CKernel kernel = CKernel.parse("k", "/* order: 7; needs: a b; types: int8to16 */\nx\n");
    assertThat(kernel)
        .isEqualTo(new CKernel("k", 7, Set.of("a", "b"), Set.of(CTypes.INT8TO16), "x\n"));
    for (String line : List.of("/* ADD */", "void f(void);", "/* order: x */", "/* needs: a */")) {
      assertThatThrownBy(() -> CKernel.parse("k", line + "\nx\n"))
          .as(line)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageStartingWith("k.c: ");
    }
  }
}
