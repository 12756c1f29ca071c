package millrace.storm;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.storm.tuple.Tuple;

/** What joins of two streams have in common. Storm's own JoinBolt joins the rows of a window of the clock, without outer rows of a right side or conditions. */
public abstract class JoinBolt extends RowBolt {
  public enum Kind {
    INNER, LEFT, RIGHT, FULL;

    boolean keepsLeft() {
      return this == LEFT || this == FULL;
    }

    boolean keepsRight() {
      return this == RIGHT || this == FULL;
    }
  }

  protected final Kind kind;
  private final String[] leftKeys;
  private final String[] rightKeys;
  private final int leftSize;
  private final int rightSize;
  private final Set<String> rightInputs = new HashSet<>();

  /** {@code leftSize} and {@code rightSize}: how many fields rows of each side have. */
  protected JoinBolt(Kind kind, List<String> leftKeys, List<String> rightKeys, int leftSize, int rightSize, String... fields) {
    super(fields);
    this.kind = kind;
    this.leftKeys = leftKeys.toArray(String[]::new);
    this.rightKeys = rightKeys.toArray(String[]::new);
    this.leftSize = leftSize;
    this.rightSize = rightSize;
  }

  /** Rows of this stream are those of the right side. */
  public final void setRight(String component, String stream) {
    rightInputs.add(component + " " + stream);
  }

  /** What else must be TRUE of two rows with equal keys. */
  protected boolean matches(Row left, Row right) {
    return true;
  }

  protected abstract void process(Row row, boolean isRight);

  @Override
  protected final void process(Row row) {
    process(row, false);
  }

  @Override
  protected final void receive(Tuple tuple, Row row) {
    process(row, rightInputs.contains(tuple.getSourceComponent() + " " + tuple.getSourceStreamId()));
  }

  protected final List<Object> keyOf(Row row, boolean isRight) {
    return row.key(isRight ? rightKeys : leftKeys);
  }

  /** NULL equals nothing. */
  protected static boolean canMatch(List<Object> key) {
    return !key.contains(null);
  }

  /** A row of each side beside each other; null: NULLs. */
  protected final List<Object> joined(Row left, Row right) {
    List<Object> values = new ArrayList<>(leftSize + rightSize);
    values.addAll(left == null ? Collections.nCopies(leftSize, null) : left.values());
    values.addAll(right == null ? Collections.nCopies(rightSize, null) : right.values());
    return values;
  }

  protected final List<Object> alone(Row row, boolean isRight) {
    return isRight ? joined(null, row) : joined(row, null);
  }
}
