package millrace.storm;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import millrace.storm.Sql.RowFunction;

/**
 * The best N rows of each partition; of equal ones, those that came first. The result is a changelog; or the ranking of each window, given once when event time
 * has come to the window's end.
 */
public abstract class TopNBolt extends RowBolt {
  /** What rows are ranked by. */
  public static final class Order {
    private final RowFunction<?> value;
    private final int sign;
    private final boolean nullsFirst;

    private Order(RowFunction<?> value, int sign, boolean nullsFirst) {
      this.value = value;
      this.sign = sign;
      this.nullsFirst = nullsFirst;
    }

    public static Order ascending(RowFunction<?> value, boolean nullsFirst) {
      return new Order(value, 1, nullsFirst);
    }

    public static Order descending(RowFunction<?> value, boolean nullsFirst) {
      return new Order(value, -1, nullsFirst);
    }

    private int compare(Row a, Row b) {
      Object x = value.apply(a);
      Object y = value.apply(b);
      if (x == null || y == null) {
        return x == y ? 0 : (x == null) == nullsFirst ? -1 : 1;
      }
      return Sql.compare(x, y) * sign;
    }
  }

  private final int n;
  private final boolean hasRank;
  private final boolean isPerWindow;
  private final String[] keys;
  private boolean takesRowsBack;
  private transient List<Order> orders;
  private transient Map<List<Object>, List<Row>> rankings;
  private transient TreeMap<Long, Map<List<Object>, List<Row>>> windows;

  protected TopNBolt(int n, boolean hasRank, boolean isPerWindow, List<String> keys, String... fields) {
    super(fields);
    this.n = n;
    this.hasRank = hasRank;
    this.isPerWindow = isPerWindow;
    this.keys = keys.toArray(String[]::new);
  }

  /** Rows come in that take others back: all are kept, not only the best. */
  protected final void takeRowsBack() {
    takesRowsBack = true;
  }

  protected abstract List<Order> orders();

  @Override
  protected void open() {
    orders = orders();
    rankings = new HashMap<>();
    windows = new TreeMap<>();
  }

  @Override
  protected void process(Row row) {
    List<Object> key = row.key(keys);
    if (isPerWindow) {
      long last = row.getInstant("window_end").toEpochMilli() - 1;
      if (last > watermark()) {
        key.add(row.getInstant("window_start"));
        change(windows.computeIfAbsent(last, end -> new LinkedHashMap<>()).computeIfAbsent(key, added -> new ArrayList<>()), row);
      }
      return;
    }
    List<Row> ranking = rankings.computeIfAbsent(key, added -> new ArrayList<>());
    List<Row> before = best(ranking);
    change(ranking, row);
    List<Row> after = best(ranking);
    if (hasRank) {
      moved(before, after);
    } else {
      before.stream().filter(one -> !after.contains(one)).forEach(one -> emitAt(one.time(), "-D", one.values()));
      after.stream().filter(one -> !before.contains(one)).forEach(one -> emitAt(one.time(), "+I", one.values()));
    }
  }

  private void change(List<Row> ranking, Row row) {
    if (row.isRetraction()) {
      for (int i = ranking.size() - 1; i >= 0; i--) {
        if (Sql.sameValue(ranking.get(i).values(), row.values())) {
          ranking.remove(i);
          return;
        }
      }
      return;
    }
    int place = ranking.size();
    while (place > 0 && compare(row, ranking.get(place - 1)) < 0) {
      place--;
    }
    ranking.add(place, row);
    if (!takesRowsBack && ranking.size() > n) {
      ranking.remove(n);
    }
  }

  private int compare(Row a, Row b) {
    for (Order order : orders) {
      int result = order.compare(a, b);
      if (result != 0) {
        return result;
      }
    }
    return 0;
  }

  private List<Row> best(List<Row> ranking) {
    return new ArrayList<>(ranking.subList(0, Math.min(n, ranking.size())));
  }

  private void moved(List<Row> before, List<Row> after) {
    for (int i = 0; i < Math.max(before.size(), after.size()); i++) {
      Row old = i < before.size() ? before.get(i) : null;
      Row now = i < after.size() ? after.get(i) : null;
      if (old == now) {
        continue;
      }
      if (old != null) {
        emitAt(old.time(), now == null ? "-D" : "-U", ranked(old, i));
      }
      if (now != null) {
        emitAt(now.time(), old == null ? "+I" : "+U", ranked(now, i));
      }
    }
  }

  private List<Object> ranked(Row row, int place) {
    List<Object> values = new ArrayList<>(row.values());
    if (hasRank) {
      values.add(place + 1L);
    }
    return values;
  }

  @Override
  protected void onWatermark(long watermark) {
    while (!windows.isEmpty() && windows.firstKey() <= watermark) {
      Map.Entry<Long, Map<List<Object>, List<Row>>> ended = windows.pollFirstEntry();
      for (List<Row> ranking : ended.getValue().values()) {
        List<Row> best = best(ranking);
        for (int i = 0; i < best.size(); i++) {
          emitAt(ended.getKey(), "+I", ranked(best.get(i), i));
        }
      }
    }
  }
}
