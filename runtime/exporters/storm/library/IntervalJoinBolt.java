package millrace.storm;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Joins rows with equal keys whose times lie close to each other: {@code left.time + lower <= right.time <= left.time + upper}. Matches come at once, at the later
 * time of the two; a row without a match once event time has passed all that could match it.
 */
public abstract class IntervalJoinBolt extends JoinBolt {
  private static final class Waiting {
    private final Row row;
    private final List<Object> key;
    private boolean isMatched;

    Waiting(Row row, List<Object> key) {
      this.row = row;
      this.key = key;
    }
  }

  /** The rows of one side that wait for matches. */
  private static final class Side {
    private final Map<List<Object>, List<Waiting>> byKey = new HashMap<>();
    private final TreeMap<Long, List<Waiting>> byDeadline = new TreeMap<>();
  }

  private final long lowerMs;
  private final long upperMs;
  private transient Side left;
  private transient Side right;

  protected IntervalJoinBolt(long lowerMs, long upperMs, Kind kind, List<String> leftKeys, List<String> rightKeys, int leftSize, int rightSize, String... fields) {
    super(kind, leftKeys, rightKeys, leftSize, rightSize, fields);
    this.lowerMs = lowerMs;
    this.upperMs = upperMs;
  }

  @Override
  protected void open() {
    left = new Side();
    right = new Side();
  }

  /** The last time that a match of the row can have. */
  private long deadline(Row row, boolean isRight) {
    return row.time() + (isRight ? -lowerMs : upperMs);
  }

  @Override
  protected void process(Row row, boolean isRight) {
    if (row.time() < watermark()) {
      emitLate(alone(row, isRight), row);
      return;
    }
    List<Object> key = keyOf(row, isRight);
    Waiting waiting = new Waiting(row, key);
    if (!canMatch(key)) {
      unmatched(waiting, isRight);
      return;
    }
    for (Waiting other : (isRight ? left : right).byKey.getOrDefault(key, List.of())) {
      Row ofLeft = isRight ? other.row : row;
      Row ofRight = isRight ? row : other.row;
      long distance = ofRight.time() - ofLeft.time();
      if (lowerMs <= distance && distance <= upperMs && matches(ofLeft, ofRight)) {
        waiting.isMatched = true;
        other.isMatched = true;
        emitAt(Math.max(ofLeft.time(), ofRight.time()), "+I", joined(ofLeft, ofRight));
      }
    }
    Side side = isRight ? right : left;
    side.byKey.computeIfAbsent(key, added -> new ArrayList<>()).add(waiting);
    side.byDeadline.computeIfAbsent(deadline(row, isRight), time -> new ArrayList<>()).add(waiting);
    expire(watermark());
  }

  @Override
  protected void onWatermark(long watermark) {
    expire(watermark);
  }

  private void expire(long watermark) {
    expire(left, watermark, false);
    expire(right, watermark, true);
  }

  private void expire(Side side, long watermark, boolean isRight) {
    while (!side.byDeadline.isEmpty() && side.byDeadline.firstKey() < watermark) {
      for (Waiting waiting : side.byDeadline.pollFirstEntry().getValue()) {
        List<Waiting> sameKey = side.byKey.get(waiting.key);
        sameKey.remove(waiting);
        if (sameKey.isEmpty()) {
          side.byKey.remove(waiting.key);
        }
        if (!waiting.isMatched) {
          unmatched(waiting, isRight);
        }
      }
    }
  }

  private void unmatched(Waiting waiting, boolean isRight) {
    if (isRight ? kind.keepsRight() : kind.keepsLeft()) {
      emitAt(Math.max(waiting.row.time(), deadline(waiting.row, isRight)), "+I", alone(waiting.row, isRight));
    }
  }
}
