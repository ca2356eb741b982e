package dev.lanewise.bench.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Everybody in the comparison. */
final class Contestants {
  private static final String JAVA =
      Path.of(System.getProperty("java.home"), "bin", "java").toString();

  private Contestants() {}

  static List<Contestant> all() throws IOException {
    return List.of(
        new Contestant(
            "Lanewise, java -jar cli.jar train",
            Map.of(),
            List.of(
                JAVA,
                "--add-modules=jdk.incubator.vector",
                "-jar",
                "cli/target/cli.jar",
                "train",
                "--quiet",
                "--epochs",
                "EPOCHS")),
        peer(
            "Lanewise, as a library",
            "lanewise",
            "Lanewise",
            Map.of(),
            "--add-modules=jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED"),
        peer("TensorFlow Java, unrolled graph", "tensorflow", "TensorFlow", quiet()),
        // The work is native: C2's threads would take a core from OpenMP's two.
        peer(
            "DJL with PyTorch",
            "djl",
            "DjlPyTorch",
            Map.of("OMP_NUM_THREADS", "2"),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Dai.djl.offline=true"),
        peer(
            "Deeplearning4j",
            "deeplearning4j",
            "Deeplearning4j",
            openBlas(),
            "-Dorg.bytedeco.javacpp.maxphysicalbytes=0"));
  }

  private static Contestant peer(
      String name,
      String module,
      String main,
      Map<String, String> environment,
      String... jvmArguments) {
    Path target = Path.of("bench/peers", module, "target");
    List<String> command = new ArrayList<>(List.of(JAVA));
    command.addAll(List.of(jvmArguments));
    command.add("-cp");
    command.add(target.resolve("classes") + ":" + target.resolve("lib") + "/*");
    command.add("dev.lanewise.bench.peers." + main);
    command.add("DIGITS");
    command.add("EPOCHS");
    return new Contestant(name, environment, command);
  }

  private static Map<String, String> quiet() {
    return Map.of("TF_CPP_MIN_LOG_LEVEL", "2");
  }

  /**
   * ND4J's own loops are faster on one thread than on two, its BLAS is not. The BLAS is older than
   * today's processors and takes what it does not know for one without AVX.
   */
  private static Map<String, String> openBlas() throws IOException {
    Path processors = Path.of("/proc/cpuinfo");
    boolean avx512 = Files.exists(processors) && Files.readString(processors).contains("avx512f");
    return Map.of(
        "OMP_NUM_THREADS", "1",
        "OPENBLAS_NUM_THREADS", "2",
        "OPENBLAS_CORETYPE", avx512 ? "SkylakeX" : "Haswell");
  }
}
