package dev.lanewise.bench;

import dev.lanewise.engine.backend.Backend;
import dev.lanewise.engine.backend.Backends;
import dev.lanewise.engine.backend.Probe;
import java.util.List;
import java.util.stream.Stream;

/** The backends that may be timed: an emulated device is none, its times say nothing of a GPU. */
final class Machines {
  private Machines() {}

  /**
   * Returns a backend by its name.
   *
   * @throws UnsupportedOperationException if it cannot run here, or is an emulation
   */
  static Backend named(String name) {
    Backend backend = Backends.named(name);
    if (backend.probe().emulated()) {
      throw new UnsupportedOperationException("backend " + name + ": " + reason(backend.probe()));
    }
    return backend;
  }

  /**
   * Returns how those that may be timed are named, the CPU on one thread and on two, and tells once
   * why another may not.
   */
  static List<String> available() {
    for (Backend backend : Backends.all()) {
      if (!isMachine(backend)) {
        System.out.println(
            "backend " + backend.name() + ": unavailable: " + reason(backend.probe()));
      }
    }
    return Backends.all().stream()
        .filter(Machines::isMachine)
        .map(Backend::name)
        .flatMap(name -> name.equals("cpu") ? Stream.of("cpu", "cpu:2") : Stream.of(name))
        .toList();
  }

  private static boolean isMachine(Backend backend) {
    return backend.probe().available() && !backend.probe().emulated();
  }

  private static String reason(Probe probe) {
    return probe.description() + (probe.emulated() ? ", which is not timed" : "");
  }
}
