package dev.lanewise.spark;

import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * What a search has found.
 *
 * @param objective by what settings were judged
 * @param trials the best first: those of most epochs, by the objective; failures last
 */
public record SearchResult(String objective, List<Trial> trials) {
  /** Makes the list unmodifiable. */
  public SearchResult {
    trials = List.copyOf(trials);
  }

  /**
   * {@return the best}
   *
   * @throws IllegalStateException if all failed
   */
  public Trial best() {
    Trial first = trials.getFirst();
    if (first.failure() != null) {
      throw new IllegalStateException("search: all settings failed, the first: " + first.failure());
    }
    return first;
  }

  /** {@return a row a setting, the best first: CSV by RFC 4180 with a header} */
  public String table() {
    StringBuilder csv = new StringBuilder("trial");
    List<String> names = List.copyOf(trials.getFirst().setting().keySet());
    TreeSet<String> values = new TreeSet<>();
    trials.forEach(each -> values.addAll(each.history().history().keySet()));
    names.forEach(name -> csv.append(',').append(quoted(name)));
    csv.append(",epochs");
    values.forEach(name -> csv.append(',').append(quoted(name)));
    csv.append(",weights_sha256,failure\n");
    for (Trial each : trials) {
      csv.append(each.number());
      names.forEach(name -> csv.append(',').append(each.setting().get(name)));
      csv.append(',').append(each.epochs());
      Map<String, Double> last =
          each.epochs() == 0 ? Map.of() : each.history().logs(each.epochs() - 1);
      values.forEach(name -> csv.append(',').append(last.containsKey(name) ? last.get(name) : ""));
      csv.append(',').append(each.weightsSha256()).append(',');
      csv.append(each.failure() == null ? "" : quoted(each.failure())).append('\n');
    }
    return csv.toString();
  }

  /** {@return a row an epoch of a setting: CSV with the columns trial, epoch, name, value} */
  public String curves() {
    StringBuilder csv = new StringBuilder("trial,epoch,name,value\n");
    for (Trial each : trials) {
      for (int i = 0; i < each.epochs(); i++) {
        int epoch = each.history().epoch().get(i) + 1;
        each.history()
            .logs(i)
            .forEach(
                (name, value) ->
                    csv.append(each.number())
                        .append(',')
                        .append(epoch)
                        .append(',')
                        .append(quoted(name))
                        .append(',')
                        .append(value)
                        .append('\n'));
      }
    }
    return csv.toString();
  }

  private static String quoted(String text) {
    boolean plain = text.chars().allMatch(c -> c != ',' && c != '"' && c != '\n' && c != '\r');
    return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
  }

  /** {@return table and curves as one HTML page that needs no other file} */
  public String html() {
    return new SearchPage(this).html();
  }
}
