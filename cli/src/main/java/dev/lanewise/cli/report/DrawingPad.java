package dev.lanewise.cli.report;

import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.train.Model;
import java.util.List;

/**
 * The section of a page on which a visitor draws, and a network answers: its weights and the
 * scripts that compute it are in the page. What the scripts do is said in their files.
 */
final class DrawingPad {
  /** In the order in which they need each other. */
  static final List<String> SCRIPTS = List.of("network.js", "preparation.js", "pad.js");

  private DrawingPad() {}

  /**
   * Returns the section, or an empty text if the page cannot compute the model.
   *
   * @param training what the model has learnt from: only of pictures can more be drawn
   */
  static String of(Model model, Dataset training) {
    if (!training.hasBytes()) {
      return "";
    }
    PageNetwork network = PageNetwork.of(model.spec().graph(), model.parameters());
    return network == null ? "" : of(network);
  }

  private static String of(PageNetwork network) {
    StringBuilder section = new StringBuilder("<style>\n").append(PagePart.text("pad.css"));
    section.append("</style>\n").append(PagePart.text("pad.html"));
    section.append("<script type=\"application/json\" id=\"pad-network\">").append(network.json());
    section.append("</script>\n");
    for (String script : SCRIPTS) {
      section.append("<script>\n").append(PagePart.text(script)).append("</script>\n");
    }
    return section.toString();
  }
}
