package millrace.storm;

import java.io.Serializable;
import java.util.List;

/** Type of a field, as far as reading and writing text needs it. */
public record Type(Kind kind, int precision, int scale, List<Type> parts, List<String> names) implements Serializable {
  public enum Kind { BOOLEAN, INT, BIGINT, DOUBLE, DECIMAL, STRING, BYTES, DATE, TIMESTAMP, ARRAY, MAP, ROW }

  public static final Type BOOLEAN = plain(Kind.BOOLEAN);
  public static final Type INT = plain(Kind.INT);
  public static final Type BIGINT = plain(Kind.BIGINT);
  public static final Type DOUBLE = plain(Kind.DOUBLE);
  public static final Type STRING = plain(Kind.STRING);
  public static final Type BYTES = plain(Kind.BYTES);
  public static final Type DATE = plain(Kind.DATE);
  public static final Type TIMESTAMP = plain(Kind.TIMESTAMP);

  private static Type plain(Kind kind) {
    return new Type(kind, 0, 0, List.of(), List.of());
  }

  public static Type decimal(int precision, int scale) {
    return new Type(Kind.DECIMAL, precision, scale, List.of(), List.of());
  }

  public static Type array(Type element) {
    return new Type(Kind.ARRAY, 0, 0, List.of(element), List.of());
  }

  public static Type map(Type key, Type value) {
    return new Type(Kind.MAP, 0, 0, List.of(key, value), List.of());
  }

  public static Type row(List<String> names, Type... types) {
    return new Type(Kind.ROW, 0, 0, List.of(types), names);
  }
}
