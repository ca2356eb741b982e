package dev.lanewise.cli.command;

import com.google.gson.JsonObject;
import dev.lanewise.cli.argument.BackendChoice;
import dev.lanewise.cli.argument.TrainingData;
import dev.lanewise.cli.run.Environment;
import dev.lanewise.cli.selftest.SelfTest;
import dev.lanewise.cli.selftest.Timings;
import dev.lanewise.cli.tell.ExitCode;
import dev.lanewise.cli.tell.JsonText;
import dev.lanewise.cli.tell.Version;
import dev.lanewise.engine.backend.Backend;
import dev.lanewise.engine.backend.Backends;
import dev.lanewise.engine.backend.DeviceFailureException;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Plan;
import dev.lanewise.engine.backend.PlanOptions;
import dev.lanewise.engine.backend.Probe;
import dev.lanewise.engine.backend.Totals;
import dev.lanewise.engine.backend.cpu.CpuBackend;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.tensor.InsufficientMemoryException;
import dev.lanewise.engine.tensor.MemoryLedger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code doctor}: what this machine has and why anything is refused. */
@Command(
    name = "doctor",
    description = "Prints what this machine has, what is used of it, and why anything is not.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {"  lanewise doctor", "  lanewise doctor --json"})
public final class DoctorCommand implements Callable<Integer> {
  private static final int BATCH = FoundingModel.BATCH;

  @Option(names = "--json", description = "one JSON object on stdout")
  private boolean json;

  @Option(
      names = "--cuda-selftest",
      description = "hold the GPU's training against the CPU's, then time it: a table to send back")
  private boolean selfTest;

  @Override
  public Integer call() {
    if (selfTest) {
      return selfTest();
    }
    Map<String, String> facts = new LinkedHashMap<>(Environment.here(Version.text()));
    boolean vectors = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    facts.put(
        "vector module",
        vectors ? "loaded" : "not loaded: start with --add-modules jdk.incubator.vector");
    for (Backend backend : Backends.all()) {
      Probe probe = backend.probe();
      facts.put(
          "backend " + backend.name(),
          (probe.available() ? "available: " : "not available: ") + probe.description());
      paths(backend, probe, facts);
      if (probe.available()) {
        String ready = firstUse(backend, probe);
        if (!ready.isEmpty()) {
          facts.put(backend.name() + " first use", ready);
        }
      }
    }
    facts.put("off-heap budget", bytes(MemoryLedger.budgetBytes()));
    facts.put("heap limit", bytes(Runtime.getRuntime().maxMemory()));
    facts.put("data mnist", "bundled");
    Path fashion = TrainingData.FASHION_MNIST;
    facts.put(
        "data fashion-mnist",
        Files.isDirectory(fashion) ? "in " + fashion : "not installed (looked in " + fashion + ")");
    facts.put("training speed", speed());
    if (json) {
      JsonObject object = new JsonObject();
      facts.forEach((name, value) -> object.addProperty(name.replace(' ', '_'), value));
      System.out.println(JsonText.of(object));
    } else {
      facts.forEach((name, value) -> System.out.printf(Locale.ROOT, "%-22s %s%n", name, value));
    }
    return 0;
  }

  private static String bytes(long count) {
    return String.format(Locale.ROOT, "%,d bytes", count);
  }

  /** What a backend would run small and large models on, where it has a choice. */
  private static void paths(Backend backend, Probe probe, Map<String, String> facts) {
    for (int units : new int[] {64, 150, 192, 256}) {
      String path = backend.pathOf(FoundingModel.spec(units));
      if (!path.equals(probe.description())) {
        facts.put(backend.name() + " path of " + units + " units", path);
      }
    }
  }

  /** What a first plan waits for, or what stands in its way. */
  private static String firstUse(Backend backend, Probe probe) {
    try {
      String took = backend.warmUp(FoundingModel.spec());
      return probe.emulated() && !took.isEmpty() ? "possible" : took; // its times mean nothing
    } catch (DeviceFailureException
        | InsufficientMemoryException
        | UnsupportedOperationException e) {
      return "fails: " + e.getMessage();
    }
  }

  /** Tests and times the GPU; a table of timings is of a GPU or not printed at all. */
  private static int selfTest() {
    BackendChoice choice =
        BackendChoice.of(BackendChoice.Wanted.cuda)
            .forModel(BackendChoice.Wanted.cuda, FoundingModel.spec());
    boolean good = new SelfTest(choice.backend(), System.out).run();
    if (choice.probe().emulated()) {
      System.out.println("no timings: an emulation's say nothing of a GPU");
    } else {
      new Timings(choice.backend(), FoundingModel.spec(), FoundingModel.SAMPLE_FLOP, System.out)
          .run();
    }
    return good ? 0 : ExitCode.RUN_FAILED;
  }

  /**
   * One second of updates of the founding model on random pixels, after half a second to warm up.
   */
  private static String speed() {
    CpuBackend backend = new CpuBackend();
    backend.warmUp();
    int threads = Runtime.getRuntime().availableProcessors();
    ModelSpec spec = FoundingModel.spec();
    byte[] pixels = new byte[Math.toIntExact(BATCH * spec.input().elementCount())];
    new Random(1).nextBytes(pixels);
    int[] labels = IntStream.range(0, BATCH).map(i -> i % 10).toArray();
    int[] order = IntStream.range(0, BATCH).toArray();
    try (Plan plan = backend.compile(spec, new PlanOptions(BATCH, threads))) {
      plan.bind(Dataset.ofBytes(spec.input(), pixels, labels, 10));
      updates(plan, order, 0.5);
      double each = updates(plan, order, 1);
      return String.format(
          Locale.ROOT,
          "%.2f ms an update of SimpleRNN(150) on 150 images, %.0f GFLOP/s on %d threads",
          each * 1e3,
          BATCH * FoundingModel.SAMPLE_FLOP / each * 1e-9,
          threads);
    }
  }

  /** Returns the seconds of one update. */
  private static double updates(Plan plan, int[] order, double seconds) {
    Totals totals = new Totals();
    long begin = System.nanoTime();
    long now = begin;
    int count = 0;
    while (now - begin < seconds * 1e9) {
      plan.beginEpoch(order, BATCH);
      plan.step(1, totals);
      count++;
      now = System.nanoTime();
    }
    return (now - begin) * 1e-9 / count;
  }
}
