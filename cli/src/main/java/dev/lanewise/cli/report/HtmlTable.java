package dev.lanewise.cli.report;

import java.util.List;

/** Writes a table of a page, of any width, row by row. */
final class HtmlTable implements AutoCloseable {
  private final StringBuilder page;

  /**
   * Begins it.
   *
   * @param caption above it
   * @param heads those of the columns
   */
  HtmlTable(StringBuilder page, String caption, List<String> heads) {
    this.page = page;
    page.append("<div class=\"wide\"><table><caption>").append(caption).append("</caption><thead>");
    page.append("<tr>");
    heads.forEach(name -> page.append("<th scope=\"col\">").append(name).append("</th>"));
    page.append("</tr></thead><tbody>\n");
  }

  /** Writes a row: its head and the other columns. */
  void row(String head, List<String> values) {
    page.append("<tr><th scope=\"row\">").append(head).append("</th>");
    values.forEach(value -> page.append("<td>").append(value).append("</td>"));
    page.append("</tr>\n");
  }

  @Override
  public void close() {
    page.append("</tbody></table></div>");
  }
}
