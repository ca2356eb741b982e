package dev.lanewise.cli.train;

import dev.lanewise.cli.argument.BackendChoice;
import dev.lanewise.cli.thread.Background;
import dev.lanewise.engine.backend.Backend;
import dev.lanewise.engine.backend.cpu.CpuBackend;
import org.jspecify.annotations.Nullable;

/**
 * The CPU's warm-up, begun before the command line has been read: a run needs it nearly always, and
 * reading the command line takes a tenth of what it takes.
 */
public final class EarlyWarmUp {
  private static @Nullable Background<Backend> running;

  private EarlyWarmUp() {}

  /** Begins if {@code args} look like a training run on the CPU. */
  public static void begin(String[] args) {
    if (wanted(args)) {
      running = Background.begin("lanewise-warm-up", EarlyWarmUp::warm);
    }
  }

  private static Backend warm() {
    Backend cpu = new CpuBackend();
    cpu.warmUp();
    return cpu;
  }

  /** Where another backend is named, the warm-up would only be in the way of its answer. */
  static boolean wanted(String[] args) {
    if (args.length == 0 || !args[0].equals("train")) {
      return false;
    }
    for (int i = 1; i < args.length; i++) {
      String value = args[i - 1].equals("--backend") ? args[i] : valueOf(args[i]);
      if (value.equalsIgnoreCase(BackendChoice.Wanted.cuda.name())) {
        return false;
      }
    }
    return true;
  }

  private static String valueOf(String argument) {
    return argument.startsWith("--backend=") ? argument.substring("--backend=".length()) : "";
  }

  /** Returns when {@code backend} is warm; throws what its warm-up threw. */
  static void await(Backend backend) {
    if (running == null || !backend.name().equals("cpu")) {
      backend.warmUp();
      return;
    }
    running.await();
  }
}
