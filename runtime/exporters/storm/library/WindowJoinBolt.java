package millrace.storm;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import millrace.storm.Windows.Window;

/** Joins rows with equal keys that are in the same window, when event time has come to the window's last millisecond. */
public abstract class WindowJoinBolt extends JoinBolt {
  private static final class Pair {
    private final List<Row> left = new ArrayList<>();
    private final List<Row> right = new ArrayList<>();
  }

  private final Windows windows;
  private transient TreeMap<Window, Map<List<Object>, Pair>> open;

  protected WindowJoinBolt(Windows windows, Kind kind, List<String> leftKeys, List<String> rightKeys, int leftSize, int rightSize, String... fields) {
    super(kind, leftKeys, rightKeys, leftSize, rightSize, fields);
    this.windows = windows;
  }

  @Override
  protected void open() {
    open = new TreeMap<>();
  }

  @Override
  protected void process(Row row, boolean isRight) {
    boolean isLate = true;
    for (Window window : windows.of(row.time())) {
      if (window.last() > watermark()) {
        isLate = false;
        Pair pair = open.computeIfAbsent(window, added -> new LinkedHashMap<>()).computeIfAbsent(keyOf(row, isRight), key -> new Pair());
        (isRight ? pair.right : pair.left).add(row);
      }
    }
    if (isLate) {
      emitLate(alone(row, isRight), row);
    }
  }

  @Override
  protected void onWatermark(long watermark) {
    while (!open.isEmpty() && open.firstKey().last() <= watermark) {
      Map.Entry<Window, Map<List<Object>, Pair>> ended = open.pollFirstEntry();
      ended.getValue().forEach((key, pair) -> join(ended.getKey(), canMatch(key), pair));
    }
  }

  private void join(Window window, boolean canMatch, Pair pair) {
    boolean[] isRightMatched = new boolean[pair.right.size()];
    for (Row left : pair.left) {
      boolean isMatched = false;
      for (int i = 0; canMatch && i < isRightMatched.length; i++) {
        if (matches(left, pair.right.get(i))) {
          isMatched = true;
          isRightMatched[i] = true;
          emitIn(window, joined(left, pair.right.get(i)));
        }
      }
      if (!isMatched && kind.keepsLeft()) {
        emitIn(window, joined(left, null));
      }
    }
    for (int i = 0; i < isRightMatched.length; i++) {
      if (!isRightMatched[i] && kind.keepsRight()) {
        emitIn(window, joined(null, pair.right.get(i)));
      }
    }
  }

  private void emitIn(Window window, List<Object> values) {
    values.add(Instant.ofEpochMilli(window.start()));
    values.add(Instant.ofEpochMilli(window.end()));
    emitAt(window.last(), "+I", values);
  }
}
