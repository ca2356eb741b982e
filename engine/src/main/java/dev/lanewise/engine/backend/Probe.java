package dev.lanewise.engine.backend;

/**
 * Whether a backend can run here.
 *
 * @param available whether it can
 * @param description one line: the device, or what is missing
 */
public record Probe(boolean available, String description) {
  private static final String EMULATION = "(not a GPU)";

  /** {@return whether the device is an emulation for tests, whose times mean nothing} */
  public boolean emulated() {
    return description.contains(EMULATION);
  }
}
