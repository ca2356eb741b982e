package dev.lanewise.cli.picture;

import dev.lanewise.engine.data.FormatException;
import java.awt.Color;
import java.awt.Dimension;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Consumer;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.batik.svggen.SVGGraphics2D;
import org.w3c.dom.Document;

/**
 * Something that can be drawn, in either format.
 *
 * @param width in pixels
 * @param height in pixels
 * @param drawing draws it
 */
public record Canvas(int width, int height, Consumer<Graphics2D> drawing) {
  private static final String SVG = "http://www.w3.org/2000/svg";

  /** A PNG has this many pixels a unit, for dense screens. */
  private static final int DENSITY = 2;

  static {
    System.setProperty("java.awt.headless", "true"); // no display is asked for
  }

  /**
   * Returns the drawing in the format that a file's name ends with.
   *
   * @throws FormatException if that is neither .png nor .svg
   */
  public byte[] bytesFor(Path file) {
    String name = file.toString().toLowerCase(Locale.ROOT);
    if (name.endsWith(".svg")) {
      return svg().getBytes(StandardCharsets.UTF_8);
    }
    if (name.endsWith(".png")) {
      return png();
    }
    throw new FormatException(file + ": pictures are written as .png or .svg");
  }

  /** Returns the drawing as a PNG file on white. */
  public byte[] png() {
    BufferedImage image =
        new BufferedImage(DENSITY * width, DENSITY * height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, image.getWidth(), image.getHeight());
    graphics.scale(DENSITY, DENSITY);
    draw(graphics);
    graphics.dispose();
    return encoded(image);
  }

  static byte[] encoded(BufferedImage image) {
    ImageIO.setUseCache(false);
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", file);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail so
    }
    return file.toByteArray();
  }

  /** Returns the drawing as an SVG document without a ground of its own. */
  public String svg() {
    Document document;
    try {
      document =
          DocumentBuilderFactory.newInstance()
              .newDocumentBuilder()
              .getDOMImplementation()
              .createDocument(SVG, "svg", null);
    } catch (ParserConfigurationException e) {
      throw new IllegalStateException("every Java platform has an XML parser", e);
    }
    SVGGraphics2D graphics = new SVGGraphics2D(document);
    graphics.setSVGCanvasSize(new Dimension(width, height));
    draw(graphics);
    StringWriter text = new StringWriter();
    try {
      graphics.stream(text, true);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail so
    }
    // With a view box a page can give it any size.
    return text.toString()
        .replaceFirst("<svg ", "<svg viewBox=\"0 0 " + width + " " + height + "\" ");
  }

  /** Without any font on the system Java throws errors of several kinds at the first text. */
  private void draw(Graphics2D graphics) {
    try {
      drawing.accept(graphics);
    } catch (InternalError | NoClassDefFoundError | ExceptionInInitializerError e) {
      throw new NoFontsException(e);
    } catch (RuntimeException e) {
      if (String.valueOf(e.getMessage()).contains("Fontconfig")) {
        throw new NoFontsException(e);
      }
      throw e;
    }
  }
}
