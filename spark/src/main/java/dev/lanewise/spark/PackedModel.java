package dev.lanewise.spark;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.optimizer.ConstantLearningRate;
import dev.lanewise.engine.train.Model;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;

/** A model on its way to the executors: as a Keras file, with its weights and seed beside it. */
final class PackedModel implements Serializable {
  private static final long serialVersionUID = 1L;

  private final byte[] file;
  private final PackedParameters parameters;
  private final long seed;

  /** The step size, which a file has in float32; absent where a schedule gives it. */
  private final @Nullable Double rate;

  /**
   * Packs a model that is compiled.
   *
   * @throws IllegalArgumentException if a Keras file cannot say what it is
   */
  PackedModel(Model model) {
    file = KerasBytes.of(model);
    parameters = new PackedParameters(model.parameters());
    seed = model.seed();
    ModelSpec expected = model.spec();
    rate =
        expected.optimizer().learningRate() instanceof ConstantLearningRate constant
            ? constant.learningRate()
            : null;
    ModelSpec read = spec();
    if (!read.equals(expected)) {
      throw new IllegalArgumentException(
          "the model cannot be sent to executors: as a Keras file it would be "
              + read
              + ", not "
              + expected);
    }
  }

  private ModelSpec spec() {
    ModelSpec read = KerasBytes.read(file).spec();
    return rate == null
        ? read
        : new ModelSpec(
            read.graph(),
            read.outputs(),
            read.optimizer().withLearningRate(new ConstantLearningRate(rate)));
  }

  /** Returns the model, whose memory the caller closes. */
  Model open() {
    ModelSpec spec = spec();
    Model model = Model.of(spec.graph()).withSeed(seed);
    model.compile(spec.optimizer(), spec.outputs());
    model.setParameters(parameters.open());
    return model;
  }

  /** Returns a digest of the layers and what they read, without weights. */
  String configDigest() {
    try (ZipInputStream members = new ZipInputStream(new ByteArrayInputStream(file))) {
      for (ZipEntry each = members.getNextEntry(); each != null; each = members.getNextEntry()) {
        if (each.getName().equals("config.json")) {
          return new Sha256().add(members.readAllBytes()).hex();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    throw new IllegalStateException("a Keras file has a config.json");
  }

  /** Returns a digest of the weights and the optimizer's state. */
  String startDigest() {
    return parameters.digest();
  }
}
