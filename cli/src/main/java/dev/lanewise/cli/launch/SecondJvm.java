package dev.lanewise.cli.launch;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.RuntimeMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * The application in a JVM of its own, with options that this JVM was started without. Its streams
 * are this JVM's; whoever stops this JVM stops it too.
 *
 * <p>Like {@link Main} this is Java 8 code.
 */
public final class SecondJvm {
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

  /** What every release understands: properties, assertions and sizes. */
  private static final Pattern EVERYWHERE =
      Pattern.compile(
          "-D.*|-X(mx|ms|ss)[0-9].*|-(ea|da|esa|dsa)(:.*)?"
              + "|-XX:(MaxRAMPercentage|ActiveProcessorCount|MaxDirectMemorySize)=.*"
              + "|-XX:\\+(HeapDumpOnOutOfMemoryError|ExitOnOutOfMemoryError)");

  /** What makes a JVM listen on a port: this one holds it. */
  private static final Pattern PORT =
      Pattern.compile("-agentlib:jdwp.*|-Xrunjdwp.*|-Dcom\\.sun\\.management\\..*");

  /** What the application itself asks for. */
  private static final Pattern OWN = Pattern.compile("--(add-modules|enable-native-access)=.*");

  /** How long the child may take to end on its own once this JVM is told to stop. */
  private static final long GRACE_MILLIS = 1000;

  private final Process process;
  private final Thread errors;

  private SecondJvm(Process process, Thread errors) {
    this.process = process;
    this.errors = errors;
  }

  /**
   * Returns whether a JVM with {@link #EARLY_KERNELS} gains more than its start takes: for a
   * training on the CPU. Who gave this JVM options of another kind means this one.
   */
  static boolean isFaster(String[] args) {
    return trainsOnCpu(args)
        && System.getProperty(Main.RELAUNCH) == null
        && System.getProperty(Main.RELAUNCHED) == null
        && isPlain(ManagementFactory.getRuntimeMXBean().getInputArguments());
  }

  static boolean trainsOnCpu(String[] args) {
    if (args.length == 0 || !args[0].equals("train")) {
      return false;
    }
    for (String arg : args) {
      String value = arg.substring(arg.indexOf('=') + 1);
      if (value.equals("--help") || value.equals("-h") || value.equalsIgnoreCase("cuda")) {
        return false;
      }
    }
    return true;
  }

  static boolean isPlain(List<String> jvmArguments) {
    for (String argument : jvmArguments) {
      boolean known = OWN.matcher(argument).matches() || EVERYWHERE.matcher(argument).matches();
      if (!known || PORT.matcher(argument).matches()) {
        return false;
      }
    }
    return true;
  }

  /**
   * Starts one.
   *
   * @param feature the release of this JVM
   * @param args the arguments of the command line, passed on unchanged
   * @param warned whether this JVM has said that it uses an incubator module
   * @throws IOException if the system starts no process
   */
  static SecondJvm start(JavaHomes.Installation java, int feature, String[] args, boolean warned)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command(java, feature, args)).inheritIO();
    if (warned) {
      builder.redirectError(ProcessBuilder.Redirect.PIPE);
    }
    Process process = builder.start();
    Thread errors =
        new Thread(
            () -> new ChildErrors().copy(process.getErrorStream(), System.err),
            "lanewise-child-errors");
    errors.setDaemon(true);
    errors.start(); // of a stream that is passed on already it finds the end at once
    return new SecondJvm(process, errors);
  }

  private static List<String> command(JavaHomes.Installation java, int feature, String[] args) {
    // Loading the management classes takes time: only on this path.
    RuntimeMXBean runtime = ManagementFactory.getRuntimeMXBean();
    List<String> command = new ArrayList<>();
    command.add(java.executable().toString());
    command.addAll(passedOn(runtime.getInputArguments(), java.feature == feature));
    command.add("--add-modules=" + JavaHomes.VECTOR_MODULE);
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("-D" + Main.RELAUNCHED + "=true");
    long elapsed = Long.getLong(Main.ELAPSED, 0) + runtime.getUptime();
    command.add("-D" + Main.ELAPSED + "=" + elapsed);
    if (java.feature == JavaHomes.WANTED) {
      command.addAll(EARLY_KERNELS);
    }
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(Main.class.getName());
    command.addAll(Arrays.asList(args));
    return command;
  }

  /**
   * The JVM arguments the child gets too, but for ports. Another release gets only what every
   * release understands.
   */
  static List<String> passedOn(List<String> jvmArguments, boolean sameRelease) {
    List<String> kept = new ArrayList<>();
    for (String argument : jvmArguments) {
      boolean understood = sameRelease || EVERYWHERE.matcher(argument).matches();
      if (understood && !PORT.matcher(argument).matches()) {
        kept.add(argument);
      }
    }
    return kept;
  }

  /** Returns its exit code once it has ended. */
  int waitFor() {
    Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "lanewise-stop-child"));
    while (true) {
      try {
        int code = process.waitFor();
        errors.join();
        return code;
      } catch (InterruptedException e) {
        // Nothing in this JVM interrupts the main thread to end it; the child's exit does.
      }
    }
  }

  private void stop() {
    terminate();
    try {
      if (!process.waitFor(GRACE_MILLIS, TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
      }
      errors.join(GRACE_MILLIS); // the child's last words
    } catch (InterruptedException e) {
      process.destroyForcibly();
    }
  }

  /** By Java 9's handle: the process's own method closes the stream of the child's last words. */
  private void terminate() {
    try {
      Object handle = Process.class.getMethod("toHandle").invoke(process);
      Class.forName("java.lang.ProcessHandle").getMethod("destroy").invoke(handle);
    } catch (ReflectiveOperationException e) {
      process.destroy(); // Java 8, which has no incubator modules and so no such stream
    }
  }
}
