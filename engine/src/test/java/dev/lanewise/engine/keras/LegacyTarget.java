package dev.lanewise.engine.keras;

import dev.lanewise.engine.fuzz.Corpus;
import dev.lanewise.engine.fuzz.Edits;
import dev.lanewise.engine.fuzz.FuzzTarget;
import java.util.List;

/** HDF5 files of whole models. */
public final class LegacyTarget {
  /** As that of weights, with a configuration. */
  public static final FuzzTarget<SavedModel> TARGET =
      new FuzzTarget<>(
          "legacy",
          file -> new ModelReader("some.h5", SoundHdf5.of(file)).model(),
          List.of(ModelFormatException.class),
          8 << 20,
          1024,
          LegacyTarget::isPlanted,
          Edits.of(LegacyTarget.class, Hdf5Edits::edited));

  private LegacyTarget() {}

  /** Called by the fuzzer, once. */
  public static void fuzzerInitialize() {
    Corpus.warmUp(TARGET, LegacyTarget.class);
  }

  /** Called by the fuzzer. */
  public static void fuzzerTestOneInput(byte[] file) {
    TARGET.run(file);
  }

  /** The first number of a model is larger than any trained one. */
  static boolean isPlanted(SavedModel model) {
    List<float[]> weights = model.parameters().values();
    return !weights.isEmpty() && weights.getFirst()[0] > 1e30;
  }
}
