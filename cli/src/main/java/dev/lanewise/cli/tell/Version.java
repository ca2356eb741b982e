package dev.lanewise.cli.tell;

import picocli.CommandLine.IVersionProvider;

/** The program's version, as the jar's manifest has it. */
public final class Version implements IVersionProvider {
  /** Created by picocli. */
  public Version() {}

  /** Returns the version, or a word where the classes come from no jar. */
  public static String text() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "unpackaged" : version;
  }

  @Override
  public String[] getVersion() {
    return new String[] {text()};
  }
}
