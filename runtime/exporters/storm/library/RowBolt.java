package millrace.storm;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.storm.Config;
import org.apache.storm.generated.GlobalStreamId;
import org.apache.storm.task.OutputCollector;
import org.apache.storm.task.TopologyContext;
import org.apache.storm.topology.OutputFieldsDeclarer;
import org.apache.storm.topology.base.BaseRichBolt;
import org.apache.storm.tuple.Fields;
import org.apache.storm.tuple.Tuple;
import org.apache.storm.tuple.Values;
import org.apache.storm.utils.TupleUtils;
import org.apache.storm.utils.Utils;

/**
 * A bolt over rows that knows how far event time has come.
 *
 * <p>Storm's windowed bolts work out a watermark by themselves, from the times that they happen to see, once a second. Here spouts send it along with
 * the rows, on a stream of its own to every task: a bolt has come as far as the slowest task before it, so which rows are late does not depend on the
 * speed of the topology, and {@link #END_OF_INPUT} closes what is open.
 *
 * <p>What is emitted while a row is processed is anchored to it; the row is acked behind that.
 */
public abstract class RowBolt extends BaseRichBolt {
  public static final String WATERMARK = "watermark";
  public static final String LATE = "late";
  public static final long END_OF_INPUT = Long.MAX_VALUE;
  static final long NOTHING_YET = Long.MIN_VALUE;

  private boolean ticks;
  private final Map<String, List<String>> outputs = new LinkedHashMap<>();
  private transient OutputCollector collector;
  private transient Tuple current;
  private transient Map<Integer, Long> watermarks;
  private transient long watermark;
  private transient long told;
  private transient long toldAt;

  /** Fields of the rows that it gives. */
  protected RowBolt(String... fields) {
    if (fields.length > 0) {
      outputs.put(Utils.DEFAULT_STREAM_ID, List.of(fields));
    }
  }

  /** Declares another output. */
  protected final void addOutput(String stream, String... fields) {
    outputs.put(stream, List.of(fields));
  }

  /** Asks for {@link #onTick} once a second. */
  protected final void wantTicks() {
    ticks = true;
  }

  /** Called for every row. */
  protected abstract void process(Row row);

  /** Called when event time has come further, before those behind are told. */
  protected void onWatermark(long watermark) {}

  /** Called once a second, if it was asked for. */
  protected void onTick() {}

  /** Called once, before the first row. */
  protected void open() {}

  /** For bolts with several inputs: which one a tuple came by. */
  protected void receive(Tuple tuple, Row row) {
    process(row);
  }

  @Override
  public void prepare(Map<String, Object> config, TopologyContext context, OutputCollector collector) {
    this.collector = collector;
    watermark = NOTHING_YET;
    told = NOTHING_YET;
    watermarks = new HashMap<>();
    for (GlobalStreamId source : context.getThisSources().keySet()) {
      if (source.get_streamId().equals(WATERMARK)) {
        for (int task : context.getComponentTasks(source.get_componentId())) {
          watermarks.put(task, NOTHING_YET);
        }
      }
    }
    open();
  }

  @Override
  public void execute(Tuple tuple) {
    current = tuple;
    if (TupleUtils.isTick(tuple)) {
      onTick();
    } else if (tuple.getSourceStreamId().equals(WATERMARK)) {
      advance(tuple.getSourceTask(), tuple.getLong(0));
    } else {
      receive(tuple, Row.of(tuple));
    }
    collector.ack(tuple);
  }

  private void advance(int task, long reached) {
    watermarks.put(task, reached);
    long least = watermarks.values().stream().mapToLong(Long::longValue).min().orElse(NOTHING_YET);
    if (least > watermark) {
      watermark = least;
      onWatermark(least);
      if (passesWatermark(least)) {
        sendWatermark(least);
      }
    } else if (told > NOTHING_YET && System.currentTimeMillis() - toldAt >= RowSpout.REPEAT_MS) {
      // One before says its last again: those behind may have been started anew as well.
      sendWatermark(told);
    }
  }

  /** Whether those behind are told of it as well. */
  protected boolean passesWatermark(long watermark) {
    return true;
  }

  protected final void sendWatermark(long reached) {
    told = reached;
    toldAt = System.currentTimeMillis();
    collector.emit(WATERMARK, new Values(reached));
  }

  /** How far event time has come: no row before it is expected any more. */
  protected final long watermark() {
    return watermark;
  }

  /** Hands a row on as it is. */
  protected final void emit(Row row) {
    emit(Utils.DEFAULT_STREAM_ID, row);
  }

  /** Nothing is emitted to a stream that nobody reads. */
  protected final void emit(String stream, Row row) {
    if (outputs.containsKey(stream)) {
      collector.emit(stream, current, Row.tuple(row.values(), row.time(), row.kind()));
    }
  }

  /** Hands on a row that came too late to count, if anybody reads those. */
  protected final void emitLate(List<Object> values, Row row) {
    if (outputs.containsKey(LATE)) {
      collector.emit(LATE, current, Row.tuple(values, row.time(), row.kind()));
    }
  }

  /** A row in place of another: at its time, and the same kind of change. */
  protected final void emitFor(Row row, Object... values) {
    collector.emit(current, Row.tuple(Arrays.asList(values), row.time(), row.kind()));
  }

  /** A new row; {@code time} may be null. */
  protected final void emitAt(Long time, String kind, List<Object> values) {
    collector.emit(current, Row.tuple(values, time, kind));
  }

  @Override
  public Map<String, Object> getComponentConfiguration() {
    return ticks ? Map.of(Config.TOPOLOGY_TICK_TUPLE_FREQ_SECS, 1) : null;
  }

  @Override
  public void declareOutputFields(OutputFieldsDeclarer declarer) {
    outputs.forEach((stream, names) -> declarer.declareStream(stream, Row.fieldsOf(names)));
    declarer.declareStream(WATERMARK, new Fields("watermark"));
  }
}
