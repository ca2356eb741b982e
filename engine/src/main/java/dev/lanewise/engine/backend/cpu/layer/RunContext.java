package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.kernel.Elementwise;
import dev.lanewise.engine.kernel.Kernels;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.tensor.Matrix;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.tensor.Tensor;
import dev.lanewise.engine.tensor.TensorArena;

/**
 * What a layer's run is made with.
 *
 * @param arena takes its memory
 * @param kernels does its work
 * @param rows the most samples that go through at a time
 * @param purpose what for
 * @param adds whether the gradient by the inputs is added to what another reader of them has begun
 * @param asked whether anybody asks for the gradient by the outputs, where there is a way back
 */
public record RunContext(
    TensorArena arena,
    CheckedKernels kernels,
    int rows,
    Purpose purpose,
    boolean adds,
    boolean asked) {

  /** What a run goes over rows for. */
  public enum Purpose {
    /** Samples that come back with gradients. */
    TRAINING,
    /** Parts of sequences that do, each going on from the one before. */
    WINDOWS,
    /** Samples that go through once, whole. */
    ANSWERS,
    /** One sample that goes through step by step. */
    STREAM
  }

  /** Returns the context of runs that go forward and back. */
  public static RunContext training(TensorArena arena, CheckedKernels kernels, int rows) {
    return new RunContext(arena, kernels, rows, Purpose.TRAINING, false, true);
  }

  /** Returns the context of runs that go forward and back over parts of sequences. */
  public static RunContext windows(TensorArena arena, CheckedKernels kernels, int rows) {
    return new RunContext(arena, kernels, rows, Purpose.WINDOWS, false, true);
  }

  /** Returns the context of runs that only go forward. */
  public static RunContext inference(TensorArena arena, CheckedKernels kernels, int rows) {
    return new RunContext(arena, kernels, rows, Purpose.ANSWERS, false, true);
  }

  /** Returns the context of runs that keep their state from step to step of one sequence. */
  public static RunContext stream(TensorArena arena, CheckedKernels kernels) {
    return new RunContext(arena, kernels, 1, Purpose.STREAM, false, true);
  }

  /** Returns whether there will be a backward pass. */
  public boolean training() {
    return purpose == Purpose.TRAINING || purpose == Purpose.WINDOWS;
  }

  /** Returns the context of a run whose inputs another run reads and goes back through first. */
  public RunContext adding() {
    return new RunContext(arena, kernels, rows, purpose, true, asked);
  }

  /** Returns the context of a run for which each sample is so many. */
  RunContext times(int samples) {
    return new RunContext(arena, kernels, Math.multiplyExact(rows, samples), purpose, false, asked);
  }

  /** Returns the context of a run that is the first to go back through its inputs. */
  public RunContext beginning() {
    return new RunContext(arena, kernels, rows, purpose, false, asked);
  }

  /** Returns the context of a run that others never go back through. */
  public RunContext unasked() {
    return new RunContext(arena, kernels, rows, purpose, adds, false);
  }

  /** Returns a matrix of its own, [rows, width] whatever the samples. */
  public Tensor matrix(String label, int matrixRows, int width) {
    return arena.tensor(label, Shape.of(matrixRows, width), Kernels.stride(width));
  }

  /** Returns one matrix [rows, width] a position. */
  public Matrix[] signals(String label, int positions, int width) {
    Tensor tensor = arena.tensor(label, Shape.of(positions, rows, width), Kernels.stride(width));
    Matrix[] signals = new Matrix[positions];
    for (int p = 0; p < positions; p++) {
      signals[p] = tensor.matrix((long) p * rows, rows, 0, width);
    }
    return signals;
  }

  /** Returns room for gradients by some outputs, none where nobody asks for them. */
  public Matrix[] gradientSignals(int positions, int width) {
    return training() && asked ? signals("output gradients", positions, width) : new Matrix[0];
  }

  /**
   * Returns where f's derivative is taken: at its results, or at its arguments, for which there
   * then is one matrix [rows, width] a position.
   *
   * @param results f's results, one matrix a position, which were the arguments before
   */
  Matrix[] derivativePoints(Elementwise f, Matrix[] results, int width) {
    boolean kept = training() && f.derivativeNeedsSums();
    return kept ? signals("sums", results.length, width) : results;
  }

  /** Returns room for each row's maximum and sum, which softmax leaves: [rows, 2]. */
  public Matrix softmaxRows() {
    return softmaxRows(rows);
  }

  /** Returns the same for some rows. */
  Matrix softmaxRows(int count) {
    return arena.tensor("softmax rows", Shape.of(count, 2), 2).matrix();
  }

  /** Returns the kernel-level function of an activation that acts on each element alone. */
  public static Elementwise elementwise(Activation activation) {
    return switch (activation) {
      case LINEAR -> Elementwise.LINEAR;
      case RELU -> Elementwise.RELU;
      case TANH -> Elementwise.TANH;
      case SIGMOID -> Elementwise.SIGMOID;
      case RELU6 -> Elementwise.RELU6;
      case LEAKY_RELU -> Elementwise.LEAKY_RELU;
      case HARD_SIGMOID -> Elementwise.HARD_SIGMOID;
      case KERAS_2_HARD_SIGMOID -> Elementwise.STEEP_HARD_SIGMOID;
      case SOFTSIGN -> Elementwise.SOFTSIGN;
      case EXPONENTIAL -> Elementwise.EXPONENTIAL;
      case ELU -> Elementwise.ELU;
      case SELU -> Elementwise.SELU;
      case SOFTPLUS -> Elementwise.SOFTPLUS;
      case SILU -> Elementwise.SILU;
      case GELU -> Elementwise.GELU;
      case HARD_SILU -> Elementwise.HARD_SILU;
      case HARD_TANH -> Elementwise.HARD_TANH;
      case HARD_SHRINK -> Elementwise.HARD_SHRINK;
      case SOFT_SHRINK -> Elementwise.SOFT_SHRINK;
      case TANH_SHRINK -> Elementwise.TANH_SHRINK;
      case MISH -> Elementwise.MISH;
      case LOG_SIGMOID -> Elementwise.LOG_SIGMOID;
      case SQUAREPLUS -> Elementwise.SQUAREPLUS;
      case SPARSE_PLUS -> Elementwise.SPARSE_PLUS;
      case SPARSE_SIGMOID -> Elementwise.SPARSE_SIGMOID;
      case SOFTMAX ->
          throw new IllegalArgumentException("softmax does not act on each element alone");
    };
  }
}
