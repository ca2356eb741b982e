package dev.lanewise.engine.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.engine.kernel.ChildJvm;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The bounded memory is chosen once a process; each rule is tried in a child. */
class BoundedPoolTest {
  /** The child: tries what its argument names and prints what came of it. */
  static final class Trial {
    private Trial() {}

    public static void main(String[] args) {
      try {
        switch (args[0]) {
          case "reuse" -> reuse();
          case "full" -> tensor(1 << 20);
          case "overrun" -> overrun();
          case "outside" -> outside();
          default -> throw new IllegalArgumentException(args[0]);
        }
      } catch (RuntimeException e) {
        System.out.println(e);
      }
    }

    private static TensorArena tensor(int count) {
      TensorArena arena = new TensorArena("trial");
      arena.tensor("t", Shape.of(count), count);
      return arena;
    }

    /** Three blocks fill the memory; only if they merge in any order does one large block fit. */
    private static void reuse() {
      int third = (1 << 20) / 3 / 64 * 16;
      for (int[] order : new int[][] {{0, 1, 2}, {2, 1, 0}, {0, 2, 1}, {1, 0, 2}}) {
        List<TensorArena> arenas =
            List.of(tensor(third - 16), tensor(third - 16), tensor(third - 16));
        for (int i : order) {
          arenas.get(i).close();
        }
        TensorArena all = tensor((1 << 18) - 16);
        System.out.println("whole " + (all.bytes() == (1 << 20) - 64));
        all.close();
      }
      System.out.println("live " + MemoryLedger.liveBytes());
    }

    private static void overrun() {
      TensorArena arena = new TensorArena("trial");
      Tensor t = arena.tensor("t", Shape.of(16), 16);
      AddressSpace.SPACE.set(ValueLayout.JAVA_FLOAT, t.address() + 64, 1);
      arena.close();
    }

    private static void outside() {
      AddressSpace.SPACE.get(ValueLayout.JAVA_FLOAT, AddressSpace.SPACE.byteSize());
    }
  }

  private static String trial(String name) {
    List<String> options = List.of("-Dlanewise.memory=bounded", "-Dlanewise.memory.bytes=1048576");
    return ChildJvm.run(options, Trial.class, name).output();
  }

  @Test
  void blocksGivenBackMergeInAnyOrder() {
    assertThat(trial("reuse"))
        .containsSubsequence("whole true", "whole true", "whole true", "whole true", "live 0")
        .doesNotContain("false");
  }

  @Test
  void whatDoesNotFitIsRefusedWithTheCure() {
    assertThat(trial("full"))
        .contains("InsufficientMemoryException", "no block of 4194304 bytes", "1048576 bytes")
        .contains("raise -Dlanewise.memory.bytes");
  }

  @Test
  void writingPastATensorShowsOnClosing() {
    assertThat(trial("overrun"))
        .contains("IllegalStateException", "wrote past the end of a block of 64 bytes");
  }

  @Test
  void everyAccessIsBoundsChecked() {
    assertThat(trial("outside")).contains("IndexOutOfBoundsException");
  }
}
