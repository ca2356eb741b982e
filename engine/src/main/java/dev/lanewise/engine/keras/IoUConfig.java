package dev.lanewise.engine.keras;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.lanewise.engine.metric.IoU;
import dev.lanewise.engine.metric.Measure;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Keras's metrics of intersection over union. */
final class IoUConfig {
  private static final String CLASSES = "num_classes";
  private static final String TARGETS = "target_class_ids";
  private static final String IGNORED = "ignore_class";
  private static final String SPARSE_TRUE = "sparse_y_true";
  private static final String SPARSE_CALLS = "sparse_y_pred";
  private static final String AXIS = "axis";
  private static final String THRESHOLD = "threshold";
  private static final String DTYPE = "dtype";

  private static final Set<String> KNOWN =
      Set.of("name", DTYPE, CLASSES, TARGETS, IGNORED, SPARSE_TRUE, SPARSE_CALLS, AXIS);

  private static final double HALF = 0.5;

  private IoUConfig() {}

  /** Returns the measure of a name that Keras takes without options; null if there is none. */
  static @Nullable Measure namedOrNull(String name) {
    return switch (name) {
      case "binary_io_u", "BinaryIoU" ->
          new IoU(2, IoU.all(2), null, new IoU.Call.From(HALF), true);
      default -> null;
    };
  }

  /**
   * Returns the measure of a class; null if it is none of these.
   *
   * @throws ModelFormatException naming the option that is not supported
   */
  static @Nullable IoU readOrNull(String type, Config options) {
    return switch (type) {
      case "IoU" -> read(options, targets(options), true);
      case "MeanIoU" -> read(options, null, true);
      case "OneHotIoU" -> read(options, targets(options), false);
      case "OneHotMeanIoU" -> read(options, null, false);
      case "BinaryIoU" -> {
        options.requireKnown(Set.of("name", DTYPE, TARGETS, THRESHOLD));
        List<Integer> targets = options.has(TARGETS) ? targets(options) : IoU.all(2);
        IoU.Call call = new IoU.Call.From(options.number(THRESHOLD, HALF));
        yield new IoU(2, targets, null, call, whole(options));
      }
      default -> null;
    };
  }

  private static IoU read(Config options, @Nullable List<Integer> targets, boolean sparse) {
    options.requireKnown(KNOWN);
    int classes = (int) options.whole(CLASSES, 1, Integer.MAX_VALUE);
    Integer ignored =
        options.has(IGNORED)
            ? (int) options.whole(IGNORED, Integer.MIN_VALUE, Integer.MAX_VALUE)
            : null;
    boolean values = options.bool(SPARSE_CALLS, sparse);
    if (values && !options.bool(SPARSE_TRUE, sparse)) {
      throw options.wrong(SPARSE_CALLS, "false where targets are one-hot");
    }
    if (values && !whole(options)) {
      throw options.wrong(DTYPE, "one of whole numbers where outputs are classes");
    }
    if (options.number(AXIS, -1) != -1) {
      throw options.wrong(AXIS, "-1");
    }
    IoU.Call call = values ? new IoU.Call.Value() : new IoU.Call.Largest();
    List<Integer> counted = targets == null ? IoU.all(classes) : targets;
    return new IoU(classes, counted, ignored, call, whole(options));
  }

  private static List<Integer> targets(Config options) {
    List<Integer> targets = new ArrayList<>();
    for (JsonElement target : options.array(TARGETS)) {
      targets.add((int) options.element(TARGETS, target).whole(TARGETS, 0, Integer.MAX_VALUE));
    }
    return targets;
  }

  /** Keras cuts weights to the metric's dtype, one of whole numbers unless another is given. */
  private static boolean whole(Config options) {
    String dtype = options.has(DTYPE) ? options.string(DTYPE) : "int";
    return dtype.startsWith("int");
  }

  /**
   * Returns the metric as Keras reads it, with what the object's settings have already.
   *
   * @param sparse whether targets are class indices
   */
  static JsonObject write(IoU measure, JsonObject config, boolean sparse) {
    boolean all = measure.targetClassIds().equals(IoU.all(measure.numClasses()));
    config.addProperty(DTYPE, measure.wholeWeights() ? "int64" : "float32");
    if (measure.call() instanceof IoU.Call.From(double threshold)) {
      config.add(TARGETS, OptimizerConfig.numbers(measure.targetClassIds()));
      config.addProperty(THRESHOLD, threshold);
      return KerasObject.of("keras.metrics", "BinaryIoU", config);
    }
    boolean values = measure.call() instanceof IoU.Call.Value;
    config.addProperty(CLASSES, measure.numClasses());
    if (!all) {
      config.add(TARGETS, OptimizerConfig.numbers(measure.targetClassIds()));
    }
    config.addProperty(IGNORED, measure.ignoreClass());
    config.addProperty(SPARSE_TRUE, values || sparse);
    config.addProperty(SPARSE_CALLS, values);
    config.addProperty(AXIS, -1);
    return KerasObject.of("keras.metrics", all ? "MeanIoU" : "IoU", config);
  }
}
