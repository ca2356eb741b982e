package dev.lanewise.spark;

import dev.lanewise.engine.backend.cpu.CpuBackend;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.train.DivergedException;
import dev.lanewise.engine.train.FitOptions;
import dev.lanewise.engine.train.History;
import dev.lanewise.engine.train.Model;
import dev.lanewise.engine.train.TrainingState;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.broadcast.Broadcast;
import org.jspecify.annotations.Nullable;
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
    report.attempt = context.stageAttemptNumber();
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
    History history = history(replica, exchange, report);
    report.digest = Weights.sha256(replica.parameters());
    report.steps = times.steps();
    report.computing = times.computing();
    report.exchanging = times.exchanging();
    report.applying = times.applying();
    report.bytesSent = exchange.bytesSent();
    if (report.rank == 0) {
      report.parameters = new PackedParameters(replica.parameters());
      report.history = new PackedHistory(history);
    }
  }

  private History history(Model replica, AllReduce exchange, TaskReport report) {
    Dataset samples = data.value().open();
    FitOptions options = settings.options();
    CheckpointPlace place = settings.checkpoints;
    if (place == null) {
      return replica.fit(samples, options);
    }
    CheckpointTurns turns = new CheckpointTurns(place, report.rank == 0, options.epochs());
    TrainingState state = resumed(place, exchange);
    if (state == null) {
      return replica.fit(samples, options, turns);
    }
    int batches = Math.ceilDiv(options.trainingCount(samples.size()), options.batchSize());
    report.resumedAt = (long) state.epoch() * batches + state.batch();
    return replica.resume(state, samples, options, turns);
  }

  /** The first task alone reads, so that all go on from the same place. */
  private static @Nullable TrainingState resumed(CheckpointPlace place, AllReduce exchange) {
    byte[] found = {};
    if (exchange.rank() == 0) {
      TrainingState state = place.state();
      found = state == null ? found : JavaBytes.of(new PackedState(state));
    }
    byte[] told = Handout.of(exchange, found);
    return told.length == 0 ? null : JavaBytes.read(told, PackedState.class).open();
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
