package dev.lanewise.cli.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class RunClockTest {
  @Test
  @EnabledOnOs(OS.LINUX) // elsewhere a process's start is known to the second
  void countsFromTheProcessesStart() {
    double before = ManagementFactory.getRuntimeMXBean().getUptime() * 1e-3;
    assertThat(RunClock.seconds()).isCloseTo(before, within(0.5));
  }
}
