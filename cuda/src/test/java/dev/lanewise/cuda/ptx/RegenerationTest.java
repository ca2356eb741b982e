package dev.lanewise.cuda.ptx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.cuda.driver.KernelModule;
import org.junit.jupiter.api.Test;

/** The PTX that is shipped is what its sources compile to. */
class RegenerationTest {
  @Test
  void sourcesGiveTheResource() throws Exception {
    Tool.require("nvcc");
    // Compared as a boolean: on failure two texts of 600 kB would help nobody.
    boolean same = Tool.run("./build-ptx").equals(KernelModule.ptx());
    assertThat(same)
        .withFailMessage("the PTX is stale: build-ptx > .../lanewise.ptx, nvcc 13.0 wrote it")
        .isTrue();
  }
}
