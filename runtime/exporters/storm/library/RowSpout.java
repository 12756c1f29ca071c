package millrace.storm;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.storm.spout.SpoutOutputCollector;
import org.apache.storm.task.TopologyContext;
import org.apache.storm.topology.OutputFieldsDeclarer;
import org.apache.storm.topology.base.BaseRichSpout;
import org.apache.storm.tuple.Fields;
import org.apache.storm.tuple.Values;
import org.apache.storm.utils.Utils;

/**
 * A spout of rows and watermarks. A row is kept until it is acked and sent again when it fails: each arrives at least once. Where the input ends, the
 * last watermark goes out once all rows are acked, so that none that is sent again is late.
 */
public abstract class RowSpout extends BaseRichSpout {
  /** Between watermarks, unless every row has one: as often as Flink's. */
  private static final long WATERMARK_INTERVAL_MS = 200;
  /** So often the last one is said again, for bolts that were started anew and have heard of none. */
  static final long REPEAT_MS = 1000;

  private final List<String> fields;
  private int timeField = -1;
  private boolean byClock;
  private long maxOutOfOrdernessMs;
  private boolean watermarkPerRow;

  private transient SpoutOutputCollector collector;
  private transient TopologyContext context;
  private transient Map<Long, List<Object>> pending;
  private transient ArrayDeque<Long> failed;
  private transient long sent;
  private transient long maxTime;
  private transient long watermark;
  private transient long watermarkSentAt;
  private transient boolean hasEnded;

  protected RowSpout(String... fields) {
    this.fields = List.of(fields);
  }

  /** Event time is in a field; a row may be so far behind the latest one without being late. */
  public final void setEventTime(String field, long maxOutOfOrdernessMs, boolean watermarkPerRow) {
    timeField = fields.indexOf(field);
    this.maxOutOfOrdernessMs = maxOutOfOrdernessMs;
    this.watermarkPerRow = watermarkPerRow;
  }

  /** Event time is when a row is read. */
  public final void setIngestionTime() {
    byClock = true;
  }

  /** Called once, before the first row. */
  protected abstract void open();

  /** The next row, in the order of the fields; null: there is none, and {@link #isAtEnd} says whether there will be. */
  protected abstract List<Object> next();

  /** Whether there are no more rows. */
  protected abstract boolean isAtEnd();

  /** Of all tasks of this spout, which one it is. */
  protected final int taskIndex() {
    return context.getThisTaskIndex();
  }

  protected final int taskCount() {
    return context.getComponentTasks(context.getThisComponentId()).size();
  }

  @Override
  public void open(Map<String, Object> config, TopologyContext context, SpoutOutputCollector collector) {
    this.collector = collector;
    this.context = context;
    pending = new HashMap<>();
    failed = new ArrayDeque<>();
    maxTime = Long.MIN_VALUE;
    watermark = RowBolt.NOTHING_YET;
    open();
  }

  @Override
  public void nextTuple() {
    Long again = failed.poll();
    if (again != null) {
      collector.emit(pending.get(again), again);
      return;
    }
    List<Object> values = hasEnded ? null : next();
    if (values != null) {
      send(values);
    } else {
      hasEnded = isAtEnd();
      sendWatermark(hasEnded ? (pending.isEmpty() ? RowBolt.END_OF_INPUT : watermark) : reached());
    }
  }

  private void send(List<Object> values) {
    Long time = timeOf(values);
    List<Object> tuple = Row.tuple(values, time, "+I");
    pending.put(sent, tuple);
    collector.emit(tuple, sent++);
    if (time == null) {
      return;
    }
    maxTime = Math.max(maxTime, time);
    long now = System.currentTimeMillis();
    if (watermarkPerRow || now - watermarkSentAt >= WATERMARK_INTERVAL_MS) {
      sendWatermark(reached());
    }
  }

  private Long timeOf(List<Object> values) {
    if (byClock) {
      return System.currentTimeMillis();
    }
    if (timeField < 0) {
      return null;
    }
    Instant time = (Instant) values.get(timeField);
    if (time == null) {
      throw new IllegalStateException("a row has no event time: " + fields.get(timeField) + " is NULL");
    }
    return time.toEpochMilli();
  }

  private long reached() {
    return maxTime == Long.MIN_VALUE ? RowBolt.NOTHING_YET : maxTime - maxOutOfOrdernessMs;
  }

  private void sendWatermark(long reached) {
    long now = System.currentTimeMillis();
    if (reached > watermark || now - watermarkSentAt >= REPEAT_MS && watermark > RowBolt.NOTHING_YET) {
      watermark = Math.max(watermark, reached);
      watermarkSentAt = now;
      collector.emit(RowBolt.WATERMARK, new Values(watermark));
    }
  }

  @Override
  public void ack(Object id) {
    pending.remove(id);
  }

  @Override
  public void fail(Object id) {
    if (pending.containsKey(id)) {
      failed.add((Long) id);
    }
  }

  @Override
  public void declareOutputFields(OutputFieldsDeclarer declarer) {
    declarer.declareStream(Utils.DEFAULT_STREAM_ID, Row.fieldsOf(fields));
    declarer.declareStream(RowBolt.WATERMARK, new Fields("watermark"));
  }
}
