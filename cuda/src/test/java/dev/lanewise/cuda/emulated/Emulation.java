package dev.lanewise.cuda.emulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lanewise.cuda.CudaBackend;
import dev.lanewise.cuda.driver.PrimaryContext;
import dev.lanewise.engine.backend.DeviceFailureException;
import dev.lanewise.engine.tensor.InsufficientMemoryException;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The stand-in for {@code libcuda.so.1} from {@code src/test/cpp}: built by g++, loaded before
 * JCuda, whose native library then binds to it. Where g++ is missing tests are skipped; with {@code
 * -Dlanewise.test.require.emulation=true} they fail.
 */
final class Emulation {
  private static final Path SOURCES = Path.of("src", "test", "cpp");
  private static final Path LIBRARY = Path.of("target", "stand-in", "libcuda.so.1");

  private static String problem = "";
  private static boolean loaded;

  private Emulation() {}

  /** Loads it once; skips the test that asks, or fails it, where it cannot be built. */
  static synchronized void require() {
    if (!loaded && problem.isEmpty()) {
      try {
        build();
        System.load(LIBRARY.toAbsolutePath().toString());
        new CudaBackend().probe(); // unpacks JCuda's library privately, before a test names JCuda
        loaded = true;
      } catch (IOException | IllegalStateException | UnsatisfiedLinkError e) {
        problem = String.valueOf(e.getMessage());
      }
    }
    if (!loaded) {
      assertThat(Boolean.getBoolean("lanewise.test.require.emulation"))
          .withFailMessage("the emulation cannot be used: " + problem)
          .isFalse();
      assumeTrue(false, "the emulation cannot be used: " + problem);
    }
  }

  /** Builds the library where it is missing or older than a source. */
  static Path build() throws IOException {
    List<Path> sources = new ArrayList<>();
    boolean stale = Files.notExists(LIBRARY);
    try (Stream<Path> files = Files.list(SOURCES)) {
      for (Path file : files.sorted().toList()) {
        if (file.toString().endsWith(".cpp")) {
          sources.add(file);
        }
        stale |= !stale && newer(file, LIBRARY);
      }
    }
    if (stale) {
      compile(sources);
    }
    return LIBRARY;
  }

  private static boolean newer(Path file, Path than) throws IOException {
    return Files.getLastModifiedTime(file).compareTo(Files.getLastModifiedTime(than)) > 0;
  }

  private static void compile(List<Path> sources) throws IOException {
    Files.createDirectories(LIBRARY.getParent());
    File log = LIBRARY.resolveSibling("g++-" + ProcessHandle.current().pid() + ".log").toFile();
    List<String> command =
        new ArrayList<>(
            List.of("g++", "-std=c++17", "-O3", "-march=native", "-fPIC", "-shared", "-pthread"));
    command.add("-Wl,-soname,libcuda.so.1"); // the name that JCuda's library asks for
    // Two JVMs run these tests: each makes its own, and one takes the other's place whole.
    Path made = LIBRARY.resolveSibling("libcuda-" + ProcessHandle.current().pid() + ".so");
    command.add("-o");
    command.add(made.toString());
    sources.forEach(source -> command.add(source.toString()));
    try {
      Process process =
          new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log).start();
      if (!process.waitFor(5, TimeUnit.MINUTES) || process.exitValue() != 0) {
        throw new IllegalStateException(
            "g++ failed: " + Files.readString(log.toPath(), StandardCharsets.UTF_8));
      }
      Files.move(made, LIBRARY, StandardCopyOption.ATOMIC_MOVE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** Makes the {@code nth} call from now on return {@code code}; 0 for none. */
  static void fail(long nth, int code) {
    invoke(
        "standin_fail",
        FunctionDescriptor.ofVoid(ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT),
        nth,
        code);
  }

  /** Has kernels launched but not run, until {@link #forget}: for what happens around them. */
  static void idle() {
    invoke("standin_idle", FunctionDescriptor.ofVoid());
  }

  /** Sets how many devices there are, which version the driver supports, how much memory. */
  static void device(int count, int version, long bytes) {
    invoke(
        "standin_device",
        FunctionDescriptor.ofVoid(
            ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG),
        count,
        version,
        bytes);
  }

  /** Sets how many bytes of shared memory a block can have, when a context is made. */
  static void shared(int bytes) {
    invoke("standin_shared", FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT), bytes);
  }

  /** Ends what is kept for the process, takes back what was set, forgets what was counted. */
  static void forget() {
    endProcess();
    invoke("standin_forget", FunctionDescriptor.ofVoid());
  }

  /** Returns the calls since {@link #fail}. */
  static long calls() {
    return number("standin_calls");
  }

  /** Frees what is kept for the process, as its end does, if nobody uses it. */
  private static void endProcess() {
    try {
      PrimaryContext.free();
    } catch (DeviceFailureException | InsufficientMemoryException e) {
      // What a lost context, or a call that was made to fail, left is counted.
    }
  }

  /**
   * Returns how many things are held when the process ends: contexts, memory, streams, modules,
   * graphs, events.
   */
  static long live() {
    endProcess();
    return number("standin_live");
  }

  /** Returns how many things were held when a context was destroyed. */
  static long leaked() {
    return number("standin_leaked");
  }

  /** Returns how many kernels have run. */
  static long launches() {
    return number("standin_launches");
  }

  /** Returns how many blocks all kernels had that have run. */
  static long blocks() {
    return number("standin_blocks");
  }

  /** Returns how often a function of the driver was called since {@link #forget}. */
  static long called(String function) {
    try (Arena arena = Arena.ofConfined()) {
      return (long)
          invoke(
              "standin_called",
              FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.ADDRESS),
              arena.allocateFrom(function));
    }
  }

  /** Returns what a kernel did wrong, or an empty string. */
  static String fault() {
    return text("standin_fault");
  }

  /** Returns what kernels did since {@link #forget}, a line each, see {@link KernelCounts}. */
  static String counts() {
    return text("standin_counts");
  }

  private static String text(String name) {
    Object text = invoke(name, FunctionDescriptor.of(ValueLayout.ADDRESS));
    return ((MemorySegment) text).reinterpret(Long.MAX_VALUE).getString(0);
  }

  private static long number(String name) {
    return (long) invoke(name, FunctionDescriptor.of(ValueLayout.JAVA_LONG));
  }

  private static Object invoke(String name, FunctionDescriptor descriptor, Object... arguments) {
    try (Arena arena = Arena.ofConfined()) {
      SymbolLookup library = SymbolLookup.libraryLookup(LIBRARY.toAbsolutePath(), arena);
      return Linker.nativeLinker()
          .downcallHandle(library.findOrThrow(name), descriptor)
          .invokeWithArguments(arguments);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
