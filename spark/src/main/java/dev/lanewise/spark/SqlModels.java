package dev.lanewise.spark;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.catalyst.expressions.ApplyFunctionExpression;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StringType;
import org.jspecify.annotations.Nullable;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractFunction1;

/** What a session's SQL function is: models by name, and an expression for each call of one. */
final class SqlModels extends AbstractFunction1<Seq<Expression>, Expression> {
  private final Map<String, Entry> models = new ConcurrentHashMap<>();

  /** A model, and its bytes where tasks find them. */
  private record Entry(LanewiseModel model, Broadcast<byte[]> sent) {}

  void put(String name, LanewiseModel model, Broadcast<byte[]> sent) {
    end(models.put(name, new Entry(model, sent)));
  }

  /** Returns whether there was such a model. */
  boolean remove(String name) {
    Entry entry = models.remove(name);
    end(entry);
    return entry != null;
  }

  private static void end(@Nullable Entry entry) {
    if (entry != null) {
      SharedScorer.releaseDriver(entry.sent);
    }
  }

  /**
   * Returns a call.
   *
   * @param arguments the model's name, and a column for each of its inputs
   * @throws IllegalArgumentException if there is no such model, or they do not fit it
   */
  @Override
  public Expression apply(Seq<Expression> arguments) {
    List<Expression> all = CollectionConverters.asJava(arguments);
    Entry entry = models.get(name(all));
    if (entry == null) {
      throw new IllegalArgumentException(
          LanewiseSql.FUNCTION
              + ": there is no model '"
              + name(all)
              + "', this session has "
              + new TreeMap<>(models).keySet()
              + "; LanewiseSql.register adds one");
    }
    List<Expression> columns = all.subList(1, all.size());
    DataType[] types = columns.stream().map(Expression::dataType).toArray(DataType[]::new);
    String[] names = columns.stream().map(Expression::sql).toArray(String[]::new);
    PredictFunction function =
        new PredictFunction(
            entry.sent, entry.model.reader(names, types), types, entry.model.answerType());
    return new ApplyFunctionExpression(function, CollectionConverters.asScala(columns).toSeq());
  }

  private static String name(List<Expression> arguments) {
    Object name = arguments.isEmpty() ? null : text(arguments.getFirst());
    if (name == null) {
      throw new IllegalArgumentException(
          LanewiseSql.FUNCTION
              + ": the first argument must be a model's name, the others a column for each input,"
              + " as in "
              + LanewiseSql.FUNCTION
              + "('digits', pixels)");
    }
    return name.toString();
  }

  private static @Nullable Object text(Expression argument) {
    boolean known = argument.foldable() && argument.dataType() instanceof StringType;
    return known ? argument.eval(null) : null;
  }
}
