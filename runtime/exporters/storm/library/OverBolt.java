package millrace.storm;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import millrace.storm.Aggregate.Group;

/** Adds to each row aggregates over it and the rows of its partition before it. In event time, rows wait until it has passed them. */
public abstract class OverBolt extends GroupBolt {
  private record Timed(Row row, long time) {}

  /** What later frames need of a partition. */
  private final class Partition {
    private final Deque<Timed> history = new ArrayDeque<>();
    /** Where frames reach back to the first row. */
    private final Group all = newGroup();
  }

  private final boolean byClock;
  private Long precedingMs;
  private Integer precedingRows;
  private boolean isByRows;
  private transient Map<List<Object>, Partition> partitions;
  private transient TreeMap<Long, Map<List<Object>, List<Row>>> waiting;

  protected OverBolt(boolean byClock, List<String> keys, String... fields) {
    super(keys, fields);
    this.byClock = byClock;
  }

  /** Frames hold so many rows before the row; null: all. */
  protected final void precedingRows(Integer rows) {
    isByRows = true;
    precedingRows = rows;
  }

  /** Frames hold the rows that are at most so much older, and those of the same time; null: all. */
  protected final void precedingRange(Long ms) {
    precedingMs = ms;
  }

  @Override
  protected void open() {
    partitions = new HashMap<>();
    waiting = new TreeMap<>();
  }

  @Override
  protected void process(Row row) {
    if (byClock) {
      aggregate(keyOf(row), List.of(row), System.currentTimeMillis());
    } else if (row.time() <= watermark()) {
      emitLate(row.values(), row);
    } else {
      waiting.computeIfAbsent(row.time(), time -> new LinkedHashMap<>()).computeIfAbsent(keyOf(row), key -> new ArrayList<>()).add(row);
    }
  }

  @Override
  protected void onWatermark(long watermark) {
    while (!waiting.isEmpty() && waiting.firstKey() <= watermark) {
      Map.Entry<Long, Map<List<Object>, List<Row>>> first = waiting.pollFirstEntry();
      first.getValue().forEach((key, rows) -> aggregate(key, rows, first.getKey()));
    }
  }

  /** {@code rows}: of one time. */
  private void aggregate(List<Object> key, List<Row> rows, long time) {
    Partition partition = partitions.computeIfAbsent(key, added -> new Partition());
    if (isByRows) {
      rows.forEach(row -> emit(row, take(partition, row, time)));
      return;
    }
    List<Object> results = null;
    for (Row row : rows) {
      results = take(partition, row, time);
    }
    for (Row row : rows) {
      emit(row, results);
    }
  }

  /** The aggregates of the frame that ends with the row. */
  private List<Object> take(Partition partition, Row row, long time) {
    if (isByRows ? precedingRows == null : precedingMs == null) {
      partition.all.add(row);
      return partition.all.results();
    }
    partition.history.add(new Timed(row, time));
    while (isByRows ? partition.history.size() > precedingRows + 1 : partition.history.getFirst().time() < time - precedingMs) {
      partition.history.removeFirst();
    }
    Group frame = newGroup();
    partition.history.forEach(timed -> frame.add(timed.row()));
    return frame.results();
  }

  private void emit(Row row, List<Object> results) {
    emitAt(row.time(), row.kind(), withResults(row.values(), results));
  }
}
