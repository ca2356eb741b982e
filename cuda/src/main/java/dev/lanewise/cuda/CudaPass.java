package dev.lanewise.cuda;

/**
 * A way through a batch that is being recorded.
 *
 * @param calls where launches go
 * @param batch the address of the batch's record
 * @param rows the samples of the batch
 * @param mode what it is for
 */
record CudaPass(KernelCalls calls, long batch, int rows, Mode mode) {
  /** What a pass leaves; the numbers are those of {@code rnn_fused.cu}. */
  enum Mode {
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

    int code() {
      return code;
    }
  }

  boolean training() {
    return mode == Mode.TRAIN;
  }

  /** Returns the rows of so many positions. */
  int rows(int positions) {
    return Math.multiplyExact(positions, rows);
  }
}
