package millrace.storm;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Joins each left row with the right row of its key that was valid at its time. A left row waits until event time has come to it, since a version from before
 * may still be on its way.
 */
public abstract class TemporalJoinBolt extends JoinBolt {
  private transient TreeMap<Long, List<Row>> waiting;
  /** By the time from which they hold. */
  private transient Map<List<Object>, TreeMap<Long, Row>> versions;

  protected TemporalJoinBolt(Kind kind, List<String> leftKeys, List<String> rightKeys, int leftSize, int rightSize, String... fields) {
    super(kind, leftKeys, rightKeys, leftSize, rightSize, fields);
  }

  @Override
  protected void open() {
    waiting = new TreeMap<>();
    versions = new HashMap<>();
  }

  @Override
  protected void process(Row row, boolean isRight) {
    if (isRight) {
      // The row before an update says nothing: the one behind it holds from its own time on.
      if (!row.kind().equals("-U")) {
        versions.computeIfAbsent(keyOf(row, true), key -> new TreeMap<>()).put(row.time(), row);
      }
    } else if (row.time() < watermark()) {
      emitLate(alone(row, false), row);
    } else {
      waiting.computeIfAbsent(row.time(), time -> new ArrayList<>()).add(row);
      joinUpTo(watermark());
    }
  }

  @Override
  protected void onWatermark(long watermark) {
    joinUpTo(watermark);
    // What was valid before the version that is valid now is not asked for any more.
    for (TreeMap<Long, Row> ofKey : versions.values()) {
      Long valid = ofKey.floorKey(watermark);
      if (valid != null) {
        ofKey.headMap(valid).clear();
      }
    }
  }

  private void joinUpTo(long time) {
    while (!waiting.isEmpty() && waiting.firstKey() <= time) {
      Map.Entry<Long, List<Row>> first = waiting.pollFirstEntry();
      first.getValue().forEach(this::join);
    }
  }

  private void join(Row left) {
    List<Object> key = keyOf(left, false);
    Map.Entry<Long, Row> found = canMatch(key) && versions.containsKey(key) ? versions.get(key).floorEntry(left.time()) : null;
    Row version = found == null || found.getValue().isRetraction() ? null : found.getValue();
    if (version != null && matches(left, version)) {
      emitAt(left.time(), "+I", joined(left, version));
    } else if (kind.keepsLeft()) {
      emitAt(left.time(), "+I", joined(left, null));
    }
  }
}
