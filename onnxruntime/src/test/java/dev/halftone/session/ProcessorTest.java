package dev.halftone.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ProcessorTest {

  @Test
  void saysWhatIntegerKernelsDependOn() {
    List<String> lines =
        List.of("processor\t: 0", "model name\t: Some CPU @ 2.60GHz", "flags\t\t: fpu avx2 sse");
    assertThat(Processor.text(lines, "amd64", 2))
        .isEqualTo("Some CPU @ 2.60GHz, 2 cores, AVX2, no VNNI");
    assertThat(
            Processor.text(
                List.of("model name: Other", "flags: avx2 avx512f avx512_vnni"), "amd64", 1))
        .isEqualTo("Other, 1 core, AVX-512, VNNI");
    assertThat(Processor.text(List.of("Features : fp asimd asimddp"), "aarch64", 4))
        .isEqualTo("aarch64, 4 cores, dot products");
  }

  @Test
  void aSystemWithoutSuchAFileHasAnArchitecture() {
    assertThat(Processor.text(List.of(), "x86_64", 8)).isEqualTo("x86_64, 8 cores");
    assertThat(Processor.text()).isNotBlank();
  }
}
