package dev.lanewise.bench.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** What the system tells about the processor; nothing where it has no {@code /proc}. */
final class Machine {
  private static final Path PROCESSORS = Path.of("/proc/cpuinfo");

  private Machine() {}

  /** Returns whether the processor has a feature, by Linux's name for it. */
  static boolean hasFlag(String flag) throws IOException {
    return Arrays.asList(field("flags").split(" ")).contains(flag);
  }

  /** Returns whether it is an x86-64 that Intel did not make. */
  static boolean isOtherX86() throws IOException {
    String vendor = field("vendor_id");
    return !vendor.isEmpty() && !vendor.equals("GenuineIntel");
  }

  /** Returns one line: processor, how many, system, Java. */
  static String describe() throws IOException {
    String model = field("model name");
    return (model.isEmpty() ? "unknown processor" : model)
        + ", "
        + Runtime.getRuntime().availableProcessors()
        + " processors, "
        + System.getProperty("os.name")
        + " on "
        + System.getProperty("os.arch")
        + ", Java "
        + Runtime.version();
  }

  private static String field(String name) throws IOException {
    if (!Files.exists(PROCESSORS)) {
      return "";
    }
    try (var lines = Files.lines(PROCESSORS)) {
      return lines
          .filter(line -> line.startsWith(name))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse("");
    }
  }
}
