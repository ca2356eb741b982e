package dev.lanewise.engine.kernel;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.engine.kernel.scalar.ScalarKernels;
import dev.lanewise.engine.kernel.simd.SimdKernels;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Rows further apart than a tile's addresses allow. They lie in a file of holes, of which only what
 * is touched takes room.
 */
class FarStridesTest {
  private static final int ROWS = 5;
  private static final int TERMS = 5;
  private static final int COLUMNS = Kernels.LANES;

  /** Floats of 256 MiB, the first distance that is too far. */
  private static final long STRIDE = 1L << 26;

  @TempDir Path folder;

  @Test
  void rowsAndColumnsOfAMayLieAnyDistanceApart() throws IOException {
    long size = (ROWS - 1) * STRIDE * Float.BYTES + TERMS * Float.BYTES;
    try (Arena arena = Arena.ofConfined();
        FileChannel file =
            FileChannel.open(
                folder.resolve("holes"),
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.SPARSE)) {
      MemorySegment a = file.map(FileChannel.MapMode.READ_WRITE, 0, size, arena);
      for (int i = 0; i < ROWS; i++) {
        for (int p = 0; p < TERMS; p++) {
          a.set(JAVA_FLOAT, (i * STRIDE + p) * Float.BYTES, 1 + i + 0.1f * p);
        }
      }
      assertThat(product(new SimdKernels(), arena, a.address(), STRIDE, 1))
          .isEqualTo(product(new ScalarKernels(), arena, a.address(), STRIDE, 1));
      assertThat(product(new SimdKernels(), arena, a.address(), 1, STRIDE))
          .isEqualTo(product(new ScalarKernels(), arena, a.address(), 1, STRIDE));
    }
  }

  private static float[] product(
      Kernels kernels, Arena arena, long a, long rowStride, long columnStride) {
    MemorySegment b = arena.allocate((long) TERMS * COLUMNS * Float.BYTES, 64);
    MemorySegment c = arena.allocate((long) ROWS * COLUMNS * Float.BYTES, 64);
    for (int i = 0; i < TERMS * COLUMNS; i++) {
      b.setAtIndex(JAVA_FLOAT, i, i - 3f);
    }
    kernels.gemm(
        ROWS,
        COLUMNS,
        TERMS,
        a,
        rowStride,
        columnStride,
        b.address(),
        COLUMNS,
        Kernels.LANES,
        c.address(),
        COLUMNS,
        c.address(),
        COLUMNS);
    return c.toArray(JAVA_FLOAT);
  }
}
