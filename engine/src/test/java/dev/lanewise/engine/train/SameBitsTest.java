package dev.lanewise.engine.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.engine.kernel.ChildJvm;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Weights and optimizer after many updates have the same bits however the JVM compiles, whichever
 * instructions it may use, on any number of threads, and in a run that was cut and gone on with.
 * Every build has a few updates in three JVMs; {@code -Dlanewise.test.updates=200} has 200, cut at
 * 20 places, in all of them. The interpreter, too slow for so many, is {@link DeterminismTest}'s.
 */
class SameBitsTest {
  private static final int UPDATES = Integer.getInteger("lanewise.test.updates", 8);
  private static final boolean CAMPAIGN = UPDATES > 8;
  private static final String MODULE = "--add-modules=jdk.incubator.vector";
  private static final String THREADS = CAMPAIGN ? "1,2,3,4,8" : "1,3";
  private static final String EXPECTED = child(List.of(MODULE), CAMPAIGN ? 20 : 1, THREADS);

  private static Stream<List<String>> jvms() {
    Stream<List<String>> few =
        Stream.of(List.of("-XX:UseAVX=1"), List.of("-XX:UseAVX=2", "-XX:-TieredCompilation"));
    return CAMPAIGN ? Stream.concat(few, others()) : few;
  }

  private static Stream<List<String>> others() {
    return Stream.of(
        List.of("-XX:UseAVX=0"),
        List.of("-XX:UseAVX=3"),
        List.of("-XX:-UseFMA"),
        List.of("-XX:TieredStopAtLevel=1"),
        List.of("-XX:TieredStopAtLevel=1", "-Dlanewise.kernels=scalar"),
        List.of("-Xcomp", "-XX:TieredStopAtLevel=1", "-Dlanewise.kernels=scalar"),
        List.of("-XX:-TieredCompilation"),
        List.of("-Dlanewise.kernels=scalar"),
        List.of("-Dlanewise.vectorBits=128"),
        List.of("-Dlanewise.vectorBits=256"),
        List.of("-Dlanewise.vectorBits=256", "-XX:UseAVX=3"),
        List.of("-Dlanewise.memory=bounded"),
        List.of("-XX:+UseParallelGC"),
        List.of("-XX:+UseZGC"));
  }

  private static String child(List<String> options, int cuts, String threads) {
    ChildJvm.Result child =
        ChildJvm.run(
            options, ManyUpdates.class, String.valueOf(UPDATES), String.valueOf(cuts), threads);
    assertThat(child.exitCode()).as(child.output()).isZero();
    String digests =
        String.join(
            "\n",
            child.output().lines().filter(line -> line.matches("[A-Z_]+ [0-9a-f]{64}")).toList());
    assertThat(digests.lines()).as(child.output()).hasSize(3);
    return digests;
  }

  @ParameterizedTest
  @MethodSource("jvms")
  void noJvmChangesABit(List<String> options) {
    List<String> all = new ArrayList<>(List.of(MODULE));
    all.addAll(options);
    boolean slow = options.contains("-XX:TieredStopAtLevel=1");
    assertThat(child(all, CAMPAIGN && !slow ? 3 : 0, slow ? "1" : "1,2")).isEqualTo(EXPECTED);
  }
}
