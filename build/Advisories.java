import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Lists known advisories of what a build fetches.
 *
 * <p>{@code java -cp cli/target/cli.jar build/Advisories.java .mvn/checksums/checksums.sha256
 * build/advisories.json [FILE...]}: the first names files as they lie in a repository, each of the
 * others advisories in the OSV format (ossf.github.io/osv-schema): an object, an array of them, or
 * a zip of such files, as OSV hands out for all of Maven. Exit code 1 if one applies.
 */
final class Advisories {
  /** Names of versions that come before the one without. */
  private static final Map<String, Integer> EARLY =
      Map.of(
          "alpha",
          -6,
          "a",
          -6,
          "beta",
          -5,
          "b",
          -5,
          "milestone",
          -4,
          "m",
          -4,
          "rc",
          -3,
          "cr",
          -3,
          "snapshot",
          -2);

  /** Where a version falls into parts: at signs, and between digits and letters. */
  private static final String BETWEEN = "[.+-]|(?<=\\d)(?=[a-z])|(?<=[a-z])(?=\\d)";

  private final Map<String, TreeSet<String>> versions = new TreeMap<>();
  private final TreeSet<String> found = new TreeSet<>();
  private int read;

  private Advisories() {}

  public static void main(String[] args) throws IOException {
    if (args.length < 2) {
      System.err.println("advisories: expected a list of files and advisories");
      System.exit(2);
    }
    Advisories run = new Advisories();
    Files.readAllLines(Path.of(args[0])).forEach(run::addFile);
    for (String file : List.of(args).subList(1, args.length)) {
      run.readFile(Path.of(file));
    }
    if (run.read == 0 || run.versions.isEmpty()) {
      System.err.println(
          "advisories: "
              + run.versions.size()
              + " artifacts, "
              + run.read
              + " advisories of Maven's");
      System.exit(2);
    }
    run.found.forEach(System.out::println);
    System.out.println(
        "advisories: "
            + run.found.size()
            + " of "
            + run.read
            + " apply to "
            + run.versions.size()
            + " artifacts");
    System.exit(run.found.isEmpty() ? 0 : 1);
  }

  /** Takes a line as {@code sha256sum} writes it: group's folders, artifact, version, file. */
  private void addFile(String line) {
    String[] parts = line.substring(line.indexOf("  ") + 2).split("/");
    int n = parts.length;
    if (n >= 4 && parts[n - 1].endsWith(".jar")) {
      String group = String.join(".", List.of(parts).subList(0, n - 3));
      String name = group + ":" + parts[n - 3];
      versions.computeIfAbsent(name, key -> new TreeSet<>()).add(parts[n - 2]);
    }
  }

  private void readFile(Path file) throws IOException {
    if (!file.toString().endsWith(".zip")) {
      try (Reader reader = Files.newBufferedReader(file)) {
        addAdvisories(JsonParser.parseReader(reader));
      }
      return;
    }
    try (ZipFile zip = new ZipFile(file.toFile())) {
      for (ZipEntry entry : Collections.list(zip.entries())) {
        try (InputStream in = zip.getInputStream(entry)) {
          addAdvisories(JsonParser.parseReader(new InputStreamReader(in, StandardCharsets.UTF_8)));
        }
      }
    }
  }

  private void addAdvisories(JsonElement json) {
    if (json.isJsonArray()) {
      json.getAsJsonArray().forEach(this::addAdvisories);
      return;
    }
    JsonObject advisory = json.getAsJsonObject();
    if (advisory.has("withdrawn")) {
      return;
    }
    for (JsonElement element : array(advisory, "affected")) {
      JsonObject affected = element.getAsJsonObject();
      JsonObject artifact = affected.getAsJsonObject("package");
      if (artifact == null || !artifact.get("ecosystem").getAsString().equals("Maven")) {
        continue;
      }
      read++;
      String name = artifact.get("name").getAsString();
      for (String version : versions.getOrDefault(name, new TreeSet<>())) {
        if (isAffected(version, affected)) {
          String says = advisory.has("summary") ? advisory.get("summary").getAsString() : "";
          found.add(name + ":" + version + "  " + advisory.get("id").getAsString() + "  " + says);
        }
      }
    }
  }

  private static boolean isAffected(String version, JsonObject affected) {
    for (JsonElement listed : array(affected, "versions")) {
      if (listed.getAsString().equals(version)) {
        return true;
      }
    }
    for (JsonElement range : array(affected, "ranges")) {
      boolean inside = false;
      for (JsonElement element : array(range.getAsJsonObject(), "events")) { // in order of versions
        JsonObject event = element.getAsJsonObject();
        if (event.has("introduced")) {
          String from = event.get("introduced").getAsString();
          inside |= from.equals("0") || compare(version, from) >= 0;
        } else if (event.has("fixed")) {
          inside &= compare(version, event.get("fixed").getAsString()) < 0;
        } else if (event.has("last_affected")) {
          inside &= compare(version, event.get("last_affected").getAsString()) <= 0;
        }
      }
      if (inside) {
        return true;
      }
    }
    return false;
  }

  /**
   * Compares versions as Maven does where they are numbers and the usual names of what is early.
   */
  private static int compare(String one, String other) {
    List<Integer> left = parts(one);
    List<Integer> right = parts(other);
    for (int i = 0; i < Math.max(left.size(), right.size()); i++) {
      int order =
          Integer.compare(i < left.size() ? left.get(i) : 0, i < right.size() ? right.get(i) : 0);
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  private static List<Integer> parts(String version) {
    List<Integer> parts = new ArrayList<>();
    for (String part : version.toLowerCase(Locale.ROOT).split(BETWEEN)) {
      boolean isNumber = part.matches("\\d{1,9}");
      parts.add(isNumber ? Integer.parseInt(part) : EARLY.getOrDefault(part, 0));
    }
    return parts;
  }

  private static JsonArray array(JsonObject object, String key) {
    return object.has(key) ? object.getAsJsonArray(key) : new JsonArray();
  }
}
