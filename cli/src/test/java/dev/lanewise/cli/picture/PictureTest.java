package dev.lanewise.cli.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.data.FormatException;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.train.History;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;

class PictureTest {
  private static final Tile CORNER =
      new Tile(4, 3, new byte[] {-1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte) 128}, "a <b>");

  private static History history() {
    History history = new History();
    history.add(0, new TreeMap<>(Map.of("accuracy", 0.5, "loss", 1.5, "val_loss", 1.25)));
    history.add(1, new TreeMap<>(Map.of("accuracy", 0.75, "loss", 0.5, "val_loss", 0.625)));
    return history;
  }

  private static Document parsed(byte[] svg) throws Exception {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
    return factory.newDocumentBuilder().parse(new ByteArrayInputStream(svg));
  }

  @Test
  void aGridHasItsTilesInRowsUnderTheirTitles() throws IOException {
    TileGrid grid = new TileGrid(List.of(CORNER, CORNER, CORNER), 2);
    BufferedImage image =
        ImageIO.read(new ByteArrayInputStream(grid.bytesFor(Path.of("grid.PNG"))));
    assertThat(image.getWidth()).isEqualTo(2 * (12 + 2 * 96));
    assertThat(image.getHeight()).isEqualTo(2 * (12 + 2 * 116));
    assertThat(image.getRGB(2 * 14, 2 * 34) & 0xFF).isEqualTo(255); // the bright corner
    assertThat(image.getRGB(2 * 60, 2 * 60) & 0xFF).isZero();
    assertThat(image.getRGB(2 * (14 + 96), 2 * (34 + 116)) & 0xFF).isEqualTo(255); // no fourth
  }

  @Test
  void aGridInSvgIsWellFormedAndItsTitlesAreText() throws Exception {
    byte[] svg = new TileGrid(List.of(CORNER), 2).bytesFor(Path.of("grid.svg"));
    Document document = parsed(svg);
    assertThat(document.getElementsByTagName("text").item(0).getTextContent()).isEqualTo("a <b>");
    assertThat(document.getElementsByTagName("image").getLength()).isEqualTo(1);
  }

  @Test
  void otherFormatsAreRefused() {
    TileGrid grid = new TileGrid(List.of(CORNER), 1);
    assertThatThrownBy(() -> grid.bytesFor(Path.of("grid.bmp")))
        .isInstanceOf(FormatException.class)
        .hasMessage("grid.bmp: pictures are written as .png or .svg");
  }

  @Test
  void halfBlocksHoldTwoPixelsEach() {
    assertThat(HalfBlocks.of(List.of(CORNER), 1, false)).isEqualTo("a <b>\n ▒\n   ░\n");
    assertThat(HalfBlocks.of(List.of(CORNER), 1, true))
        .contains("\u001b[38;5;255;48;5;232m▀") // white above black
        .contains("\u001b[38;5;232;48;5;243m▀")
        .doesNotContain("\u001b[38;5;256");
  }

  @Test
  void aNarrowTerminalGetsFewerOrSmallerPictures() {
    Tile wide = new Tile(10, 40, new byte[400], "0");
    assertThat(HalfBlocks.within(List.of(wide, wide), 2, 100, false).lines()).hasSize(6);
    String narrow = HalfBlocks.within(List.of(wide, wide), 2, 60, true);
    assertThat(narrow.lines())
        .allMatch(line -> line.replaceAll("\u001b\\[[0-9;]*m", "").length() <= 60);
  }

  @Test
  void largeAndTinyLossesKeepTheirPlace() {
    String text = TerminalCurve.of("loss", List.of(List.of(1.5e30, 1e-7)));
    assertThat(text).contains(" 1.5e+30 ⠉").contains(" 1.0e-07 ");
  }

  @Test
  void longTitlesDoNotMeet() throws IOException {
    Tile tile = new Tile(2, 2, new byte[4], "4, predicted 9");
    BufferedImage image =
        ImageIO.read(
            new ByteArrayInputStream(
                new TileGrid(List.of(tile, tile), 2).bytesFor(Path.of("grid.png"))));
    assertThat(image.getWidth()).isGreaterThanOrEqualTo(2 * (12 + 2 * (14 * 8 + 12)));
  }

  @Test
  void floatsAreStretchedToTheWholeRange() {
    Dataset data = Dataset.of(Shape.of(1, 3), new float[] {-1, 0, 1, 5, 5, 5}, new int[2], 2);
    assertThat(Tile.of(data, 0, "").levels()).containsExactly(0, (byte) 128, (byte) 255);
    assertThat(Tile.of(data, 1, "").levels()).containsExactly(0, 0, 0);
  }

  @Test
  void curvesAreLabelledAsInTheNotebook() throws Exception {
    String svg = Curves.of(List.of(new Curves.Run("", history()))).svg();
    parsed(svg.getBytes(StandardCharsets.UTF_8));
    assertThat(svg)
        .contains(">accuracy<", ">cross-entropy<", ">epochs<", ">train set<", ">validation set<");
    assertThat(Curves.of(List.of(new Curves.Run("", history()))).svg()).isEqualTo(svg);
    assertThat(svg.length()).isLessThan(100_000);
  }

  @Test
  void severalRunsAreToldApartByName() {
    String svg =
        Curves.of(List.of(new Curves.Run("one", history()), new Curves.Run("two", history())))
            .svg();
    assertThat(svg).contains(">one train set<", ">two validation set<");
  }

  @Test
  void aTerminalCurveGoesFromTheLargestToTheLeast() {
    List<String> lines = TerminalCurve.of("loss", List.of(List.of(2.0, 1.0, 0.5))).lines().toList();
    assertThat(lines).hasSize(7);
    assertThat(lines.get(1)).contains("2.0000").contains("⠉");
    assertThat(lines.get(6)).contains("0.5000");
    assertThat(TerminalCurve.of("one", List.of(List.of(Double.NaN, 1.0)))).contains("1.0000");
  }
}
