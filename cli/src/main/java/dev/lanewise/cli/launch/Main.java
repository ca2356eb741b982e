package dev.lanewise.cli.launch;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.RuntimeMXBean;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.Manifest;

/**
 * Starts the command line on a Java that can run it.
 *
 * <p>The commands need Java 25 and the incubator module {@code jdk.incubator.vector}, which no
 * manifest entry can ask for. A Java that has both goes straight on in this JVM; any other starts a
 * suitable Java as a child and passes its exit code on. This class is compiled for Java 8, so that
 * an old Java reaches this code instead of failing with a class file version.
 *
 * <p>Which application is started says the attribute {@code Lanewise-Application} of the jar's
 * manifest, so that other jars can use this launcher; without one it is the command line.
 *
 * <p>Properties: {@code -Dlanewise.relaunch=never} turns the second JVM into a message and exit
 * code 78. The child is given {@code lanewise.started}, the time at which the first JVM started, in
 * milliseconds since the epoch, so that reported times include this detour.
 */
public final class Main {

  /** Exit code for a machine that lacks what the program needs (EX_CONFIG of sysexits.h). */
  static final int EXIT_CONFIGURATION = 78;

  private static final String COMMAND_LINE = "dev.lanewise.cli.Lanewise";
  private static final Attributes.Name APPLICATION = new Attributes.Name("Lanewise-Application");
  private static final String RELAUNCH = "lanewise.relaunch";
  private static final String RELAUNCHED = "lanewise.relaunched";
  private static final String STARTED = "lanewise.started";

  private static final String KERNELS = "dev.lanewise.engine.kernel.simd.*::*";

  /**
   * The kernels are worth compiling after a twentieth of the usual number of calls, and worth
   * waiting for: until then each of their operations costs as much as a call, and makes the JDK's
   * slow ways to do it hot, which then stand before the kernels in the compiler's queue.
   */
  public static final List<String> EARLY_KERNELS =
      Arrays.asList(
          "-XX:CompileCommand=quiet",
          "-XX:CompileCommand=CompileThresholdScaling," + KERNELS + ",0.05",
          "-XX:CompileCommand=BackgroundCompilation," + KERNELS + ",false");

  /** How long the child may take to end on its own once this JVM is told to stop. */
  private static final long GRACE_MILLIS = 1000;

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
    if (feature >= JavaHomes.WANTED && vectorModuleIsLoaded()) {
      runHere(args);
      return;
    }
    System.exit(runElsewhere(feature, args));
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
    return relaunch(chosen.get(), feature, args);
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

  private static int relaunch(JavaHomes.Installation java, int feature, String[] args) {
    // Loading the management classes takes time: only on this path.
    RuntimeMXBean runtime = ManagementFactory.getRuntimeMXBean();
    List<String> command = new ArrayList<>();
    command.add(java.executable().toString());
    command.addAll(passedOn(runtime.getInputArguments(), java.feature == feature));
    command.add("--add-modules=" + JavaHomes.VECTOR_MODULE);
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("-D" + RELAUNCHED + "=true");
    if (System.getProperty(STARTED) == null) {
      command.add("-D" + STARTED + "=" + runtime.getStartTime());
    }
    if (java.feature == JavaHomes.WANTED) {
      command.addAll(EARLY_KERNELS);
    }
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(Main.class.getName());
    for (String arg : args) {
      command.add(arg);
    }
    try {
      ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
      if (vectorModuleIsLoaded()) { // and this JVM has said so
        builder.redirectError(ProcessBuilder.Redirect.PIPE);
      }
      Process child = builder.start();
      Thread errors =
          new Thread(
              () -> new ChildErrors().copy(child.getErrorStream(), System.err),
              "lanewise-child-errors");
      errors.setDaemon(true);
      errors.start(); // of a stream that is passed on already it finds the end at once
      return waitFor(child, errors);
    } catch (IOException e) {
      return fail("cannot start " + java.executable() + ": " + e.getMessage());
    }
  }

  /**
   * The JVM arguments the child gets too. A debugger's port is still held by this JVM. Another
   * release gets only what every release understands: properties, assertions and sizes.
   */
  static List<String> passedOn(List<String> jvmArguments, boolean sameRelease) {
    List<String> kept = new ArrayList<>();
    for (String argument : jvmArguments) {
      boolean debugger = argument.startsWith("-agentlib:jdwp") || argument.startsWith("-Xrunjdwp");
      boolean everywhere =
          argument.matches(
              "-D.*|-X(mx|ms|ss)[0-9].*|-(ea|da|esa|dsa)(:.*)?"
                  + "|-XX:(MaxRAMPercentage|ActiveProcessorCount|MaxDirectMemorySize)=.*"
                  + "|-XX:\\+(HeapDumpOnOutOfMemoryError|ExitOnOutOfMemoryError)");
      if (sameRelease ? !debugger : everywhere) {
        kept.add(argument);
      }
    }
    return kept;
  }

  /** Waits for the child; whoever stops this JVM stops the child with it. */
  private static int waitFor(final Process child, final Thread errors) {
    Thread stopper = new Thread(() -> stop(child, errors), "lanewise-stop-child");
    Runtime.getRuntime().addShutdownHook(stopper);
    while (true) {
      try {
        int code = child.waitFor();
        errors.join();
        return code;
      } catch (InterruptedException e) {
        // Nothing in this JVM interrupts the main thread to end it; the child's exit does.
        continue;
      }
    }
  }

  private static void stop(Process child, Thread errors) {
    child.destroy();
    try {
      if (!child.waitFor(GRACE_MILLIS, TimeUnit.MILLISECONDS)) {
        child.destroyForcibly();
      }
      errors.join(GRACE_MILLIS); // the child's last words
    } catch (InterruptedException e) {
      child.destroyForcibly();
    }
  }

  private static int fail(String message) {
    System.err.println("lanewise: " + message);
    return EXIT_CONFIGURATION;
  }
}
