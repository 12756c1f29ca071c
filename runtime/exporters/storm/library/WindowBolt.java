package millrace.storm;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import millrace.storm.Aggregate.Group;
import millrace.storm.Windows.Window;

/**
 * Aggregates the rows of each group in each window. A window fires when event time has come to its last millisecond; a row whose windows have all fired is
 * late. Storm's own windowed bolt keeps all rows of a task's window unacked until it closes, for all keys together; this one acks rows as it takes
 * them in and keeps the aggregates of each group.
 */
public abstract class WindowBolt extends GroupBolt {
  private final Windows windows;
  private boolean byClock;
  private long allowedLatenessMs;
  private transient TreeMap<Window, Map<List<Object>, Group>> open;
  private transient long firedUpTo;

  /** {@code fields}: the keys, the bounds of the window, and the aggregates. */
  protected WindowBolt(Windows windows, List<String> keys, String... fields) {
    super(keys, fields);
    this.windows = windows;
  }

  /** Rows are in the window of the moment when they come. */
  protected final void useClock() {
    byClock = true;
    wantTicks();
  }

  /** So long after it has fired, a window takes late rows and fires again. */
  protected final void allowLateness(long ms) {
    allowedLatenessMs = ms;
  }

  @Override
  protected void open() {
    open = new TreeMap<>();
    firedUpTo = Long.MIN_VALUE;
  }

  @Override
  protected void process(Row row) {
    boolean isLate = true;
    for (Window window : windows.of(byClock ? System.currentTimeMillis() : row.time())) {
      if (!byClock && window.last() + allowedLatenessMs <= watermark()) {
        continue;
      }
      isLate = false;
      List<Object> key = keyOf(row);
      Group group = open.computeIfAbsent(window, added -> new LinkedHashMap<>()).computeIfAbsent(key, added -> newGroup());
      group.add(row);
      if (!byClock && window.last() <= watermark()) {
        fire(window, key, group);
      }
    }
    if (isLate) {
      emitLate(row.values(), row);
    }
  }

  @Override
  protected void onWatermark(long watermark) {
    if (!byClock || watermark == END_OF_INPUT) {
      fireUpTo(watermark);
    }
  }

  @Override
  protected void onTick() {
    fireUpTo(System.currentTimeMillis() - 1);
  }

  private void fireUpTo(long time) {
    for (Map.Entry<Window, Map<List<Object>, Group>> entry : open.entrySet()) {
      Window window = entry.getKey();
      if (window.last() > time) {
        break;
      }
      if (window.last() > firedUpTo) {
        entry.getValue().forEach((key, group) -> fire(window, key, group));
      }
    }
    firedUpTo = time;
    open.keySet().removeIf(window -> window.last() <= time - allowedLatenessMs);
  }

  private void fire(Window window, List<Object> key, Group group) {
    List<Object> values = new ArrayList<>(key);
    values.add(Instant.ofEpochMilli(window.start()));
    values.add(Instant.ofEpochMilli(window.end()));
    values.addAll(group.results());
    emitAt(byClock ? null : window.last(), "+I", values);
  }
}
