package dev.lanewise.cuda;

import dev.lanewise.engine.backend.LossForm;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.PlanOptions;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.ActivationLayer;
import dev.lanewise.engine.layer.AveragePooling1D;
import dev.lanewise.engine.layer.BatchNormalization;
import dev.lanewise.engine.layer.Bidirectional;
import dev.lanewise.engine.layer.Conv1D;
import dev.lanewise.engine.layer.Conv2D;
import dev.lanewise.engine.layer.Convolution1D;
import dev.lanewise.engine.layer.Cropping1D;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Dropout;
import dev.lanewise.engine.layer.Embedding;
import dev.lanewise.engine.layer.Flatten;
import dev.lanewise.engine.layer.Frozen;
import dev.lanewise.engine.layer.GlobalAveragePooling1D;
import dev.lanewise.engine.layer.GlobalMaxPooling1D;
import dev.lanewise.engine.layer.GlobalPooling2D;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.LayerNormalization;
import dev.lanewise.engine.layer.LeakyRelu;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.layer.Masking;
import dev.lanewise.engine.layer.MaxPooling1D;
import dev.lanewise.engine.layer.Merge;
import dev.lanewise.engine.layer.Normalization;
import dev.lanewise.engine.layer.Operation;
import dev.lanewise.engine.layer.ParameterSpec;
import dev.lanewise.engine.layer.Permute;
import dev.lanewise.engine.layer.Pooling2D;
import dev.lanewise.engine.layer.Regularizer;
import dev.lanewise.engine.layer.Relocation;
import dev.lanewise.engine.layer.RepeatVector;
import dev.lanewise.engine.layer.Rescaling;
import dev.lanewise.engine.layer.Reshape;
import dev.lanewise.engine.layer.Rnn;
import dev.lanewise.engine.layer.Rowwise;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.layer.Softmax;
import dev.lanewise.engine.layer.SpatialDropout1D;
import dev.lanewise.engine.layer.TimeDistributed;
import dev.lanewise.engine.layer.UpSampling1D;
import dev.lanewise.engine.layer.ZeroPadding1D;
import dev.lanewise.engine.metric.Measure;
import dev.lanewise.engine.metric.Metric;
import dev.lanewise.engine.optimizer.Adadelta;
import dev.lanewise.engine.optimizer.Adagrad;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.optimizer.AdamW;
import dev.lanewise.engine.optimizer.Lion;
import dev.lanewise.engine.optimizer.Nadam;
import dev.lanewise.engine.optimizer.Optimizer;
import dev.lanewise.engine.optimizer.RmsProp;
import dev.lanewise.engine.optimizer.Sgd;
import org.jspecify.annotations.Nullable;

/**
 * What there are kernels for. The switches are exhaustive: whatever is new to the engine is either
 * refused here by name or has its kernels.
 */
final class CudaSupport {
  private static final String NO_KERNELS = "has no CUDA kernels yet";
  private static final String SMOOTHING = "label_smoothing has no kernel";

  private CudaSupport() {}

  /** Returns what of a model there are no kernels for, in one line, or null if all are there. */
  static @Nullable String refusal(ModelSpec model) {
    String layer = missingLayer(model);
    if (layer != null) {
      return layer;
    }
    String loss = missingLoss(model);
    if (loss != null) {
      return loss;
    }
    for (Metric metric : model.metrics()) {
      String missing = missing(metric, model.output().size(-1));
      if (missing != null) {
        return "metric " + metric.name() + ": " + missing;
      }
    }
    return missing(model.optimizer());
  }

  private static @Nullable String missingLayer(ModelSpec model) {
    if (!model.graph().isChain()) {
      return "a graph in which layers do not simply follow one another " + NO_KERNELS;
    }
    for (int i = 0; i < model.layers().size(); i++) {
      Layer layer = model.layers().get(i);
      String missing = missing(layer);
      for (ParameterSpec parameter : layer.parameters(model.inputOf(i))) {
        if (missing == null && !parameter.regularizer().equals(Regularizer.NONE)) {
          missing = "has no CUDA kernel of a regularizer of its " + parameter.name() + " yet";
        }
      }
      if (missing != null) {
        return "layer " + i + " (" + layer.className() + ") " + missing;
      }
    }
    return null;
  }

  private static @Nullable String missing(Layer layer) {
    return switch (layer) {
      case SimpleRnn rnn when rnn.returnState() ->
          "has no CUDA kernel of its states as outputs yet";
      case SimpleRnn rnn when rnn.stateful() ->
          "has no CUDA kernel of states that are kept from batch to batch yet";
      case SimpleRnn rnn ->
          rnn.dropout() > 0 || rnn.recurrentDropout() > 0
              ? "has no CUDA kernel of its dropout yet"
              : missing(rnn.activation());
      case Lstm lstm -> NO_KERNELS;
      case Gru gru -> NO_KERNELS;
      case Rnn rnn -> NO_KERNELS;
      case Dense dense -> missing(dense.activation());
      case Bidirectional both -> NO_KERNELS;
      case TimeDistributed distributed -> NO_KERNELS;
      case ActivationLayer function -> NO_KERNELS;
      case LeakyRelu leaky -> NO_KERNELS;
      case Softmax softmax -> NO_KERNELS;
      case Rowwise rowwise -> NO_KERNELS;
      case Masking masking -> NO_KERNELS; // nor do the others know masks
      case Dropout dropout -> NO_KERNELS;
      case SpatialDropout1D dropout -> NO_KERNELS;
      case Flatten flatten -> NO_KERNELS;
      case Reshape reshape -> NO_KERNELS;
      case RepeatVector repeat -> NO_KERNELS;
      case Conv1D convolution -> NO_KERNELS;
      case Convolution1D convolution -> NO_KERNELS;
      case MaxPooling1D pooling -> NO_KERNELS;
      case AveragePooling1D pooling -> NO_KERNELS;
      case GlobalMaxPooling1D pooling -> NO_KERNELS;
      case GlobalAveragePooling1D pooling -> NO_KERNELS;
      case Conv2D convolution -> NO_KERNELS;
      case Pooling2D pooling -> NO_KERNELS;
      case GlobalPooling2D pooling -> NO_KERNELS;
      case Relocation picture -> NO_KERNELS;
      case LayerNormalization normalization -> NO_KERNELS;
      case Normalization normalization -> NO_KERNELS;
      case Rescaling rescaling -> NO_KERNELS;
      case Permute permute -> NO_KERNELS;
      case ZeroPadding1D padding -> NO_KERNELS;
      case Cropping1D cropping -> NO_KERNELS;
      case UpSampling1D sampling -> NO_KERNELS;
      case Operation operation -> NO_KERNELS;
      case Embedding embedding -> NO_KERNELS;
      case BatchNormalization normalization -> NO_KERNELS;
      case Frozen frozen -> "is frozen, which the CUDA kernels cannot do yet";
      case Merge merge -> NO_KERNELS;
    };
  }

  private static @Nullable String missing(Activation activation) {
    return switch (activation) {
      case LINEAR, RELU, TANH, SIGMOID, SOFTMAX -> null;
      case RELU6,
          LEAKY_RELU,
          HARD_SIGMOID,
          KERAS_2_HARD_SIGMOID,
          SOFTSIGN,
          EXPONENTIAL,
          ELU,
          SELU,
          SOFTPLUS,
          SILU,
          GELU,
          HARD_SILU,
          HARD_TANH,
          HARD_SHRINK,
          SOFT_SHRINK,
          TANH_SHRINK,
          MISH,
          LOG_SIGMOID,
          SQUAREPLUS,
          SPARSE_PLUS,
          SPARSE_SIGMOID ->
          "has no CUDA kernel of activation " + activation.kerasName() + " yet";
    };
  }

  private static @Nullable String missingLoss(ModelSpec model) {
    String loss = "loss " + model.loss().kerasName() + ": ";
    if (model.outputs().getFirst().weight() != 1) {
      return loss + "loss_weights have no kernel";
    }
    return switch (model.lossForm()) {
      case LossForm.SoftmaxCrossentropy(boolean takesLogits, double smoothing) when !takesLogits ->
          loss + "from_logits has no kernel";
      case LossForm.SoftmaxCrossentropy(boolean _, double smoothing) ->
          smoothing == 0 ? null : loss + SMOOTHING;
      case LossForm.ClippedCrossentropy(double smoothing) ->
          smoothing == 0 ? null : loss + SMOOTHING;
      case LossForm.SquaredError _ -> null;
      case LossForm.ClippedSparseCrossentropy _ -> loss + "only a softmax below it has a kernel";
      case LossForm.SigmoidCrossentropy _,
          LossForm.ClippedBinaryCrossentropy _,
          LossForm.Divergence _,
          LossForm.Cosine _,
          LossForm.AbsoluteError _,
          LossForm.HuberError _,
          LossForm.LogCoshError _ ->
          loss + "has no kernel";
    };
  }

  private static @Nullable String missing(Metric metric, int units) {
    return switch (metric.measure()) {
      case Measure.Accuracy _, Measure.CategoricalAccuracy _ when units == 1 ->
          "of a single output has no kernel";
      case Measure.Accuracy _, Measure.CategoricalAccuracy _, Measure.MeanAbsoluteError _ ->
          metric.weighted() ? "weights of samples have no kernel" : null;
      case Measure.OutputLoss _,
          Measure.BinaryAccuracy _,
          Measure.TopKCategoricalAccuracy _,
          Measure.MeanSquaredError _,
          Measure.RootMeanSquaredError _,
          Measure.CosineSimilarity _,
          Measure.Precision _,
          Measure.Recall _,
          Measure.Auc _ ->
          "has no kernel";
    };
  }

  private static @Nullable String missing(Optimizer optimizer) {
    if (optimizer.weightDecay() != 0) {
      return without(optimizer, "weight_decay");
    }
    return switch (optimizer) {
      case Adam adam -> adam.amsgrad() ? without(optimizer, "amsgrad") : null;
      case Sgd sgd -> null;
      case AdamW adamW -> without(optimizer);
      case RmsProp rms -> without(optimizer);
      case Nadam nadam -> without(optimizer);
      case Adagrad adagrad -> without(optimizer);
      case Adadelta adadelta -> without(optimizer);
      case Lion lion -> without(optimizer);
    };
  }

  private static String without(Optimizer optimizer) {
    return "optimizer " + optimizer.kerasName() + ": has no CUDA kernels yet";
  }

  private static String without(Optimizer optimizer, String option) {
    return "optimizer " + optimizer.kerasName() + ": " + option + " has no CUDA kernels yet";
  }

  /**
   * Refuses data that there are no kernels for.
   *
   * @throws IllegalArgumentException naming what of them
   */
  static void require(ModelSpec model, Dataset data) {
    if (data.hasSampleWeights()) {
      throw new IllegalArgumentException(
          "backend cuda: weights of samples have no kernel; the backend cpu takes them");
    }
    if (data.hasLabels() && model.output().size(-1) == 1) {
      throw new IllegalArgumentException(
          "backend cuda: labels of a single output have no kernel; give float targets, or take the"
              + " backend cpu");
    }
  }

  /**
   * Refuses a model that there are no kernels for.
   *
   * @throws IllegalArgumentException naming layer, loss, metric or optimizer
   */
  static void require(ModelSpec model) {
    refuse(refusal(model));
  }

  /**
   * Refuses a model that cannot answer: its loss, metrics and optimizer are not asked.
   *
   * @throws IllegalArgumentException naming the layer
   */
  static void requireLayers(ModelSpec model) {
    refuse(missingLayer(model));
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
