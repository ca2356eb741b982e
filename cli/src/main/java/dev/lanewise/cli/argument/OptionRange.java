package dev.lanewise.cli.argument;

import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Checks of options' values that are made before any work is done. */
public final class OptionRange {
  private OptionRange() {}

  /**
   * Holds an option against its range.
   *
   * @throws ParameterException naming option, expected and found
   */
  public static void check(CommandLine command, String name, int value, int least, int most) {
    String limits = most == Integer.MAX_VALUE ? "at least " + least : least + " to " + most;
    require(
        command, value >= least && value <= most, name + " must be " + limits + ", found " + value);
  }

  /**
   * Holds an option against what float32 can tell from 0 and infinity.
   *
   * @throws ParameterException naming option, expected and found
   */
  public static void positive(CommandLine command, String name, double value) {
    require(
        command,
        (float) value > 0 && Float.isFinite((float) value),
        name + " must be positive and finite, found " + value);
  }

  /**
   * Holds a condition.
   *
   * @throws ParameterException with the message
   */
  public static void require(CommandLine command, boolean holds, String message) {
    if (!holds) {
      throw new ParameterException(command, message);
    }
  }
}
