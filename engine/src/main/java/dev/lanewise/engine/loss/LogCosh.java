package dev.lanewise.engine.loss;

/** The mean of ln cosh(y - t) over the last axis. */
public record LogCosh() implements Loss {
  @Override
  public String kerasName() {
    return "log_cosh";
  }
}
