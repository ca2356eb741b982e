package dev.lanewise.spark;

import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import org.apache.spark.sql.catalyst.analysis.FunctionRegistry;
import org.apache.spark.sql.connector.catalog.CatalogManager$;
import scala.Option;

/**
 * Models in SQL: {@code SELECT lanewise_predict('digits', pixels) FROM pictures}. The function
 * takes a model's name and a column for each of its inputs, of the kinds that {@link LanewiseModel}
 * reads, and gives an array of floats; of a model with several outputs a struct of arrays, under
 * the names of {@link LanewiseModel#setOutputCols}. Where an input is NULL, so is the answer.
 *
 * <p>It answers a row at a time, with the bits of {@link LanewiseModel#transform}, which answers
 * many rows at once and is faster.
 */
public final class LanewiseSql {
  /** The name of the function. */
  public static final String FUNCTION = "lanewise_predict";

  private LanewiseSql() {}

  /**
   * Has a session's SQL know a model, as it is now, by a name; one that has the name already is
   * replaced for queries from now on.
   *
   * @param session whose queries are meant
   * @param name what queries call it by
   * @param model what answers
   */
  public static void register(SparkSession session, String name, LanewiseModel model) {
    JavaSparkContext context = JavaSparkContext.fromSparkContext(session.sparkContext());
    Broadcast<byte[]> sent = context.broadcast(model.keras());
    models(session).put(name, model.copy(ParamMap.empty()), sent);
  }

  /**
   * Has a session forget a model.
   *
   * @param session whose queries are meant
   * @param name what queries call it by
   * @throws IllegalArgumentException if there is none of that name
   */
  public static void unregister(SparkSession session, String name) {
    if (!models(session).remove(name)) {
      throw new IllegalArgumentException(FUNCTION + ": there is no model '" + name + "'");
    }
  }

  private static synchronized SqlModels models(SparkSession session) {
    if (!(session instanceof org.apache.spark.sql.classic.SparkSession classic)) {
      throw new IllegalArgumentException(
          "LanewiseSql: the session must be in this process, found one of Spark Connect's");
    }
    FunctionRegistry registry = classic.sessionState().functionRegistry();
    FunctionIdentifier place = // of what createOrReplaceTempFunction makes
        new FunctionIdentifier(
            FUNCTION,
            Option.apply(CatalogManager$.MODULE$.SESSION_NAMESPACE()),
            Option.apply(CatalogManager$.MODULE$.SYSTEM_CATALOG_NAME()));
    Option<?> known = registry.lookupFunctionBuilder(place);
    if (known.isDefined() && known.get() instanceof SqlModels models) {
      return models;
    }
    SqlModels models = new SqlModels();
    registry.createOrReplaceTempFunction(FUNCTION, models, "java_udf");
    return models;
  }
}
