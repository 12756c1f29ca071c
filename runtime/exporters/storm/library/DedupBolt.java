package millrace.storm;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Keeps one row of each key. The last one is a changelog: a row that takes the place of another takes that back first. */
public abstract class DedupBolt extends RowBolt {
  public enum Keep { FIRST, LAST }

  private final Keep keep;
  private final boolean byEventTime;
  private final String[] keys;
  private transient Set<List<Object>> passed;
  private transient Map<List<Object>, Row> last;
  /** The first row of each key so far, until event time has come to it. */
  private transient Map<List<Object>, Row> candidates;
  private transient TreeMap<Long, Set<List<Object>>> due;

  protected DedupBolt(Keep keep, boolean byEventTime, List<String> keys, String... fields) {
    super(fields);
    this.keep = keep;
    this.byEventTime = byEventTime;
    this.keys = keys.toArray(String[]::new);
  }

  @Override
  protected void open() {
    passed = new HashSet<>();
    last = new HashMap<>();
    candidates = new LinkedHashMap<>();
    due = new TreeMap<>();
  }

  @Override
  protected void process(Row row) {
    List<Object> key = row.key(keys);
    if (keep == Keep.LAST) {
      Row before = last.get(key);
      if (before != null && byEventTime && before.time() > row.time()) {
        return;
      }
      last.put(key, row);
      if (before != null) {
        emitAt(before.time(), "-U", before.values());
      }
      emitAt(row.time(), before == null ? "+I" : "+U", row.values());
    } else if (!byEventTime) {
      if (passed.add(key)) {
        emit(row);
      }
    } else if (row.time() >= watermark() && !passed.contains(key)) {
      Row before = candidates.get(key);
      if (before == null || row.time() < before.time()) {
        candidates.put(key, row);
        due.computeIfAbsent(row.time(), time -> new HashSet<>()).add(key);
      }
      passUpTo(watermark());
    }
  }

  @Override
  protected void onWatermark(long watermark) {
    passUpTo(watermark);
  }

  private void passUpTo(long time) {
    while (!due.isEmpty() && due.firstKey() <= time) {
      for (List<Object> key : due.pollFirstEntry().getValue()) {
        Row first = candidates.remove(key);
        if (first != null) {
          passed.add(key);
          emit(first);
        }
      }
    }
  }
}
