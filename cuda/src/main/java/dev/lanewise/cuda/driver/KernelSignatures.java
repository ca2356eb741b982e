package dev.lanewise.cuda.driver;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The sizes of the kernels' parameters, as the PTX declares them. The driver reads so many bytes
 * from where it is pointed to, whatever lies there: assertions hold every launch against this.
 */
final class KernelSignatures {
  private static final Pattern ENTRY = Pattern.compile("\\.entry (\\w+)\\(([^)]*)\\)");
  private static final Pattern PARAMETER =
      Pattern.compile("\\.param (?:\\.align \\d+ )?\\.[bfsu](\\d+) \\w+(?:\\[(\\d+)\\])?");

  private final Map<String, List<Integer>> sizes = new HashMap<>();

  KernelSignatures(String ptx) {
    Matcher entry = ENTRY.matcher(ptx);
    while (entry.find()) {
      List<Integer> bytes = new ArrayList<>();
      Matcher parameter = PARAMETER.matcher(entry.group(2));
      while (parameter.find()) {
        int each = Integer.parseInt(parameter.group(1)) / Byte.SIZE;
        bytes.add(parameter.group(2) == null ? each : each * Integer.parseInt(parameter.group(2)));
      }
      sizes.put(entry.group(1), bytes);
    }
  }

  /** Returns what differs, or an empty string. */
  String difference(String kernel, List<Integer> given) {
    List<Integer> declared = sizes.getOrDefault(kernel, List.of());
    return declared.equals(given)
        ? ""
        : "kernel " + kernel + " takes parameters of " + declared + " bytes, given " + given;
  }
}
