package dev.lanewise.cli.tell;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The expected digests are those of sha256 over the little-endian bytes, packed elsewhere. */
class WeightsDigestTest {
  @Test
  void weightsAreDigestedAsLittleEndianFloats() {
    assertThat(WeightsDigest.sha256(List.of(new float[] {1, -2.5f}, new float[] {0.5f})))
        .isEqualTo("407817b2fbf15a7894363e548875c53df3f04bad97795205011325b03662a155");
  }

  @Test
  void signedZerosAndTheEndsOfTheRangeKeepTheirBits() {
    float[] values = {0.0f, 1, -2.5f, Float.MAX_VALUE, -0.0f, Float.MIN_VALUE};
    assertThat(WeightsDigest.sha256(List.of(values)))
        .isEqualTo("f728895cedcc92616c57a3f0c8bb1109559b638c31d4146d226ccfd6af4579cf");
  }

  @Test
  void noWeightsGiveTheDigestOfNothing() {
    assertThat(WeightsDigest.sha256(List.of()))
        .isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  }
}
