package dev.lanewise.spark;

import dev.lanewise.engine.backend.cpu.CpuBackend;
import dev.lanewise.engine.train.DivergedException;
import dev.lanewise.engine.train.History;
import dev.lanewise.engine.train.Model;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.broadcast.Broadcast;
import scala.Function1;
import scala.collection.Iterator;
import scala.collection.Iterator$;

/** What each task of the stage does: a whole fit, in which it computes its shards of each batch. */
final class FitTask implements Function1<Iterator<Integer>, Iterator<byte[]>>, Serializable {
  private static final long serialVersionUID = 1L;

  private final Broadcast<byte[]> model;
  private final Broadcast<PackedData> data;
  private final FitSettings settings;

  FitTask(Broadcast<byte[]> model, Broadcast<PackedData> data, FitSettings settings) {
    this.model = model;
    this.data = data;
    this.settings = settings;
  }

  @Override
  public Iterator<byte[]> apply(Iterator<Integer> nothing) {
    BarrierTaskContext context = BarrierTaskContext.get();
    TaskReport report = new TaskReport();
    report.rank = context.partitionId();
    report.address = context.getTaskInfos()[report.rank].address();
    try (AllReduce exchange = exchange(context);
        Model replica = JavaBytes.read(model.value(), PackedModel.class).open()) {
      fit(replica, exchange, report);
    } catch (DivergedException | IllegalArgumentException e) {
      report.refusal = e; // each attempt would come to this
    }
    return Iterator$.MODULE$.single(JavaBytes.of(report));
  }

  private void fit(Model replica, AllReduce exchange, TaskReport report) {
    StepTimes times = new StepTimes();
    replica
        .withThreads(settings.threads)
        .onBackend(new SharedBackend(new CpuBackend(), exchange, times));
    History history = replica.fit(data.value().open(), settings.options());
    report.digest = Weights.sha256(replica.parameters());
    report.steps = times.steps();
    report.computing = times.computing();
    report.exchanging = times.exchanging();
    report.applying = times.applying();
    report.bytesSent = exchange.bytesSent();
    if (report.rank == 0) {
      report.parameters = new PackedParameters(replica.parameters());
      report.setHistory(history);
    }
  }

  private AllReduce exchange(BarrierTaskContext context) {
    int rank = context.partitionId();
    int tasks = context.numPartitions();
    return switch (settings.exchange) {
      case GATHER -> new GatherReduce(context::allGather, rank, tasks);
      case TCP -> {
        String host = hostOf(context.getTaskInfos()[rank].address());
        try (Peers peers = new Peers(rank, host, settings.patience)) {
          yield peers.connect(context.allGather(peers.told()));
        } catch (IOException e) {
          throw new UncheckedIOException("task " + rank + " cannot listen at " + host, e);
        }
      }
    };
  }

  /** An address is {@code host:port}, of which a host may have colons, too, in brackets. */
  static String hostOf(String address) {
    int colon = address.lastIndexOf(':');
    String host = colon < 0 ? address : address.substring(0, colon);
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }
}
