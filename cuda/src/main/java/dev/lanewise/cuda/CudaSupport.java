package dev.lanewise.cuda;

import dev.lanewise.cuda.network.CudaLoss;
import dev.lanewise.cuda.network.CudaMeasures;
import dev.lanewise.cuda.plan.CudaUpdate;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.PlanOptions;
import dev.lanewise.engine.layer.ActivationLayer;
import dev.lanewise.engine.layer.AdditiveAttention;
import dev.lanewise.engine.layer.Attention;
import dev.lanewise.engine.layer.AveragePooling1D;
import dev.lanewise.engine.layer.BatchNormalization;
import dev.lanewise.engine.layer.Bidirectional;
import dev.lanewise.engine.layer.Concatenate;
import dev.lanewise.engine.layer.Conv1D;
import dev.lanewise.engine.layer.Conv2D;
import dev.lanewise.engine.layer.Convolution1D;
import dev.lanewise.engine.layer.Cropping1D;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Dot;
import dev.lanewise.engine.layer.Dropout;
import dev.lanewise.engine.layer.Elements;
import dev.lanewise.engine.layer.Embedding;
import dev.lanewise.engine.layer.Flatten;
import dev.lanewise.engine.layer.Frozen;
import dev.lanewise.engine.layer.GlobalAveragePooling1D;
import dev.lanewise.engine.layer.GlobalMaxPooling1D;
import dev.lanewise.engine.layer.GlobalPooling2D;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.LayerNormalization;
import dev.lanewise.engine.layer.LeakyRelu;
import dev.lanewise.engine.layer.Masking;
import dev.lanewise.engine.layer.MaxPooling1D;
import dev.lanewise.engine.layer.MultiHeadAttention;
import dev.lanewise.engine.layer.Normalization;
import dev.lanewise.engine.layer.Operation;
import dev.lanewise.engine.layer.Permute;
import dev.lanewise.engine.layer.Pointwise;
import dev.lanewise.engine.layer.Pooling2D;
import dev.lanewise.engine.layer.Prelu;
import dev.lanewise.engine.layer.Recurrent;
import dev.lanewise.engine.layer.Relocation;
import dev.lanewise.engine.layer.RepeatVector;
import dev.lanewise.engine.layer.Rescaling;
import dev.lanewise.engine.layer.Reshape;
import dev.lanewise.engine.layer.Rowwise;
import dev.lanewise.engine.layer.Softmax;
import dev.lanewise.engine.layer.SpatialDropout1D;
import dev.lanewise.engine.layer.TimeDistributed;
import dev.lanewise.engine.layer.UpSampling1D;
import dev.lanewise.engine.layer.ZeroPadding1D;
import org.jspecify.annotations.Nullable;

/**
 * The layers that there are kernels for. The switch is exhaustive, as are those of {@link
 * CudaLoss}, {@link CudaMeasures} and {@link CudaUpdate}, which lack nothing: whatever is new to
 * the engine is either refused by name or has its kernels.
 */
final class CudaSupport {
  private static final String NO_KERNELS = "has no CUDA kernels yet";
  private static final int MOST_SIZES = 6; // of axes.cuh

  private CudaSupport() {}

  /** Returns what of a model there are no kernels for, in one line, or null if all are there. */
  static @Nullable String refusal(ModelSpec model) {
    String graph = CudaGraphSupport.refusal(model.graph());
    if (graph != null) {
      return graph;
    }
    for (int i = 0; i < model.layers().size(); i++) {
      Layer layer = model.layers().get(i);
      boolean ordered = layer.unfrozen() instanceof Permute || layer.unfrozen() instanceof Prelu;
      String missing =
          ordered && model.inputOf(i).rank() > MOST_SIZES
              ? "has CUDA kernels for samples of " + MOST_SIZES + " sizes, found more"
              : missing(layer);
      if (missing != null) {
        return "layer " + i + " (" + layer.className() + ") " + missing;
      }
    }
    return null;
  }

  private static @Nullable String missing(Layer layer) {
    return switch (layer) {
      case Recurrent walk -> null;
      case Dense dense -> null;
      case Bidirectional both -> null;
      case TimeDistributed each when each.layer() instanceof Embedding ->
          "of Embedding, which " + NO_KERNELS;
      case TimeDistributed each -> within(each.layer());
      case ActivationLayer function -> null;
      case LeakyRelu leaky -> null;
      case Softmax softmax -> null;
      case Rowwise rowwise -> null;
      case Masking masking -> null;
      case Dropout dropout -> null;
      case SpatialDropout1D dropout -> null;
      case Flatten flatten -> null;
      case Reshape reshape -> null;
      case RepeatVector repeat -> null;
      case Conv1D convolution -> null;
      case Convolution1D convolution -> null;
      case MaxPooling1D pooling -> null;
      case AveragePooling1D pooling -> null;
      case GlobalMaxPooling1D pooling -> null;
      case GlobalAveragePooling1D pooling -> null;
      case Conv2D convolution -> null;
      case Pooling2D pooling -> null;
      case GlobalPooling2D pooling -> null;
      case Relocation picture -> null;
      case LayerNormalization normalization -> null;
      case Normalization normalization -> null;
      case Rescaling rescaling -> null;
      case Permute permute -> null;
      case ZeroPadding1D padding -> null;
      case Cropping1D cropping -> null;
      case UpSampling1D sampling -> null;
      case Elements(Elements.Function f)
          when f == Elements.Function.SIN || f == Elements.Function.COS ->
          NO_KERNELS; // of any argument, they need a stack
      case Operation operation -> null;
      case Embedding embedding -> null;
      case BatchNormalization normalization -> null;
      case Frozen frozen -> missing(frozen.layer());
      case Concatenate merge -> null;
      case Pointwise merge -> null;
      case Dot merge -> null;
      case Attention merge -> null;
      case AdditiveAttention merge -> null;
      case MultiHeadAttention merge -> null;
    };
  }

  private static @Nullable String within(Layer layer) {
    String missing = missing(layer);
    return missing == null ? null : within(layer, missing);
  }

  private static String within(Layer layer, String missing) {
    return "of " + layer.className() + ", which " + missing;
  }

  /**
   * Refuses a model that there are no kernels for.
   *
   * @throws IllegalArgumentException naming the layer
   */
  static void require(ModelSpec model) {
    refuse(refusal(model));
  }

  /**
   * Refuses sequences that are cut into windows.
   *
   * @throws IllegalArgumentException if they are
   */
  static void requireWhole(PlanOptions options) {
    refuse(options.window() == 0 ? null : "truncated backprop " + NO_KERNELS);
  }

  private static void refuse(@Nullable String missing) {
    if (missing != null) {
      throw new IllegalArgumentException(
          "backend cuda: " + missing + "; the backend cpu runs this model");
    }
  }
}
