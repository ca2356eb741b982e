package dev.lanewise.spark;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeReference;
import org.apache.spark.sql.catalyst.expressions.CreateNamedStruct;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Literal$;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.MapPartitions;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructType;
import scala.Function1;
import scala.Option;
import scala.collection.Iterator;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Tables mapped row by row as Spark itself has them, in its own memory. {@code
 * Dataset.mapPartitions} makes an object of each number of a row on its way in and out, which for
 * rows of 784 takes longer than to answer them.
 */
final class InternalRows {
  private InternalRows() {}

  /**
   * Returns a table whose rows a function makes of the other's, when it is asked for them.
   *
   * @param function of the {@code InternalRow}s of a partition; Spark uses the memory of one again
   *     for the next
   * @param schema of the rows that it gives
   */
  static Dataset<Row> map(
      Dataset<?> table, Function1<Iterator<Object>, Iterator<Object>> function, StructType schema) {
    LogicalPlan plan = classic(table).queryExecution().analyzed();
    List<Expression> fields = new ArrayList<>();
    for (Attribute column : CollectionConverters.asJava(plan.output())) {
      fields.add(Literal$.MODULE$.apply(column.name()));
      fields.add(column);
    }
    Expression row = new CreateNamedStruct(seq(fields));
    LogicalPlan rows = new Project(seq(List.of(alias(row, "row"))), plan);
    LogicalPlan mapped = new MapPartitions(function, attribute("row", schema), rows);
    SparkSession session = (SparkSession) table.sparkSession();
    return org.apache.spark.sql.classic.Dataset$.MODULE$.ofRows(session, mapped).select("row.*");
  }

  /** Returns the rows of a table. */
  static RDD<InternalRow> of(Dataset<?> table) {
    return classic(table).queryExecution().toRdd();
  }

  private static org.apache.spark.sql.classic.Dataset<?> classic(Dataset<?> table) {
    if (table instanceof org.apache.spark.sql.classic.Dataset<?> classic) {
      return classic;
    }
    throw new IllegalArgumentException(
        "the table must be of a session in this process, found one of Spark Connect's, which does"
            + " not run code of others");
  }

  private static NamedExpression alias(Expression value, String name) {
    return new Alias(
        value, name, NamedExpression.newExprId(), seq(List.of()), Option.empty(), seq(List.of()));
  }

  private static Attribute attribute(String name, DataType type) {
    return new AttributeReference(
        name, type, false, Metadata.empty(), NamedExpression.newExprId(), seq(List.of()));
  }

  private static <T> Seq<T> seq(List<T> list) {
    return CollectionConverters.asScala(list).toSeq();
  }
}
