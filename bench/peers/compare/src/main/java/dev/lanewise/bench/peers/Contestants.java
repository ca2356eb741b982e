package dev.lanewise.bench.peers;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Everybody in the comparison. Paths are relative to the repository's root. */
final class Contestants {
  private static final String JAVA =
      Path.of(System.getProperty("java.home"), "bin", "java").toString();
  private static final String VECTORS = "--add-modules=jdk.incubator.vector";

  private Contestants() {}

  /**
   * Returns all that can be started here, model by model.
   *
   * @param folder takes what has to be built for them
   */
  static List<Contestant> all(Path folder, List<Cell> cells)
      throws IOException, InterruptedException {
    Optional<Path> gate = MklGate.build(folder);
    List<Contestant> all = new ArrayList<>();
    for (Cell cell : cells) {
      all.add(new Contestant(cell, "Lanewise, java -jar cli.jar train", Map.of(), cli(cell)));
      all.add(peer(cell, "Lanewise, as a library", "lanewise", "Lanewise", Map.of(), VECTORS));
      all.add(
          peer(
              cell,
              "TensorFlow Java, unrolled graph",
              "tensorflow",
              "TensorFlow",
              Map.of("TF_CPP_MIN_LOG_LEVEL", "2")));
      all.add(pyTorch(cell, "DJL with PyTorch", Map.of()));
      gate.ifPresent(
          library ->
              all.add(
                  pyTorch(
                      cell,
                      "DJL with PyTorch, MKL's fast path forced",
                      Map.of("LD_PRELOAD", library.toString()))));
      if (cell == Cell.SIMPLE_RNN) {
        all.add(deeplearning4j(cell));
      }
    }
    return all;
  }

  private static Function<Work, List<String>> cli(Cell cell) {
    List<String> model =
        switch (cell) {
          case SIMPLE_RNN, LSTM, GRU -> List.of("--cell", cell.toString());
          case BIDIRECTIONAL_LSTM -> List.of("--cell", "lstm", "--bidirectional", "--units", "75");
        };
    return work -> {
      List<String> command = new ArrayList<>(List.of(JAVA, VECTORS, "-jar"));
      command.add(Path.of("cli", "target", "cli.jar").toString());
      command.addAll(List.of("train", "--json"));
      command.addAll(model);
      command.addAll(List.of("--epochs", Integer.toString(work.epochs())));
      command.addAll(List.of("--limit", Integer.toString(work.limit())));
      return command;
    };
  }

  /** With the founding model alone: it was the slowest there by far, and it has no GRU. */
  private static Contestant deeplearning4j(Cell cell) throws IOException {
    return peer(
        cell,
        "Deeplearning4j",
        "deeplearning4j",
        "Deeplearning4j",
        openBlas(),
        // Off: it reads the process's resident memory at every allocation.
        "-Dorg.bytedeco.javacpp.maxphysicalbytes=0",
        // Left to itself it loads its library for AVX-512, whatever the processor.
        "-Dorg.bytedeco.javacpp.platform.extension="
            + (Machine.hasFlag("avx512f") ? "-avx512" : "-avx2"));
  }

  /**
   * The work is native: C2's threads would take a core from OpenMP's two. PyTorch allocates every
   * result anew; glibc would give the larger ones back to the system each time and fetch them again
   * page by page, which takes a tenth of an epoch.
   */
  private static Contestant pyTorch(Cell cell, String name, Map<String, String> further) {
    Map<String, String> environment = new HashMap<>(further);
    environment.put("OMP_NUM_THREADS", "2");
    environment.put("MALLOC_MMAP_THRESHOLD_", Integer.toString(32 << 20)); // glibc's most
    environment.put("MALLOC_TRIM_THRESHOLD_", Integer.toString(1 << 30));
    environment.put("MALLOC_TOP_PAD_", Integer.toString(64 << 20));
    return peer(
        cell,
        name,
        "djl",
        "DjlPyTorch",
        environment,
        "-XX:TieredStopAtLevel=1",
        "-XX:+UseSerialGC",
        "-Dai.djl.offline=true",
        "-Dai.djl.pytorch.num_threads=2",
        "-Dai.djl.pytorch.num_interop_threads=1");
  }

  private static Contestant peer(
      Cell cell,
      String name,
      String module,
      String main,
      Map<String, String> environment,
      String... jvmArguments) {
    Path target = Path.of("bench", "peers", module, "target");
    List<String> start = new ArrayList<>(List.of(JAVA, "--enable-native-access=ALL-UNNAMED"));
    start.addAll(List.of(jvmArguments));
    start.add("-cp");
    start.add(
        target.resolve("classes")
            + File.pathSeparator
            + target.resolve("lib")
            + File.separator
            + "*");
    start.add("dev.lanewise.bench.peers." + main);
    return new Contestant(
        cell,
        name,
        environment,
        work -> {
          List<String> command = new ArrayList<>(start);
          command.add(work.digits().toString());
          command.add(Integer.toString(work.epochs()));
          command.add(Integer.toString(work.limit()));
          command.add(cell.toString());
          return command;
        });
  }

  /**
   * ND4J's own loops are faster on one thread than on two, its BLAS is not. The BLAS is older than
   * today's processors and takes one that it does not know for one without AVX.
   */
  private static Map<String, String> openBlas() throws IOException {
    return Map.of(
        "OMP_NUM_THREADS",
        "1",
        "OPENBLAS_NUM_THREADS",
        "2",
        "OPENBLAS_CORETYPE",
        Machine.hasFlag("avx512f") ? "SkylakeX" : "Haswell");
  }
}
