package dev.lanewise.cli.picture;

import dev.lanewise.engine.data.FormatException;
import java.awt.Color;
import java.awt.Dimension;
import java.awt.Font;
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

  /**
   * Returns the drawing as a PNG file on white.
   *
   * @throws NoFontsException if the system has none
   */
  public byte[] png() {
    requireFonts();
    BufferedImage image =
        new BufferedImage(DENSITY * width, DENSITY * height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, image.getWidth(), image.getHeight());
    graphics.scale(DENSITY, DENSITY);
    drawing.accept(graphics);
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

  /**
   * Returns the drawing as an SVG document without a ground of its own.
   *
   * @throws NoFontsException if the system has none, since texts are measured for their places
   */
  public String svg() {
    requireFonts();
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
    drawing.accept(graphics);
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

  /**
   * Measures a letter before anything is drawn. Where a font or the library that finds them is
   * missing, Java throws at the first text, and what it throws depends on what is missing and on
   * who asks: exceptions, linkage errors, a plain {@link Error}.
   *
   * @throws NoFontsException if text cannot be drawn
   */
  private static void requireFonts() {
    BufferedImage image = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    try {
      graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
      graphics.getFontMetrics().stringWidth("0");
    } catch (OutOfMemoryError e) {
      throw e;
    } catch (RuntimeException | Error e) {
      throw new NoFontsException(e);
    } finally {
      graphics.dispose();
    }
  }
}
