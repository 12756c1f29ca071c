package millrace.storm;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Joins all rows with equal keys, however far apart they come: SQL's join over two tables that grow and change. Every row is kept. */
public abstract class StreamJoinBolt extends JoinBolt {
  private static final class Stored {
    private final Row row;
    private int matches;

    Stored(Row row) {
      this.row = row;
    }
  }

  private transient Map<List<Object>, List<Stored>> left;
  private transient Map<List<Object>, List<Stored>> right;

  protected StreamJoinBolt(Kind kind, List<String> leftKeys, List<String> rightKeys, int leftSize, int rightSize, String... fields) {
    super(kind, leftKeys, rightKeys, leftSize, rightSize, fields);
  }

  @Override
  protected void open() {
    left = new HashMap<>();
    right = new HashMap<>();
  }

  @Override
  protected void process(Row row, boolean isRight) {
    List<Object> key = keyOf(row, isRight);
    List<Stored> own = (isRight ? right : left).computeIfAbsent(key, added -> new ArrayList<>());
    List<Stored> others = canMatch(key) ? (isRight ? left : right).getOrDefault(key, List.of()) : List.of();
    if (row.isRetraction()) {
      remove(own, row);
    }
    int matches = 0;
    for (Stored other : others) {
      Row ofLeft = isRight ? other.row : row;
      Row ofRight = isRight ? row : other.row;
      if (matches(ofLeft, ofRight)) {
        matches++;
        pair(row, other, joined(ofLeft, ofRight), isRight);
      }
    }
    boolean isKept = isRight ? kind.keepsRight() : kind.keepsLeft();
    if (matches == 0 && isKept) {
      emitAt(null, row.isRetraction() ? "-D" : "+I", alone(row, isRight));
    }
    if (!row.isRetraction()) {
      Stored stored = new Stored(row);
      stored.matches = matches;
      own.add(stored);
    }
  }

  private void pair(Row row, Stored other, List<Object> joined, boolean isRight) {
    boolean isOtherKept = isRight ? kind.keepsLeft() : kind.keepsRight();
    if (row.isRetraction()) {
      emitAt(null, "-D", joined);
      if (--other.matches == 0 && isOtherKept) {
        emitAt(null, "+I", alone(other.row, !isRight));
      }
    } else {
      if (other.matches++ == 0 && isOtherKept) {
        emitAt(null, "-D", alone(other.row, !isRight));
      }
      emitAt(null, "+I", joined);
    }
  }

  private static void remove(List<Stored> rows, Row row) {
    for (Iterator<Stored> each = rows.iterator(); each.hasNext(); ) {
      if (Sql.sameValue(each.next().row.values(), row.values())) {
        each.remove();
        return;
      }
    }
  }
}
