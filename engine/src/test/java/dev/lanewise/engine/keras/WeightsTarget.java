package dev.lanewise.engine.keras;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.fuzz.Corpus;
import dev.lanewise.engine.fuzz.Edits;
import dev.lanewise.engine.fuzz.FuzzTarget;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;

/** HDF5 files of a known model's weights, in either layout. */
public final class WeightsTarget {
  private static final ModelSpec SPEC =
      new ModelSpec(
          Shape.of(3, 2),
          List.of(SimpleRnn.of(2), Dense.of(1)),
          Loss.MEAN_SQUARED_ERROR,
          Sgd.of(1));

  /** jHDF's structures, each of which may be read several times on the way to an array. */
  public static final FuzzTarget<List<float[]>> TARGET =
      new FuzzTarget<>(
          "weights",
          WeightsTarget::read,
          List.of(ModelFormatException.class),
          8 << 20,
          1024,
          weights -> weights.get(0)[0] > 1e30 && weights.get(4)[0] < -1,
          Edits.of(WeightsTarget.class, Hdf5Edits::edited));

  private WeightsTarget() {}

  /** Called by the fuzzer, once. */
  public static void fuzzerInitialize() {
    Corpus.warmUp(TARGET, WeightsTarget.class);
  }

  /** Called by the fuzzer. */
  public static void fuzzerTestOneInput(byte[] file) {
    TARGET.run(file);
  }

  private static List<float[]> read(byte[] file) {
    return new ModelReader("some.weights.h5", SoundHdf5.of(file)).weights(SPEC, List.of());
  }
}
