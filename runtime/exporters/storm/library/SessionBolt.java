package millrace.storm;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import millrace.storm.Aggregate.Group;

/**
 * Aggregates the rows of each group in sessions: one lasts until no row has come for a gap. Storm has no such windows. A row that closes the gap between
 * two sessions makes them one, so a session keeps its rows until it ends.
 */
public abstract class SessionBolt extends GroupBolt {
  private static final class Session {
    private long start;
    private long end;
    private final List<Row> rows = new ArrayList<>();
  }

  private final long gapMs;
  private transient Map<List<Object>, List<Session>> sessions;

  /** {@code fields}: the keys, the bounds of the session, and the aggregates. */
  protected SessionBolt(long gapMs, List<String> keys, String... fields) {
    super(keys, fields);
    this.gapMs = gapMs;
  }

  @Override
  protected void open() {
    sessions = new HashMap<>();
  }

  @Override
  protected void process(Row row) {
    List<Session> open = sessions.computeIfAbsent(keyOf(row), key -> new ArrayList<>());
    Session session = new Session();
    session.start = row.time();
    session.end = row.time() + gapMs;
    List<Session> touching = open.stream().filter(other -> other.start <= session.end && session.start <= other.end).toList();
    for (Session other : touching) {
      session.start = Math.min(session.start, other.start);
      session.end = Math.max(session.end, other.end);
      session.rows.addAll(other.rows);
    }
    if (session.end - 1 <= watermark()) {
      emitLate(row.values(), row);
      return;
    }
    session.rows.add(row);
    open.removeAll(touching);
    open.add(session);
  }

  @Override
  protected void onWatermark(long watermark) {
    for (Iterator<Map.Entry<List<Object>, List<Session>>> keys = sessions.entrySet().iterator(); keys.hasNext(); ) {
      Map.Entry<List<Object>, List<Session>> entry = keys.next();
      List<Session> ended = entry.getValue().stream().filter(session -> session.end - 1 <= watermark).toList();
      ended.forEach(session -> fire(entry.getKey(), session));
      entry.getValue().removeAll(ended);
      if (entry.getValue().isEmpty()) {
        keys.remove();
      }
    }
  }

  private void fire(List<Object> key, Session session) {
    Group group = newGroup();
    session.rows.forEach(group::add);
    List<Object> values = new ArrayList<>(key);
    values.add(Instant.ofEpochMilli(session.start));
    values.add(Instant.ofEpochMilli(session.end));
    values.addAll(group.results());
    emitAt(session.end - 1, "+I", values);
  }
}
