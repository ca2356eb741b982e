package dev.lanewise.engine.backend;

import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;

/** The backends on the class or module path. */
public final class Backends {
  private Backends() {}

  /** {@return every backend that is there, available or not} */
  public static List<Backend> all() {
    List<Backend> all = new ArrayList<>();
    for (Backend backend : ServiceLoader.load(Backend.class, Backend.class.getClassLoader())) {
      all.add(backend);
    }
    return all;
  }

  /**
   * {@return the backend of that name}
   *
   * @param name as {@link Backend#name} says it
   * @throws UnsupportedOperationException if it is not there or not available, with the reason
   */
  public static Backend named(String name) {
    for (Backend backend : all()) {
      if (backend.name().equals(name)) {
        Probe probe = backend.probe();
        if (!probe.available()) {
          throw new UnsupportedOperationException(
              "backend " + name + " is not available: " + probe.description());
        }
        return backend;
      }
    }
    throw new UnsupportedOperationException(
        "backend "
            + name
            + " is not on the class path; found: "
            + String.join(", ", all().stream().map(Backend::name).toList()));
  }
}
