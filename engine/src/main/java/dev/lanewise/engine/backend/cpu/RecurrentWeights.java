package dev.lanewise.engine.backend.cpu;

import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.kernel.Epilogue;
import dev.lanewise.engine.tensor.Matrix;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The weights of a recurrent layer, [kernel; recurrent kernel] as one matrix, and every product
 * with them.
 */
final class RecurrentWeights {
  final int features;
  final int units;

  /** What the sums begin with: the bias, or zeros. */
  final Matrix start;

  final Matrix zeroUnits;

  private final Matrix all;
  private final Matrix kernel;
  private final Matrix recurrentKernel;
  private final Matrix zeroFeatures;
  private final @Nullable Matrix recurrentTransposed;
  private final @Nullable Matrix kernelTransposed;
  private final Matrix[] gradients;
  private final Matrix[] recurrentGradients;
  private final Matrix[] biasGradients;
  private final CpuParameter weights;
  private final @Nullable CpuParameter bias;

  /** Takes the weights' memory. */
  RecurrentWeights(LayerContext context, int features, int units, boolean biased) {
    this.features = features;
    this.units = units;
    weights = context.parameter("kernel and recurrent kernel", features + units, units);
    bias = biased ? context.parameter("bias", 1, units) : null;
    boolean training = context.training();
    recurrentTransposed = training ? weights.transposed(features, units) : null;
    kernelTransposed = training && !context.first() ? weights.transposed(0, features) : null;
    all = weights.matrix();
    kernel = weights.matrix(0, features);
    recurrentKernel = weights.matrix(features, units);
    zeroUnits = context.zeroRow(units);
    zeroFeatures = context.zeroRow(features);
    start = bias == null ? zeroUnits : bias.matrix();
    gradients = weights.shardGradients();
    recurrentGradients = weights.shardGradients(features, units);
    biasGradients = bias == null ? new Matrix[0] : bias.shardGradients();
  }

  /** Computes the sums of a step, strip by strip of rows, each given to the epilogue. */
  void sum(CheckedKernels kernels, int rows, Operands of, Matrix sums, Epilogue epilogue) {
    if (of.joined() != null) {
      kernels.gemm(rows, of.joined(), all, of.start(), sums, epilogue);
    } else if (of.inputs() != null) {
      kernels.gemm(rows, of.inputs(), kernel, of.start(), sums, epilogue);
    } else if (of.state() != null) {
      kernels.gemm(rows, of.state(), recurrentKernel, of.start(), sums, epilogue);
    } else {
      if (of.start() != sums) {
        kernels.start(rows, of.start(), sums);
      }
      epilogue.rows(0, rows);
    }
  }

  /** Computes the inputs' part of the sums of many rows, without a state. */
  void sumInputs(CheckedKernels kernels, Matrix x, Matrix sums) {
    kernels.gemm(x.rows(), x, kernel, start, sums);
  }

  /** Computes dy + dz * recurrentKernel', the gradient by the state before the step of dz. */
  void stateGradient(
      CheckedKernels kernels, int rows, Matrix dz, Matrix dy, Matrix dh, Epilogue epilogue) {
    kernels.gemm(rows, dz, forBackward(recurrentTransposed), dy, dh, epilogue);
  }

  /** Computes dz * kernel', the gradient by the inputs. */
  void inputGradient(CheckedKernels kernels, int rows, Matrix dz, Matrix dx) {
    kernels.gemm(rows, dz, forBackward(kernelTransposed), zeroFeatures, dx);
  }

  private static Matrix forBackward(@Nullable Matrix transposed) {
    if (transposed == null) {
      throw new IllegalStateException("backward: the weights were made without a backward pass");
    }
    return transposed;
  }

  /** Begins a shard's gradients; the weights' begin with the first that are added. */
  void beginGradients(CheckedKernels kernels, int shard) {
    if (bias != null) {
      kernels.fill(1, zeroUnits, biasGradients[shard]);
    }
  }

  /**
   * Adds the gradients of {@code depth} rows to a shard's.
   *
   * @param joined their [x | h]
   * @param dz their gradients by the sums
   * @param first whether none were added before
   */
  void addGradients(
      CheckedKernels kernels, int depth, Matrix joined, Matrix dz, boolean first, int shard) {
    Matrix gradient = gradients[shard];
    kernels.gemmTransposedA(depth, joined, dz, first ? zeroUnits : gradient, gradient);
    addBiasGradient(kernels, depth, dz, shard);
  }

  /** Adds what rows without inputs give to the recurrent kernel's gradient alone. */
  void addRecurrentGradients(CheckedKernels kernels, int depth, Matrix h, Matrix dz, int shard) {
    Matrix gradient = recurrentGradients[shard];
    kernels.gemmTransposedA(depth, h, dz, gradient, gradient);
  }

  /** Adds the gradients by the sums of {@code depth} rows to the bias's. */
  void addBiasGradient(CheckedKernels kernels, int depth, Matrix dz, int shard) {
    if (bias != null) {
      kernels.columnSums(depth, dz, biasGradients[shard]);
    }
  }

  List<CpuParameter> parameters() {
    return bias == null ? List.of(weights) : List.of(weights, bias);
  }

  /** Returns where each of Keras's arrays lies, in Keras's order. */
  List<ParameterView> views() {
    List<ParameterView> views = new ArrayList<>();
    views.add(new ParameterView(weights, 0, features));
    views.add(new ParameterView(weights, features, units));
    if (bias != null) {
      views.add(new ParameterView(bias, 0, 1));
    }
    return views;
  }
}
