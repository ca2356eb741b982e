package dev.lanewise.cli.run;

import dev.lanewise.engine.backend.cpu.CpuBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What a run ran on, by name. */
public final class Environment {
  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

  private Environment() {}

  /**
   * Returns the environment of this process.
   *
   * @param version the application's version
   */
  public static Map<String, String> here(String version) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("lanewise", version);
    facts.put("java", System.getProperty("java.runtime.version", "unknown"));
    facts.put("jvm", System.getProperty("java.vm.name", "unknown"));
    facts.put(
        "system",
        System.getProperty("os.name")
            + " "
            + System.getProperty("os.version")
            + ", "
            + System.getProperty("os.arch"));
    facts.put("processor", processor().orElse("unknown"));
    facts.put("processors", Integer.toString(Runtime.getRuntime().availableProcessors()));
    facts.put("vector bits", Integer.toString(CpuBackend.vectorBits()));
    return facts;
  }

  private static Optional<String> processor() {
    if (!Files.isReadable(CPU_INFO)) {
      return Optional.empty();
    }
    try (Stream<String> lines = Files.lines(CPU_INFO)) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst();
    } catch (IOException e) {
      return Optional.empty(); // a name to print, nothing hangs on it
    }
  }
}
