package dev.lanewise.cli.launch;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;

/**
 * Finds an installed Java that can run the commands: 25 or newer, with the Vector API.
 *
 * <p>An installation is judged by its {@code release} file, so that no candidate has to be started.
 * Like {@link Main} this is Java 8 code.
 */
final class JavaHomes {

  /** The incubator module that holds the Vector API. */
  static final String VECTOR_MODULE = "jdk.incubator.vector";

  /** The feature release this program is built for and the oldest that runs it. */
  static final int WANTED = 25;

  /** One installation, as its {@code release} file describes it. */
  static final class Installation {
    final File home;
    final int feature;
    final String version;
    final boolean hasVectorModule;

    Installation(File home, String version, boolean hasVectorModule) {
      this.home = home;
      this.feature = featureOf(version);
      this.version = version;
      this.hasVectorModule = hasVectorModule;
    }

    File executable() {
      return executableIn(new File(home, "bin"));
    }

    boolean runsLanewise() {
      return feature >= WANTED && hasVectorModule;
    }
  }

  private JavaHomes() {}

  /**
   * 8 for both {@code 1.8.0_412} and {@code 8}, 25 for {@code 25.0.3}; 0 for what is no version.
   */
  static int featureOf(String version) {
    // No regular expression: this runs at every start, and loading them takes time.
    int start = version.startsWith("1.") ? 2 : 0;
    int end = start;
    while (end < version.length() && Character.isDigit(version.charAt(end))) {
      end++;
    }
    return end == start || end - start > 4 ? 0 : Integer.parseInt(version.substring(start, end));
  }

  /** Reads {@code home/release}; empty if {@code home} is no Java installation. */
  static Optional<Installation> read(File home) {
    File release = new File(home, "release");
    if (!release.isFile()) {
      return Optional.empty();
    }
    Properties properties = new Properties();
    try (InputStream in = new FileInputStream(release)) {
      properties.load(in);
    } catch (IOException | IllegalArgumentException e) {
      return Optional.empty();
    }
    String version = unquoted(properties.getProperty("JAVA_VERSION", ""));
    String modules = unquoted(properties.getProperty("MODULES", VECTOR_MODULE));
    boolean hasVectorModule = Arrays.asList(modules.split(" ")).contains(VECTOR_MODULE);
    Installation found = new Installation(home, version, hasVectorModule);
    return found.executable().isFile() ? Optional.of(found) : Optional.<Installation>empty();
  }

  /**
   * The best of the candidates: exactly {@link #WANTED} before anything newer, since a later
   * release may change an incubator module; then the earliest in the list.
   */
  static Optional<Installation> best(List<File> homes) {
    Installation best = null;
    for (File home : homes) {
      Optional<Installation> found = read(home);
      if (found.isPresent()
          && found.get().runsLanewise()
          && (best == null || found.get().feature < best.feature)) {
        best = found.get();
      }
    }
    return Optional.ofNullable(best);
  }

  /**
   * Where to look, best guess first: JAVA_HOME, the neighbours of the running Java, the java
   * commands on PATH, then the folders installers use.
   */
  static List<File> candidates(Map<String, String> environment, File javaHome, File userHome) {
    Set<File> homes = new LinkedHashSet<>();
    String named = environment.get("JAVA_HOME");
    if (named != null && !named.isEmpty()) {
      homes.add(new File(named));
    }
    // On Java 8 java.home is the jre folder inside the JDK.
    File running = javaHome.getName().equals("jre") ? javaHome.getParentFile() : javaHome;
    addInstallationsIn(running.getAbsoluteFile().getParentFile(), homes);
    // Windows writes the name in two ways, and only one of the two maps finds it in any.
    String path = environment.get("PATH");
    addInstallationsOnPath(path == null ? environment.get("Path") : path, homes);

    List<File> roots = new ArrayList<>();
    for (String root : Arrays.asList("/usr/lib/jvm", "/usr/lib64/jvm", "/usr/java", "/opt")) {
      roots.add(new File(root));
    }
    roots.add(new File(userHome, ".sdkman/candidates/java"));
    roots.add(new File(userHome, ".jdks"));
    roots.add(new File(userHome, "Library/Java/JavaVirtualMachines"));
    roots.add(new File("/Library/Java/JavaVirtualMachines"));
    for (String variable : Arrays.asList("ProgramFiles", "ProgramW6432")) {
      String programs = environment.get(variable);
      if (programs != null) {
        for (String vendor :
            Arrays.asList("Java", "Eclipse Adoptium", "Microsoft", "Amazon Corretto", "Zulu")) {
          roots.add(new File(programs, vendor));
        }
      }
    }
    for (File root : roots) {
      addInstallationsIn(root, homes);
    }
    return new ArrayList<>(homes);
  }

  private static void addInstallationsIn(File folder, Set<File> homes) {
    File[] children = folder == null ? null : folder.listFiles();
    if (children == null) {
      return;
    }
    // The file system's order is arbitrary; the same machine should always choose the same Java.
    Arrays.sort(children);
    for (File child : children) {
      File bundle = new File(child, "Contents/Home");
      File home = bundle.isDirectory() ? bundle : child;
      if (new File(home, "release").isFile()) {
        homes.add(home);
      }
    }
  }

  private static void addInstallationsOnPath(String path, Set<File> homes) {
    for (String folder : path == null ? new String[0] : path.split(File.pathSeparator)) {
      File java = executableIn(new File(folder));
      if (!java.isFile()) {
        continue;
      }
      try {
        // The command is often a chain of links that ends in home/bin/java.
        File bin = java.getCanonicalFile().getParentFile();
        if (bin != null && bin.getParentFile() != null) {
          homes.add(bin.getParentFile());
        }
      } catch (IOException e) {
        // A link that cannot be followed leads to no Java either.
        continue;
      }
    }
  }

  /** The java command of a folder, there or not; Windows gives it an ending. */
  private static File executableIn(File folder) {
    File plain = new File(folder, "java");
    return plain.isFile() ? plain : new File(folder, "java.exe");
  }

  private static String unquoted(String value) {
    return value.replace("\"", "").trim();
  }
}
