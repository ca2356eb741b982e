package dev.lanewise.cli.tell;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Help;
import picocli.CommandLine.IHelpSectionRenderer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/**
 * A help text's options under headings. What no group names, as {@code --help}, follows the last
 * one under a heading of its own, so that no option is ever left out.
 *
 * <p>Picocli's own groups are a part of how options are parsed, and would need their values in
 * objects of that shape.
 */
public final class OptionGroups implements IHelpSectionRenderer {
  /**
   * Options that belong together.
   *
   * @param heading what they are about, without a colon
   * @param names the options, in the order in which they are told
   */
  public record Group(String heading, List<String> names) {}

  private final List<Group> groups;

  private OptionGroups(List<Group> groups) {
    this.groups = List.copyOf(groups);
  }

  /** Tells a command's options in these groups from now on. */
  public static void tell(CommandSpec command, List<Group> groups) {
    command
        .usageMessage()
        .sectionMap()
        .put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, new OptionGroups(groups));
  }

  @Override
  public String render(Help help) {
    CommandSpec command = help.commandSpec();
    List<OptionSpec> left = new ArrayList<>(command.options());
    StringBuilder text = new StringBuilder();
    for (Group group : groups) {
      List<OptionSpec> own = group.names().stream().map(name -> named(command, name)).toList();
      left.removeAll(own);
      append(text, help, group.heading(), own);
    }
    append(text, help, "Help", left);
    return text.toString();
  }

  private static OptionSpec named(CommandSpec command, String name) {
    OptionSpec option = command.findOption(name);
    if (option == null) {
      throw new IllegalStateException(command.name() + " has no option " + name + " to tell of");
    }
    return option;
  }

  private static void append(
      StringBuilder text, Help help, String heading, List<OptionSpec> options) {
    if (!options.isEmpty()) {
      text.append(help.createHeading("%n" + heading + ":%n"));
      Help.Layout layout =
          help.createDefaultLayout(help.commandSpec().options(), List.of(), help.colorScheme());
      layout.addAllOptions(options, help.createDefaultParamLabelRenderer());
      text.append(layout);
    }
  }
}
