package dev.lanewise.engine.keras;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Plan;
import dev.lanewise.engine.backend.PlanOptions;
import dev.lanewise.engine.backend.Totals;
import dev.lanewise.engine.backend.cpu.CpuBackend;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.data.JoinedInputs;
import dev.lanewise.engine.data.Targets;
import dev.lanewise.engine.golden.Npy;
import dev.lanewise.engine.loss.SparseCategoricalCrossentropy;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.train.Model;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;

/**
 * A folder of {@code bench/keras/draw_models.py} or {@code draw_second.py}, and what is found of it
 * here.
 */
final class DrawnModel {
  static final String ALIKE = "alike";
  static final String REFUSED = "refused: ";

  private static final int BATCH = 4;

  /** As far as weights moved by one part in a million move a number, so many times. */
  private static final double SLACK = 20;

  private static final LocalDateTime TIME = LocalDateTime.of(2026, 1, 1, 0, 0);

  private final Path folder;
  private final boolean writes;
  private final Map<String, Npy> facts;

  /**
   * Reads what Keras computed.
   *
   * @param writes whether files that Keras is to read are left in the folder
   */
  DrawnModel(Path folder, boolean writes) throws IOException {
    this.folder = folder;
    this.writes = writes;
    this.facts = facts(folder.resolve("facts.npz"));
  }

  /** Returns {@code alike}, or what is refused, or what is other than Keras has it. */
  String verdict() throws IOException {
    SavedModel saved;
    Path archive = folder.resolve("model.keras");
    Path old = folder.resolve("model.h5");
    try {
      saved = KerasFile.read(Files.exists(archive) ? archive : old).forInputs(inputs());
    } catch (ModelFormatException e) {
      return REFUSED + e.getMessage();
    }
    String difference = answered(saved, old);
    if (difference == null && facts.containsKey("t0")) {
      if (saved.obstacle() != null) {
        return REFUSED + saved.obstacle();
      }
      difference = trained(saved);
    }
    return difference == null ? ALIKE : difference;
  }

  private @Nullable String answered(SavedModel saved, Path old) {
    Dataset data = inputData();
    try (Model model = saved.toModel()) {
      if (writes && saved.obstacle() == null) {
        write(SavedModel.of(model, TIME, saved, saved.parameters()), "written.keras");
      }
      String difference = apart("y", "slack", model.predict(data, BATCH));
      if (difference != null || !Files.exists(old)) {
        return difference;
      }
    }
    try (Model model = KerasFile.read(old).forInputs(inputs()).toModel()) {
      String difference = apart("y", "slack", model.predict(data, BATCH));
      return difference == null ? null : "model.h5: " + difference;
    }
  }

  private @Nullable String trained(SavedModel saved) throws IOException {
    ModelSpec spec = saved.spec();
    Dataset data = data(spec);
    try (Plan plan = plan(spec);
        Model model = saved.toModel()) {
      plan.load(saved.parameters());
      plan.bind(data);
      String difference = losses(plan, spec);
      if (writes) {
        write(SavedModel.of(model, TIME, saved, plan.snapshot()), "trained.keras");
      }
      if (difference == null) {
        float[] after = new float[joined("after").length];
        plan.predict(data, BATCH, after);
        difference = apart("after", "after_slack", after);
      }
      model.setParameters(plan.snapshot());
      return difference == null
          ? evaluated(saved, model.evaluate(data, BATCH).values())
          : difference;
    } catch (IllegalArgumentException e) { // of a loss under a mask that layers have computed
      return REFUSED + e.getMessage();
    }
  }

  private static Plan plan(ModelSpec spec) {
    return new CpuBackend().compile(spec, new PlanOptions(BATCH, 2));
  }

  private @Nullable String losses(Plan plan, ModelSpec spec) {
    Totals totals = new Totals(spec);
    int samples = samples();
    double[] losses = facts.get("losses").values();
    for (int i = 0; i < losses.length; i++) {
      if (i % (samples / BATCH) == 0) {
        plan.beginEpoch(IntStream.range(0, samples).toArray(), BATCH);
      }
      totals.reset();
      plan.step(1, totals);
      if (!close(losses[i], totals.meanLoss(), facts.get("loss_slack").values()[i])) {
        return "loss of batch " + i + ": " + totals.meanLoss() + ", not " + losses[i];
      }
    }
    return null;
  }

  private void write(SavedModel model, String name) {
    KerasFile.write(model, folder.resolve(name));
  }

  private @Nullable String evaluated(SavedModel saved, Map<String, Double> found)
      throws IOException {
    List<String> names = Files.readAllLines(folder.resolve("names.txt"));
    boolean omits = saved.objective() != null && !saved.objective().omitted().isEmpty();
    for (int i = 0; i < names.size(); i++) {
      double expected = facts.get("values").values()[i];
      Double value = found.get(names.get(i));
      if (value == null && omits) { // told when the file is read
        continue;
      }
      if (value == null || !close(expected, value, facts.get("value_slack").values()[i])) {
        return "evaluate: " + names.get(i) + " " + value + ", not " + expected;
      }
    }
    return names.containsAll(found.keySet()) ? null : "evaluate: " + found.keySet();
  }

  private static boolean close(double expected, double found, double moved) {
    return Math.abs(found - expected) <= 1e-5 + 1e-4 * Math.abs(expected) + SLACK * moved;
  }

  private @Nullable String apart(String name, String slack, float[] found) {
    float[] expected = joined(name);
    if (found.length != expected.length) {
      return name + ": " + found.length + " numbers, not " + expected.length;
    }
    for (int i = 0; i < found.length; i++) {
      if (!close(expected[i], found[i], facts.get(slack).values()[0])) {
        return name + " " + i + ": " + found[i] + ", not " + expected[i];
      }
    }
    return null;
  }

  /** Returns arrays of one kind as an engine has them, a sample's one after the other. */
  private float[] joined(String name) {
    List<Shape> shapes = new ArrayList<>();
    List<float[]> each = new ArrayList<>();
    for (int i = 0; facts.containsKey(name + i); i++) {
      shapes.add(sample(facts.get(name + i)));
      each.add(facts.get(name + i).floats());
    }
    return JoinedInputs.of(shapes, each);
  }

  private int samples() {
    return facts.get("x0").shape()[0];
  }

  private List<Shape> inputs() {
    List<Shape> inputs = new ArrayList<>();
    for (int i = 0; facts.containsKey("x" + i); i++) {
      inputs.add(sample(facts.get("x" + i)));
    }
    return inputs;
  }

  private Dataset inputData() {
    return Dataset.of(inputs(), joined("x"), new float[samples()], 1);
  }

  private Dataset data(ModelSpec spec) {
    List<Targets> targets = new ArrayList<>();
    for (int i = 0; facts.containsKey("t" + i); i++) {
      float[] t = facts.get("t" + i).floats();
      boolean labels = spec.outputs().get(i).loss() instanceof SparseCategoricalCrossentropy;
      int[] whole = IntStream.range(0, t.length).map(k -> (int) t[k]).toArray();
      Targets own =
          labels
              ? Targets.ofLabels(whole, samples(), spec.shapeOf(i).size(-1))
              : Targets.of(t, samples(), t.length / samples());
      Npy weights = facts.get("w" + i);
      targets.add(weights == null ? own : own.withWeights(weights.floats()));
    }
    return Dataset.of(inputs(), joined("x"), targets);
  }

  private static Shape sample(Npy array) {
    return Shape.of(Arrays.copyOfRange(array.shape(), 1, array.shape().length));
  }

  private static Map<String, Npy> facts(Path path) throws IOException {
    Map<String, Npy> facts = new TreeMap<>();
    try (InputStream in = Files.newInputStream(path);
        ZipInputStream zip = new ZipInputStream(in)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        facts.put(entry.getName().replace(".npy", ""), Npy.of(entry.getName(), zip.readAllBytes()));
      }
    }
    return facts;
  }
}
