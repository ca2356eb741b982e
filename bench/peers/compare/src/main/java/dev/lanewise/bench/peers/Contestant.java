package dev.lanewise.bench.peers;

import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A library and how to start it so that it is at its fastest.
 *
 * @param name names it in the table
 * @param environment set for its process
 * @param command what to start
 */
record Contestant(
    String name, Map<String, String> environment, Function<Work, List<String>> command) {

  /** Returns its name as part of a file's name. */
  String fileName() {
    return name.replaceAll("[^A-Za-z0-9]+", "-");
  }
}
