package dev.lanewise.cli.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
  @ParameterizedTest
  @ValueSource(
      strings = {"Main", "ChildErrors", "JavaHomes", "JavaHomes$Installation", "SecondJvm"})
  void launcherIsCompiledForJava8(String name) throws IOException {
    try (InputStream in = Main.class.getResourceAsStream(name + ".class")) {
      assertThat(in).isNotNull();
      DataInputStream data = new DataInputStream(in);
      data.skipBytes(6);
      assertThat(data.readUnsignedShort()).isEqualTo(52);
    }
  }

  @Test
  void namesThatTheLocaleCannotTellAreRefused() {
    assertThat(Main.unnamed("/home/ren\u00e9", new String[] {"train", "--out", "\u00fc"}))
        .isEmpty();
    assertThat(Main.unnamed("/home/ren\uFFFD\uFFFD", new String[0]))
        .startsWith("/home/ren??: has letters that are none in the locale's character set")
        .endsWith("LC_ALL=C.UTF-8");
    assertThat(Main.unnamed("/", new String[] {"plot", "--out=\uFFFD.png"})).startsWith("--out=?");
  }
}
