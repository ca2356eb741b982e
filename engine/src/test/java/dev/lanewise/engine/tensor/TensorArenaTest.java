package dev.lanewise.engine.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TensorArenaTest {
  @Test
  void tensorsAreAlignedZeroAndCounted() {
    long before = MemoryLedger.liveBytes();
    try (TensorArena arena = new TensorArena("test")) {
      Tensor first = arena.tensor("first", Shape.of(3, 5), 16);
      Tensor second = arena.tensor("second", Shape.of(1), 1);
      assertThat(first.address() % TensorArena.ALIGNMENT).isZero();
      assertThat(second.address() % TensorArena.ALIGNMENT).isZero();
      assertThat(first.toArray()).containsOnly(0f).hasSize(15);
      assertThat(arena.bytes()).isEqualTo(3 * 16 * 4 + 64);
      assertThat(MemoryLedger.liveBytes() - before).isEqualTo(arena.bytes());
    }
    assertThat(MemoryLedger.liveBytes()).isEqualTo(before);
  }

  @Test
  void valuesGoInAndOutWithoutPadding() {
    try (TensorArena arena = new TensorArena("test")) {
      Tensor tensor = arena.tensor("t", Shape.of(2, 3), 16);
      tensor.copyFrom(new float[] {1, 2, 3, 4, 5, 6});
      assertThat(tensor.toArray()).containsExactly(1, 2, 3, 4, 5, 6);
      assertThat(tensor.get(1, 0)).isEqualTo(4);
      assertThat(tensor.matrix(1, 1, 1, 2).get(0, 1)).isEqualTo(6);
    }
  }

  @Test
  void useAfterCloseIsRefusedAndClosingAgainDoesNothing() {
    TensorArena arena = new TensorArena("gone");
    Tensor tensor = arena.tensor("t", Shape.of(2), 2);
    arena.close();
    assertThatThrownBy(() -> tensor.get(0, 0))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("arena gone is closed; its memory is gone");
    assertThatThrownBy(() -> arena.tensor("u", Shape.of(2), 2))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(arena::acquire).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(arena::acquireAlone).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(arena::bytes).isInstanceOf(IllegalStateException.class);
    long left = MemoryLedger.liveBytes();
    arena.close();
    assertThat(MemoryLedger.liveBytes()).isEqualTo(left);
  }

  @Test
  void closingDuringAComputationIsRefusedAndHarmless() {
    TensorArena arena = new TensorArena("busy");
    Tensor tensor = arena.tensor("t", Shape.of(2), 2);
    arena.acquire();
    assertThatThrownBy(arena::close)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("in use by a running computation");
    assertThat(tensor.get(0, 1)).isZero();
    arena.release();
    arena.close();
  }

  @Test
  void whatExceedsTheBudgetIsRefusedBeforeItIsTaken() {
    long before = MemoryLedger.liveBytes();
    try (TensorArena arena = new TensorArena("large")) {
      assertThatThrownBy(() -> arena.tensor("t", Shape.of(1 << 30, 1 << 10), 1 << 10))
          .isInstanceOf(InsufficientMemoryException.class)
          .hasMessageContaining("tensor t [1073741824, 1024] of arena large")
          .hasMessageContaining("lanewise.memory.budget");
      assertThat(MemoryLedger.liveBytes()).isEqualTo(before);
    }
  }

  /** Bounded memory says itself that no block is left; the system's refusal is the JVM's error. */
  @Test
  void whatIsRefusedIsNotCounted() {
    long before = MemoryLedger.liveBytes();
    try (TensorArena arena = new TensorArena("refused")) {
      for (boolean pool : new boolean[] {false, true}) {
        TensorArena.beforeAllocation =
            () -> {
              if (pool) {
                throw new InsufficientMemoryException("no block");
              }
              throw new OutOfMemoryError("none");
            };
        assertThatThrownBy(() -> arena.tensor("t", Shape.of(2), 2))
            .isInstanceOf(InsufficientMemoryException.class)
            .hasMessageContaining(pool ? "no block" : "tensor t [2] of arena refused: the system");
        assertThat(MemoryLedger.liveBytes()).isEqualTo(before);
      }
    } finally {
      TensorArena.beforeAllocation = () -> {};
    }
  }

  @Test
  void sizesThatOverflowAreNamed() {
    try (TensorArena arena = new TensorArena("x")) {
      assertThatThrownBy(() -> arena.tensor("t", Shape.of(1 << 30, 1 << 30, 4), 4))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("more than 2^63 bytes");
      assertThatThrownBy(() -> Shape.of(1 << 30, 1 << 30, 1 << 30))
          .hasMessageContaining("more than 2^63 elements");
      assertThatThrownBy(() -> Shape.of(3, 0)).hasMessageContaining("[3, 0]");
    }
  }

  @Test
  void viewsOutsideTheirTensorAreRefused() {
    try (TensorArena arena = new TensorArena("x")) {
      Tensor tensor = arena.tensor("t", Shape.of(4, 5), 16);
      assertThatThrownBy(() -> tensor.matrix(3, 2, 0, 5))
          .isInstanceOf(IndexOutOfBoundsException.class)
          .hasMessageContaining("t [4, 5]");
      assertThatThrownBy(() -> tensor.matrix(0, 1, 10, 7))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> tensor.get(0, 5)).isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> tensor.matrix().set(4, 0, 1))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @Test
  void aCountingArenaTakesNothing() {
    long before = MemoryLedger.liveBytes();
    try (TensorArena arena = TensorArena.counting("plan")) {
      arena.tensor("t", Shape.of(1 << 20, 1 << 10), 1 << 10);
      assertThat(arena.bytes()).isEqualTo(1L << 32);
      assertThat(MemoryLedger.liveBytes()).isEqualTo(before);
    }
    assertThat(MemoryLedger.liveBytes()).isEqualTo(before);
  }
}
