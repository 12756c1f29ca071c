package millrace.storm;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.storm.tuple.Fields;
import org.apache.storm.tuple.Tuple;

/**
 * A row: the fields of a tuple by name, its event time and, in a changelog, what kind of change it is. A tuple carries the last two in fields of
 * their own behind the others, so that the time of a row goes along wherever its fields go.
 */
public final class Row {
  static final String TIME = "$time";
  static final String KIND = "$kind";

  private final Fields fields;
  private final List<Object> values;

  Row(Fields fields, List<Object> values) {
    this.fields = fields;
    this.values = values;
  }

  /** The fields of a row and, behind them, those that every tuple has. */
  static Fields fieldsOf(List<String> names) {
    List<String> all = new ArrayList<>(names);
    all.add(TIME);
    all.add(KIND);
    return new Fields(all);
  }

  static Row of(Tuple tuple) {
    return new Row(tuple.getFields(), tuple.getValues());
  }

  /** Of other values at the same time. */
  static List<Object> tuple(List<Object> values, Long time, String kind) {
    List<Object> all = new ArrayList<>(values.size() + 2);
    all.addAll(values);
    all.add(time);
    all.add(kind);
    return all;
  }

  /** Without time and kind. */
  public List<Object> values() {
    return values.subList(0, values.size() - 2);
  }

  /** Milliseconds since the epoch; null: the stream has no event time. */
  public Long time() {
    return (Long) values.get(values.size() - 2);
  }

  /** {@code +I}, {@code -U}, {@code +U} or {@code -D}. */
  public String kind() {
    return (String) values.get(values.size() - 1);
  }

  /** Whether the row takes back one that was given before. */
  public boolean isRetraction() {
    return kind().startsWith("-");
  }

  public Object get(String name) {
    return values.get(fields.fieldIndex(name));
  }

  /** Values of some fields: a key. */
  public List<Object> key(String... names) {
    List<Object> key = new ArrayList<>(names.length);
    for (String name : names) {
      key.add(get(name));
    }
    return key;
  }

  public Boolean getBoolean(String name) {
    return (Boolean) get(name);
  }

  public Integer getInteger(String name) {
    return (Integer) get(name);
  }

  public Long getLong(String name) {
    return (Long) get(name);
  }

  public Double getDouble(String name) {
    return (Double) get(name);
  }

  public BigDecimal getDecimal(String name) {
    return (BigDecimal) get(name);
  }

  public String getString(String name) {
    return (String) get(name);
  }

  public byte[] getBytes(String name) {
    return (byte[]) get(name);
  }

  public LocalDate getDate(String name) {
    return (LocalDate) get(name);
  }

  public Instant getInstant(String name) {
    return (Instant) get(name);
  }

  /** An array, or a row in a field. */
  @SuppressWarnings("unchecked")
  public List<Object> getList(String name) {
    return (List<Object>) get(name);
  }

  @SuppressWarnings("unchecked")
  public Map<Object, Object> getMap(String name) {
    return (Map<Object, Object>) get(name);
  }
}
