package dev.lanewise.cuda.layer;

import dev.lanewise.cuda.kernel.KernelCalls;

/**
 * A way through a batch that is being recorded.
 *
 * @param calls where launches go
 * @param batch the address of the batch's record
 * @param rows the samples of the batch
 * @param mode what it is for
 */
public record CudaPass(KernelCalls calls, long batch, int rows, Mode mode) {
  /** What a pass leaves; the numbers are those of {@code rnn_fused.cu}. */
  public enum Mode {
    /** Outputs. */
    PREDICT(0),
    /** Losses and metrics too. */
    EVALUATE(1),
    /** And gradients. */
    TRAIN(2);

    private final int code;

    Mode(int code) {
      this.code = code;
    }

    public int code() {
      return code;
    }
  }

  public boolean training() {
    return mode == Mode.TRAIN;
  }

  /** Returns the rows of so many positions. */
  public int rows(int positions) {
    return Math.multiplyExact(positions, rows);
  }
}
