package dev.lanewise.cli.argument;

import dev.lanewise.cli.tell.BackendUnavailableException;
import dev.lanewise.engine.backend.Backend;
import dev.lanewise.engine.backend.Backends;
import dev.lanewise.engine.backend.DeviceFailureException;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Probe;
import dev.lanewise.engine.tensor.InsufficientMemoryException;
import org.jspecify.annotations.Nullable;

/**
 * The backend to run on, and why.
 *
 * @param backend the backend
 * @param probe what it says of itself
 * @param reason why this one, in one line
 */
public record BackendChoice(Backend backend, Probe probe, String reason) {
  /** What {@code --backend} takes. */
  public enum Wanted {
    auto,
    cpu,
    cuda
  }

  /**
   * Chooses: auto, or nothing, takes a GPU where one is available, else the CPU; a name takes that
   * or nothing.
   *
   * @throws BackendUnavailableException if the named backend is not available
   */
  public static BackendChoice of(@Nullable Wanted wanted) {
    if (wanted == null || wanted == Wanted.auto) {
      return automatic();
    }
    try {
      Backend backend = Backends.named(wanted.name());
      return new BackendChoice(backend, backend.probe(), "asked for");
    } catch (UnsupportedOperationException e) {
      throw new BackendUnavailableException(String.valueOf(e.getMessage()));
    }
  }

  /**
   * Returns the choice for a model: this one, or the CPU where this backend cannot run it and was
   * not asked for by name. It is tried: a device that is there may refuse its first use.
   *
   * @throws BackendUnavailableException if the backend that was asked for cannot run the model
   */
  public BackendChoice forModel(@Nullable Wanted wanted, ModelSpec model) {
    String obstacle = obstacle(model);
    if (obstacle == null) {
      return this;
    }
    if (wanted != null && wanted != Wanted.auto) {
      throw new BackendUnavailableException(
          "backend " + backend.name() + ": " + obstacle + "; --backend cpu runs it");
    }
    Backend cpu = Backends.named("cpu");
    return new BackendChoice(cpu, cpu.probe(), "cpu, as " + backend.name() + ": " + obstacle);
  }

  private @Nullable String obstacle(ModelSpec model) {
    String refusal = backend.refusal(model);
    if (refusal != null) {
      return refusal;
    }
    try {
      backend.warmUp(model);
      return null;
    } catch (DeviceFailureException
        | InsufficientMemoryException
        | UnsupportedOperationException e) {
      return e.getMessage();
    }
  }

  private static BackendChoice automatic() {
    StringBuilder refused = new StringBuilder();
    Backend cpu = null;
    for (Backend backend : Backends.all()) {
      if (backend.name().equals("cpu")) {
        cpu = backend;
        continue;
      }
      Probe probe = backend.probe();
      if (probe.available()) {
        return new BackendChoice(backend, probe, backend.name() + " is available");
      }
      refused
          .append(refused.isEmpty() ? "cpu, as " : "; ")
          .append(backend.name())
          .append(" is not available: ")
          .append(probe.description());
    }
    if (cpu == null) {
      throw new BackendUnavailableException("no backend is on the class path");
    }
    Probe probe = cpu.probe();
    if (!probe.available()) {
      throw new BackendUnavailableException("backend cpu is not available: " + probe.description());
    }
    return new BackendChoice(cpu, probe, refused.toString());
  }
}
