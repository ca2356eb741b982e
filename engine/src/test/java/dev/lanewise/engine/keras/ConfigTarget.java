package dev.lanewise.engine.keras;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.fuzz.Corpus;
import dev.lanewise.engine.fuzz.FuzzTarget;
import dev.lanewise.engine.keras.SavedModel.Origin;
import dev.lanewise.engine.keras.WeightsReader.OptimizerState;
import dev.lanewise.engine.layer.ParameterSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Models as JSON, {@code config.json} of a {@code .keras} file. One that is read, is small and can
 * be written is written, read and written again, to the same bytes.
 */
public final class ConfigTarget {
  private static final String WHERE = "some.keras: config.json";

  /** A model of more would be as slow to write as it is large, and is no better a test. */
  private static final long MOST_ELEMENTS = 1 << 12;

  /** JSON as objects, the graph, and two archives of what it makes. */
  public static final FuzzTarget<SavedModel> TARGET =
      new FuzzTarget<>(
          "config",
          ConfigTarget::read,
          List.of(ModelFormatException.class),
          32 << 20,
          4096,
          model -> model.name().startsWith("kq"));

  private ConfigTarget() {}

  /** Called by the fuzzer, once. */
  public static void fuzzerInitialize() {
    Corpus.warmUp(TARGET, ConfigTarget.class);
  }

  /** Called by the fuzzer. */
  public static void fuzzerTestOneInput(byte[] json) {
    TARGET.run(json);
  }

  private static @Nullable SavedModel read(byte[] json) {
    Config config = new Config(WHERE, StrictJson.object(json, WHERE));
    Config compile =
        config.has("compile_config") ? config.child("compile_config").at("compile_config") : null;
    String version = config.has("keras_version") ? config.string("keras_version") : "";
    Draft draft = new Draft(ActivationNames.sinceKeras3(config, version), compile);
    ModelSpec spec = draft.spec();
    List<float[]> weights = new ArrayList<>();
    long elements = 0;
    for (ParameterSpec parameter : spec.parameters()) {
      elements += parameter.shape().elementCount();
      if (elements > MOST_ELEMENTS) {
        return null;
      }
      weights.add(new float[Math.toIntExact(parameter.shape().elementCount())]);
    }
    OptimizerState fresh = new OptimizerState(List.of(), 0, null);
    SavedModel model = draft.model(weights, _ -> fresh, new Origin(version, ""));
    if (model.obstacle() == null) {
      byte[] written = KerasFile.bytes(model);
      byte[] again = KerasFile.bytes(new ModelReader("written.keras", written).model());
      if (!Arrays.equals(written, again)) {
        throw new AssertionError("a model changes when it is written and read");
      }
    }
    return model;
  }
}
