package dev.lanewise.cli.launch;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.Manifest;

/**
 * Starts the command line on a Java that can run it.
 *
 * <p>The commands need Java 25 and the incubator module {@code jdk.incubator.vector}, which no
 * manifest entry can ask for. A Java that lacks either starts a suitable one as a child and passes
 * its exit code on; so does one that is about to train, whose kernels are compiled sooner in a JVM
 * that is told to. Otherwise it goes straight on in this JVM. This class is compiled for Java 8, so
 * that an old Java reaches this code instead of failing with a class file version.
 *
 * <p>Which application is started says the attribute {@code Lanewise-Application} of the jar's
 * manifest, so that other jars can use this launcher; without one it is the command line.
 *
 * <p>Properties: {@code -Dlanewise.relaunch=never} keeps everything in this JVM, or gives a message
 * and exit code 78 where it lacks something. The child is given {@code lanewise.elapsed}, the
 * milliseconds from the first JVM's start to its own, so that reported times include this detour.
 */
public final class Main {

  /** Exit code for a machine that lacks what the program needs (EX_CONFIG of sysexits.h). */
  static final int EXIT_CONFIGURATION = 78;

  private static final int RUN_FAILED = 1;

  private static final String COMMAND_LINE = "dev.lanewise.cli.Lanewise";
  private static final Attributes.Name APPLICATION = new Attributes.Name("Lanewise-Application");
  static final String RELAUNCH = "lanewise.relaunch";
  static final String RELAUNCHED = "lanewise.relaunched";
  static final String ELAPSED = "lanewise.elapsed";

  private Main() {}

  /**
   * Runs the application here or in a child.
   *
   * @param args the arguments of the command line, passed on unchanged
   * @throws Exception what the application itself throws
   */
  public static void main(String[] args) throws Exception {
    String unnamed = unnamed(System.getProperty("user.dir", ""), args);
    if (!unnamed.isEmpty()) {
      System.exit(fail(unnamed));
    }
    int feature = JavaHomes.featureOf(System.getProperty("java.specification.version", ""));
    if (feature < JavaHomes.WANTED || !vectorModuleIsLoaded()) {
      System.exit(runElsewhere(feature, args));
    }
    if (feature == JavaHomes.WANTED && SecondJvm.isFaster(args) && isCommandLine()) {
      trainInSecondJvm(feature, args);
    }
    runHere(args);
  }

  /**
   * Returns what is wrong with the names of the working folder and of those in the arguments, or an
   * empty string. Where the locale's character set lacks a letter, Java puts U+FFFD in its place,
   * and then takes another folder for the one that was named, and makes it if need be.
   */
  static String unnamed(String folder, String[] args) {
    List<String> names = new ArrayList<>();
    names.add(folder);
    names.addAll(Arrays.asList(args));
    for (String name : names) {
      if (name.indexOf('\uFFFD') >= 0) {
        return name.replace('\uFFFD', '?')
            + ": has letters that are none in the locale's character set, "
            + System.getProperty("sun.jnu.encoding")
            + "; set LC_ALL to a locale in UTF-8, for example LC_ALL=C.UTF-8";
      }
    }
    return "";
  }

  /** Returns only if there is no second JVM to be had; nothing is lost then but time. */
  private static void trainInSecondJvm(int feature, String[] args) {
    Optional<JavaHomes.Installation> own =
        JavaHomes.read(new File(System.getProperty("java.home")));
    if (own.isPresent() && own.get().runsLanewise()) {
      int code;
      try {
        code = runIn(own.get(), feature, args, true);
      } catch (IOException e) {
        return;
      }
      System.exit(code);
    }
  }

  private static int runIn(JavaHomes.Installation java, int feature, String[] args, boolean warned)
      throws IOException {
    try {
      return SecondJvm.start(java, feature, args, warned).waitFor();
    } catch (OutOfMemoryError e) {
      // A thread that watches it. Its process may have begun, and ends with this one.
      System.err.println(
          "lanewise: the system refused what a second Java takes ("
              + e.getMessage()
              + "); raise the limit of processes or memory, or train in this one with"
              + " -Dlanewise.relaunch=never");
      return RUN_FAILED;
    }
  }

  private static boolean isCommandLine() throws IOException {
    return application().equals(COMMAND_LINE);
  }

  private static boolean vectorModuleIsLoaded() {
    try {
      Class.forName("jdk.incubator.vector.Vector", false, ClassLoader.getSystemClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  private static void runHere(String[] args) throws Exception {
    try {
      Class.forName(application()).getMethod("main", String[].class).invoke(null, (Object) args);
    } catch (InvocationTargetException e) {
      Throwable cause = e.getCause();
      if (cause instanceof Error) {
        throw (Error) cause;
      }
      throw cause instanceof Exception ? (Exception) cause : e;
    }
  }

  private static String application() throws IOException {
    try (InputStream in = Main.class.getResourceAsStream("/META-INF/MANIFEST.MF")) {
      Object named = in == null ? null : new Manifest(in).getMainAttributes().get(APPLICATION);
      return named == null ? COMMAND_LINE : named.toString();
    }
  }

  private static int runElsewhere(int feature, String[] args) {
    File home = new File(System.getProperty("java.home"));
    String here = "Java " + System.getProperty("java.version") + " (" + home + ")";
    String problem =
        feature < JavaHomes.WANTED
            ? "needs Java 25, was started with " + here
            : "needs the module jdk.incubator.vector, which " + here + " was started without";
    if (System.getProperty(RELAUNCHED) != null) {
      return fail(problem + ", in spite of being asked for; check JAVA_TOOL_OPTIONS");
    }
    String jar = System.getProperty("java.class.path");
    String byHand = " --add-modules jdk.incubator.vector -jar " + jar;
    Optional<JavaHomes.Installation> chosen = choose(feature, home);
    if ("never".equals(System.getProperty(RELAUNCH))) {
      String java = chosen.isPresent() ? chosen.get().executable().toString() : "<JDK 25>/bin/java";
      return fail(problem + ", and lanewise.relaunch=never; run: " + java + byHand);
    }
    if (!chosen.isPresent()) {
      return fail(
          problem
              + ", and found no JDK 25 in JAVA_HOME, on PATH or where JDKs are usually installed;"
              + " install one, or set JAVA_HOME to it");
    }
    try {
      return runIn(chosen.get(), feature, args, vectorModuleIsLoaded());
    } catch (IOException e) {
      return fail("cannot start " + chosen.get().executable() + ": " + e.getMessage());
    }
  }

  /** This very Java if it only lacks the flag, else the best other one. */
  private static Optional<JavaHomes.Installation> choose(int feature, File home) {
    if (feature >= JavaHomes.WANTED) {
      Optional<JavaHomes.Installation> own = JavaHomes.read(home);
      if (own.isPresent() && own.get().runsLanewise()) {
        return own;
      }
    }
    File userHome = new File(System.getProperty("user.home", "."));
    return JavaHomes.best(JavaHomes.candidates(System.getenv(), home, userHome));
  }

  private static int fail(String message) {
    System.err.println("lanewise: " + message);
    return EXIT_CONFIGURATION;
  }
}
