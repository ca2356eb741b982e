package dev.lanewise.bench.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * PyTorch's MKL asks a function of its own whether Intel made the processor, and takes a slow path
 * where not. A library with another answer, loaded first, opens the fast one. Nobody gets that
 * unasked, so it is a row of its own.
 */
final class MklGate {
  private static final String SOURCE = "int mkl_serv_intel_cpu_true(void) { return 1; }\n";

  private MklGate() {}

  /**
   * Builds the library.
   *
   * @return its file; empty where it would change nothing or there is no C compiler
   */
  static Optional<Path> build(Path folder) throws IOException, InterruptedException {
    if (!Machine.isOtherX86()) {
      return Optional.empty();
    }
    Path compiler = Path.of("/usr/bin/cc");
    if (!Files.isExecutable(compiler)) {
      System.out.println("no " + compiler + ": PyTorch runs as shipped only");
      return Optional.empty();
    }
    Path source = Files.writeString(folder.resolve("mkl_gate.c"), SOURCE);
    Path library = folder.resolve("libmkl_gate.so").toAbsolutePath().normalize();
    List<String> command =
        List.of(
            compiler.toString(), "-shared", "-fPIC", "-o", library.toString(), source.toString());
    int status = new ProcessBuilder(command).inheritIO().start().waitFor();
    if (status != 0) {
      throw new IOException("status " + status + " of: " + String.join(" ", command));
    }
    return Optional.of(library);
  }
}
