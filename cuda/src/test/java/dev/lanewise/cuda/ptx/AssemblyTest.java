package dev.lanewise.cuda.ptx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Every kernel assembles for every architecture without spilling a register, and with the registers
 * and shared bytes that {@code ptxas.csv} records for ptxas 13.0. Another ptxas may count
 * otherwise: then spills alone are checked. Every build has the first architecture of each kind,
 * {@code -Dlanewise.test.architectures=all} all of them.
 */
class AssemblyTest {
  private static final Path PTX = Path.of("src/main/resources/dev/lanewise/cuda/lanewise.ptx");
  private static final Path TABLE = Path.of("src/test/resources/dev/lanewise/cuda/ptx/ptxas.csv");
  private static final List<String> ARCHITECTURES =
      "all".equals(System.getProperty("lanewise.test.architectures"))
          ? List.of("75", "80", "86", "89", "90", "100", "103", "110", "120", "121")
          : List.of("75", "80", "90", "100", "120");
  private static final Pattern KERNEL =
      Pattern.compile(
          "Compiling entry function '(\\w+)' for 'sm_(\\d+)'.*?"
              + "(\\d+) bytes stack frame, (\\d+) bytes spill stores, (\\d+) bytes spill loads.*?"
              + "Used (\\d+) registers([^\\n]*)",
          Pattern.DOTALL);
  private static final Pattern SHARED = Pattern.compile("(\\d+) bytes smem");

  @Test
  void noKernelSpillsAndAllNeedWhatIsRecorded() throws Exception {
    Tool.require("ptxas");
    SortedMap<String, String> rows = new TreeMap<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      List<Future<String>> logs =
          ARCHITECTURES.stream().map(each -> threads.submit(() -> assemble(each))).toList();
      for (Future<String> log : logs) {
        read(log.get(), rows);
      }
    }
    assertThat(rows).hasSize(kernels());
    StringBuilder table = new StringBuilder("kernel,shared bytes");
    ARCHITECTURES.forEach(architecture -> table.append(",sm_").append(architecture));
    rows.forEach((kernel, row) -> table.append('\n').append(kernel).append(row));
    Files.writeString(Path.of("target", "ptxas.csv"), table + "\n");
    if (Tool.run("ptxas", "--version").contains("release 13.0")) {
      assertThat(table.toString().lines())
          .as(
              "registers; if the change is wanted, of all architectures target/ptxas.csv is the new"
                  + " table")
          .containsExactlyElementsOf(recorded());
    }
  }

  /** Returns the table's lines with the columns of the architectures at hand. */
  private static List<String> recorded() throws IOException {
    List<String> lines = Files.readAllLines(TABLE);
    List<String> heads = List.of(lines.getFirst().split(","));
    int[] columns =
        IntStream.range(0, heads.size())
            .filter(i -> i < 2 || ARCHITECTURES.contains(heads.get(i).substring("sm_".length())))
            .toArray();
    return lines.stream()
        .map(line -> line.split(","))
        .map(row -> IntStream.of(columns).mapToObj(i -> row[i]).collect(Collectors.joining(",")))
        .toList();
  }

  private static int kernels() throws IOException {
    return Files.readString(PTX).split("\\.entry", -1).length - 1;
  }

  private static String assemble(String architecture) throws Exception {
    return Tool.run("ptxas", "-v", "-arch=sm_" + architecture, PTX.toString(), "-o", "/dev/null");
  }

  /** Adds an architecture's registers to each kernel's row. */
  private static void read(String log, Map<String, String> rows) {
    Matcher kernel = KERNEL.matcher(log);
    while (kernel.find()) {
      for (int i = 3; i <= 5; i++) { // stack, spill stores, spill loads
        assertThat(kernel.group(i)).as(kernel.group()).isEqualTo("0");
      }
      Matcher shared = SHARED.matcher(kernel.group(7));
      rows.putIfAbsent(kernel.group(1), "," + (shared.find() ? shared.group(1) : "0"));
      rows.merge(kernel.group(1), "," + kernel.group(6), String::concat);
    }
  }
}
