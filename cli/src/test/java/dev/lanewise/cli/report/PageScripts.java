package dev.lanewise.cli.report;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.mozilla.javascript.BaseFunction;
import org.mozilla.javascript.Context;
import org.mozilla.javascript.NativeArray;
import org.mozilla.javascript.Scriptable;
import org.mozilla.javascript.ScriptableObject;

/**
 * The report's scripts in an interpreter of JavaScript that is Java, for builds without browser.
 */
final class PageScripts implements AutoCloseable {
  private final Context context = Context.enter();
  private final Scriptable scope = context.initStandardObjects();

  /** What browsers have and the language has not. */
  private static final class Atob extends BaseFunction {
    private static final long serialVersionUID = 1;

    @Override
    public Object call(Context context, Scriptable scope, Scriptable self, Object[] arguments) {
      byte[] bytes = Base64.getDecoder().decode(String.valueOf(arguments[0]));
      return new String(bytes, StandardCharsets.ISO_8859_1);
    }
  }

  PageScripts() {
    context.setLanguageVersion(Context.VERSION_ES6);
    ScriptableObject.putProperty(scope, "atob", new Atob());
    for (String script : DrawingPad.SCRIPTS) {
      String text = PagePart.text(script);
      if (script.equals("pad.js")) {
        context.compileString(text, script, 1, null); // the page's own part needs a page
      } else {
        context.evaluateString(scope, text, script, 1, null);
      }
    }
  }

  /** Gives the scripts bytes under a name, each as a number from 0 to 255. */
  void give(String name, byte[] bytes) {
    Object[] values = new Object[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      values[i] = bytes[i] & 0xff;
    }
    ScriptableObject.putProperty(scope, name, context.newArray(scope, values));
  }

  void give(String name, String text) {
    ScriptableObject.putProperty(scope, name, text);
  }

  /** Returns the numbers that an expression's array has. */
  double[] numbers(String expression) {
    Object result =
        context.evaluateString(scope, "Array.from(" + expression + ")", "test", 1, null);
    NativeArray array = (NativeArray) result;
    double[] numbers = new double[array.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = Context.toNumber(array.get(i));
    }
    return numbers;
  }

  @Override
  public void close() {
    Context.exit();
  }
}
