package dev.lanewise.engine.keras;

import com.google.gson.JsonObject;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.fuzz.Corpus;
import dev.lanewise.engine.fuzz.Edits;
import dev.lanewise.engine.fuzz.FuzzTarget;
import dev.lanewise.engine.fuzz.JsonEdits;
import dev.lanewise.engine.keras.SavedModel.Origin;
import dev.lanewise.engine.keras.WeightsReader.OptimizerState;
import dev.lanewise.engine.layer.ParameterSpec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Models as JSON, {@code config.json} of a {@code .keras} file. One that is read, is small and can
 * be written is written, read and written again, to the same JSON.
 */
public final class ConfigTarget {
  private static final String WHERE = "some.keras: config.json";

  /** A model of more would be as slow to write as it is large, and is no better a test. */
  private static final long MOST_ELEMENTS = 1 << 12;

  /** JSON as objects and the graph, and both again. */
  public static final FuzzTarget<SavedModel> TARGET =
      new FuzzTarget<>(
          "config",
          ConfigTarget::read,
          List.of(ModelFormatException.class),
          32 << 20,
          4096,
          model -> model.name().startsWith("kq"),
          Edits.of(ConfigTarget.class, JsonEdits::edited));

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
    SavedModel model = model(json, WHERE);
    if (model != null && model.obstacle() == null) {
      JsonObject written = ModelConfig.write(model);
      SavedModel again =
          model(written.toString().getBytes(StandardCharsets.UTF_8), "written.keras");
      if (again == null || !ModelConfig.write(again).equals(written)) {
        throw new AssertionError("a model changes when it is written and read: " + written);
      }
    }
    return model;
  }

  /** Returns the model with weights of zero, or null if it has too many. */
  private static @Nullable SavedModel model(byte[] json, String where) {
    Config config = new Config(where, StrictJson.object(json, where));
    Config compile =
        config.has("compile_config") ? config.child("compile_config").at("compile_config") : null;
    String version = config.has("keras_version") ? config.string("keras_version") : "";
    Draft draft = new Draft(SecondKeras.translated(config, version), compile, Replacements.NONE);
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
    return draft.model(weights, _ -> fresh, new Origin(version, ""));
  }
}
