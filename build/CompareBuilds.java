import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Compares what two checkouts have built, byte by byte: the jars in their {@code target} folders
 * and the bills of materials. Where two differ, it says in which entries; {@code build/reproduce}
 * runs it.
 */
final class CompareBuilds {

  private CompareBuilds() {}

  public static void main(String[] args) throws IOException {
    if (args.length != 2) {
      System.err.println("compare: expected two folders, found: " + String.join(" ", args));
      System.exit(2);
    }
    SortedMap<String, Path> left = artifacts(Path.of(args[0]));
    SortedMap<String, Path> right = artifacts(Path.of(args[1]));
    if (left.isEmpty()) {
      System.err.println("compare: nothing has been built in " + args[0]);
      System.exit(2);
    }
    int different = 0;
    TreeSet<String> names = new TreeSet<>(left.keySet());
    names.addAll(right.keySet());
    for (String name : names) {
      Path one = left.get(name);
      Path other = right.get(name);
      if (one == null || other == null) {
        System.out.println("MISSING    " + name + ": only in " + args[one == null ? 1 : 0]);
        different++;
      } else if (Files.mismatch(one, other) < 0) {
        System.out.println("same       " + sha256(one) + "  " + name);
      } else {
        System.out.println("DIFFERENT  " + name + ": " + sha256(one) + ", " + sha256(other));
        differences(one, other).forEach(line -> System.out.println("           " + line));
        different++;
      }
    }
    System.out.println(names.size() - different + " of " + names.size() + " have the same bytes");
    System.exit(different == 0 ? 0 : 1);
  }

  private static SortedMap<String, Path> artifacts(Path root) throws IOException {
    SortedMap<String, Path> found = new TreeMap<>();
    try (Stream<Path> files = Files.walk(root, 4)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        String name = root.relativize(file).toString().replace('\\', '/');
        if (name.matches("(.*/)?target/[^/]+([.]jar|-cyclonedx[.](json|xml))")) {
          found.put(name, file);
        }
      }
    }
    return found;
  }

  private static List<String> differences(Path one, Path other) throws IOException {
    if (!one.toString().endsWith(".jar")) {
      return List.of("from byte " + Files.mismatch(one, other) + " on");
    }
    Map<String, String> left = entries(one);
    Map<String, String> right = entries(other);
    List<String> told = new ArrayList<>();
    TreeSet<String> names = new TreeSet<>(left.keySet());
    names.addAll(right.keySet());
    for (String name : names) {
      if (!left.getOrDefault(name, "absent").equals(right.getOrDefault(name, "absent"))) {
        told.add(
            name
                + ": "
                + left.getOrDefault(name, "absent")
                + ", "
                + right.getOrDefault(name, "absent"));
      }
    }
    if (told.isEmpty()) {
      boolean ordered = List.copyOf(left.keySet()).equals(List.copyOf(right.keySet()));
      told.add(
          ordered
              ? "its entries are alike: modes of files or what zip keeps beside them differ"
              : "its entries are alike, but their order is another");
    }
    return told;
  }

  /** What an entry is, in the jar's order: its content and its time. */
  private static Map<String, String> entries(Path jar) throws IOException {
    Map<String, String> entries = new LinkedHashMap<>();
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      for (ZipEntry entry : Collections.list(zip.entries())) {
        try (var bytes = zip.getInputStream(entry)) {
          String content = digest(bytes.readAllBytes()).substring(0, 12);
          entries.put(entry.getName(), content + " of " + entry.getTimeLocal());
        }
      }
    }
    return entries;
  }

  private static String sha256(Path file) {
    try {
      return digest(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String digest(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
