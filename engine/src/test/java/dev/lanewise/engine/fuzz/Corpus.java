package dev.lanewise.engine.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * The committed seeds of a target, {@code /fuzz/NAME}: small sound files from which a fuzzer
 * begins, and inputs that once broke a promise. A replay tries them all, and files with a single
 * fault made of them.
 */
public final class Corpus {
  private static final long SEED = 20_261_127;

  /** Seeds of which each is tried with all faults; with more, the tests would take minutes. */
  private static final double MANY = 40;

  private static final Map<String, List<byte[]>> FILES = new ConcurrentHashMap<>();

  private Corpus() {}

  /**
   * Tries each seed, each beginning of it, and copies with one bit turned over.
   *
   * @param owner a class of the module that has the corpus
   * @param most how many beginnings, and how many flips, are tried of each seed: all, if it has no
   *     more; fewer in proportion where there are many seeds
   */
  public static void replay(FuzzTarget<?> target, Class<?> owner, int most) {
    int taken = 0;
    List<Path> seeds = seeds(target.name(), owner);
    int faults = (int) (most * Math.min(1, MANY / seeds.size()));
    for (Path seed : seeds) {
      byte[] whole = read(seed);
      taken += tried(target, whole, seed.getFileName().toString()) ? 1 : 0;
      assertThat(target.isPlanted(whole)).as("%s has the planted property", seed).isFalse();
      Random random = new Random(SEED);
      for (int i = 0; i < Math.min(faults, whole.length); i++) {
        int length = whole.length <= faults ? i : random.nextInt(whole.length);
        tried(target, Arrays.copyOf(whole, length), seed.getFileName() + " cut to " + length);
      }
      for (int i = 0; i < Math.min(faults, 8 * whole.length); i++) {
        int bit = 8 * whole.length <= faults ? i : random.nextInt(8 * whole.length);
        byte[] flipped = whole.clone();
        flipped[bit / 8] ^= (byte) (1 << (bit % 8));
        tried(target, flipped, seed.getFileName() + " with bit " + bit + " turned over");
      }
    }
    assertThat(seeds).as("seeds of %s", target.name()).isNotEmpty();
    assertThat(taken).as("seeds of %s that are sound", target.name()).isPositive();
  }

  /**
   * Loads the classes that a target needs, which a fuzzer would take for a slow input: here nothing
   * counts how long it takes.
   */
  public static void warmUp(FuzzTarget<?> target, Class<?> owner) {
    seeds(target.name(), owner).forEach(seed -> target.isPlanted(read(seed)));
  }

  /** Returns the seeds of a target that are files, read once. */
  static List<byte[]> files(String target, Class<?> owner) {
    return FILES.computeIfAbsent(
        target,
        name ->
            seeds(name, owner).stream()
                .map(Corpus::read)
                .filter(seed -> !Edits.areMeantBy(seed))
                .toList());
  }

  private static boolean tried(FuzzTarget<?> target, byte[] file, String what) {
    try {
      return target.run(file);
    } catch (AssertionError e) {
      throw new AssertionError(what + ": " + e.getMessage(), e);
    }
  }

  private static List<Path> seeds(String target, Class<?> owner) {
    URL folder = owner.getResource("/fuzz/" + target);
    assertThat(folder).as("corpus of %s", target).isNotNull();
    try (Stream<Path> files = Files.list(Path.of(folder.toURI()))) {
      return files.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
