package millrace.storm;

import java.io.Serializable;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * SQL's operators: NULL (null) where an operand is, and three truth values. Whole numbers wrap around, a DECIMAL that does not fit is NULL, and what
 * cannot be computed at all is an {@link ArithmeticException} or {@link IllegalArgumentException}, as in Flink.
 */
public final class Sql {
  private Sql() {}

  // Truth: NULL is unknown.

  /** What WHERE asks: neither FALSE nor NULL. */
  public static boolean isTrue(Boolean value) {
    return value != null && value;
  }

  public static boolean isFalse(Boolean value) {
    return value != null && !value;
  }

  public static Boolean not(Boolean value) {
    return value == null ? null : !value;
  }

  /** The right side is only looked at when the left does not decide. */
  public static Boolean and(Boolean left, Supplier<Boolean> right) {
    if (isFalse(left)) {
      return false;
    }
    Boolean other = right.get();
    return isFalse(other) ? Boolean.FALSE : left == null || other == null ? null : Boolean.TRUE;
  }

  public static Boolean or(Boolean left, Supplier<Boolean> right) {
    if (isTrue(left)) {
      return true;
    }
    Boolean other = right.get();
    return isTrue(other) ? Boolean.TRUE : left == null || other == null ? null : Boolean.FALSE;
  }

  // Comparison.

  /** The order of two values that are not NULL; null: they have none, as NaN has with anything. */
  @SuppressWarnings({"unchecked", "rawtypes"})
  private static Integer order(Object a, Object b) {
    if (a instanceof Double x && b instanceof Double y) {
      return x < y ? (Integer) (-1) : x > y ? (Integer) 1 : x.doubleValue() == y.doubleValue() ? (Integer) 0 : null;
    }
    if (a instanceof String x && b instanceof String y) {
      return compareText(x, y);
    }
    if (a instanceof byte[] x && b instanceof byte[] y) {
      return Arrays.compareUnsigned(x, y);
    }
    if (a instanceof Comparable x) {
      return x.compareTo(b);
    }
    return sameValue(a, b) ? (Integer) 0 : null;
  }

  /** By code points, which is the order of UTF-8; Java's own puts surrogates before U+E000. */
  private static int compareText(String a, String b) {
    int shorter = Math.min(a.length(), b.length());
    for (int i = 0; i < shorter; i++) {
      char x = a.charAt(i);
      char y = b.charAt(i);
      if (x != y) {
        return Character.isSurrogate(x) == Character.isSurrogate(y) ? x - y : Character.isSurrogate(x) ? 1 : -1;
      }
    }
    return a.length() - b.length();
  }

  /** For sorting: NaN is above all numbers. */
  static int compare(Object a, Object b) {
    Integer order = order(a, b);
    return order != null ? order : Boolean.compare(isNaN(a), isNaN(b));
  }

  private static boolean isNaN(Object value) {
    return value instanceof Double number && number.isNaN();
  }

  /** NULL equals NULL here. */
  static boolean sameValue(Object a, Object b) {
    if (a instanceof List<?> x && b instanceof List<?> y) {
      if (x.size() != y.size()) {
        return false;
      }
      for (int i = 0; i < x.size(); i++) {
        if (!sameValue(x.get(i), y.get(i))) {
          return false;
        }
      }
      return true;
    }
    if (a instanceof BigDecimal x && b instanceof BigDecimal y) {
      return x.compareTo(y) == 0;
    }
    return Objects.deepEquals(a, b);
  }

  public static Boolean equal(Object a, Object b) {
    return a == null || b == null ? null : Objects.equals(order(a, b), 0);
  }

  public static Boolean notEqual(Object a, Object b) {
    return not(equal(a, b));
  }

  public static <T> Boolean less(T a, T b) {
    Integer order = a == null || b == null ? null : order(a, b);
    return a == null || b == null ? null : order != null && order < 0;
  }

  public static <T> Boolean lessOrEqual(T a, T b) {
    Integer order = a == null || b == null ? null : order(a, b);
    return a == null || b == null ? null : order != null && order <= 0;
  }

  public static <T> Boolean greater(T a, T b) {
    return less(b, a);
  }

  public static <T> Boolean greaterOrEqual(T a, T b) {
    return lessOrEqual(b, a);
  }

  /** IS DISTINCT FROM: never NULL. */
  public static Boolean isDistinct(Object a, Object b) {
    return a == null || b == null ? a != b : !Objects.equals(order(a, b), 0);
  }

  public static <T> Boolean between(T value, T low, T high) {
    Boolean above = greaterOrEqual(value, low);
    return and(above, () -> lessOrEqual(value, high));
  }

  public static Boolean in(Object value, Object... items) {
    if (value == null) {
      return null;
    }
    for (Object item : items) {
      if (isTrue(equal(value, item))) {
        return true;
      }
    }
    return Arrays.asList(items).contains(null) ? null : Boolean.FALSE;
  }

  public static Boolean like(String text, String pattern) {
    return like(text, pattern, "");
  }

  public static Boolean like(String text, String pattern, String escape) {
    if (text == null || pattern == null || escape == null) {
      return null;
    }
    StringBuilder regex = new StringBuilder();
    int[] characters = pattern.codePoints().toArray();
    for (int i = 0; i < characters.length; i++) {
      String character = Character.toString(characters[i]);
      if (character.equals(escape)) {
        i++;
        regex.append(Pattern.quote(i < characters.length ? Character.toString(characters[i]) : ""));
      } else {
        regex.append(character.equals("%") ? ".*" : character.equals("_") ? "." : Pattern.quote(character));
      }
    }
    return Pattern.compile(regex.toString(), Pattern.DOTALL).matcher(text).matches();
  }

  // Values that depend on others.

  public static <T> T coalesce(T value, Supplier<T> otherwise) {
    return value != null ? value : otherwise.get();
  }

  public static <T> T nullIf(T value, T nothing) {
    return isTrue(equal(value, nothing)) ? null : value;
  }

  // Arithmetic.

  public static Integer add(Integer a, Integer b) {
    return a == null || b == null ? null : (Integer) (a + b);
  }

  public static Long add(Long a, Long b) {
    return a == null || b == null ? null : (Long) (a + b);
  }

  public static Double add(Double a, Double b) {
    return a == null || b == null ? null : (Double) (a + b);
  }

  public static BigDecimal add(BigDecimal a, BigDecimal b, int precision, int scale) {
    return a == null || b == null ? null : fit(a.add(b), precision, scale);
  }

  public static Integer subtract(Integer a, Integer b) {
    return a == null || b == null ? null : (Integer) (a - b);
  }

  public static Long subtract(Long a, Long b) {
    return a == null || b == null ? null : (Long) (a - b);
  }

  public static Double subtract(Double a, Double b) {
    return a == null || b == null ? null : (Double) (a - b);
  }

  public static BigDecimal subtract(BigDecimal a, BigDecimal b, int precision, int scale) {
    return a == null || b == null ? null : fit(a.subtract(b), precision, scale);
  }

  public static Integer multiply(Integer a, Integer b) {
    return a == null || b == null ? null : (Integer) (a * b);
  }

  public static Long multiply(Long a, Long b) {
    return a == null || b == null ? null : (Long) (a * b);
  }

  public static Double multiply(Double a, Double b) {
    return a == null || b == null ? null : (Double) (a * b);
  }

  public static BigDecimal multiply(BigDecimal a, BigDecimal b, int precision, int scale) {
    return a == null || b == null ? null : fit(a.multiply(b), precision, scale);
  }

  /** Cut to a whole number. */
  public static Integer divide(Integer a, Integer b) {
    return a == null || b == null ? null : (Integer) (a / b);
  }

  public static Long divide(Long a, Long b) {
    return a == null || b == null ? null : (Long) (a / b);
  }

  public static Double divide(Double a, Double b) {
    return a == null || b == null ? null : (Double) (a / b);
  }

  public static BigDecimal divide(BigDecimal a, BigDecimal b, int precision, int scale) {
    return a == null || b == null ? null : fit(a.divide(b, scale, RoundingMode.HALF_UP), precision, scale);
  }

  public static Integer remainder(Integer a, Integer b) {
    return a == null || b == null ? null : (Integer) (a % b);
  }

  public static Long remainder(Long a, Long b) {
    return a == null || b == null ? null : (Long) (a % b);
  }

  public static Double remainder(Double a, Double b) {
    return a == null || b == null ? null : (Double) (a % b);
  }

  public static BigDecimal remainder(BigDecimal a, BigDecimal b, int precision, int scale) {
    return a == null || b == null ? null : fit(a.remainder(b), precision, scale);
  }

  public static Integer negate(Integer a) {
    return a == null ? null : (Integer) (-a);
  }

  public static Long negate(Long a) {
    return a == null ? null : (Long) (-a);
  }

  public static Double negate(Double a) {
    return a == null ? null : (Double) (-a);
  }

  public static BigDecimal negate(BigDecimal a) {
    return a == null ? null : a.negate();
  }

  public static Duration negate(Duration a) {
    return a == null ? null : a.negated();
  }

  /** Half up, away from zero; NULL when there are more digits than the type has. */
  static BigDecimal fit(BigDecimal value, int precision, int scale) {
    BigDecimal rounded = value.setScale(scale, RoundingMode.HALF_UP);
    return rounded.precision() > precision && rounded.signum() != 0 ? null : rounded;
  }

  // Times.

  public static Instant add(Instant time, Duration by) {
    return time == null || by == null ? null : time.plus(by);
  }

  public static Instant subtract(Instant time, Duration by) {
    return time == null || by == null ? null : time.minus(by);
  }

  /** Milliseconds between. */
  public static Long subtract(Instant a, Instant b) {
    return a == null || b == null ? null : (Long) (a.toEpochMilli() - b.toEpochMilli());
  }

  public static LocalDate add(LocalDate date, Duration by) {
    return date == null || by == null ? null : date.plusDays(by.toDays());
  }

  public static LocalDate subtract(LocalDate date, Duration by) {
    return date == null || by == null ? null : date.minusDays(by.toDays());
  }

  /** Days between. */
  public static Integer subtract(LocalDate a, LocalDate b) {
    return a == null || b == null ? null : (Integer) (int) (a.toEpochDay() - b.toEpochDay());
  }

  // Texts, arrays, maps and rows.

  /** From 1; NULL outside. */
  public static Object element(List<Object> list, Number position) {
    if (list == null || position == null) {
      return null;
    }
    long index = position.longValue() - 1;
    return index < 0 || index >= list.size() ? null : list.get((int) index);
  }

  public static Object element(Map<Object, Object> map, Object key) {
    return map == null || key == null ? null : map.get(key);
  }

  /** Of a row. */
  public static Object field(List<Object> row, int index) {
    return row == null ? null : row.get(index);
  }

  public static List<Object> listOf(Object... items) {
    return new ArrayList<>(Arrays.asList(items));
  }

  /** Keys and values in turn. */
  public static Map<Object, Object> mapOf(Object... items) {
    Map<Object, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < items.length; i += 2) {
      map.put(items[i], items[i + 1]);
    }
    return map;
  }

  // CAST: as Java's primitives convert; a text that does not fit fails.

  /** Whole numbers, and those with a fraction, which is cut off. */
  private static final Pattern WHOLE = Pattern.compile("\\s*([+-]?\\d+)(?:\\.\\d*)?\\s*");

  private static final Pattern DECIMAL = Pattern.compile("[+-]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?");
  private static final Pattern TIMESTAMP =
      Pattern.compile(
          "\\s*(\\d{4,6})-(\\d\\d)-(\\d\\d)(?:[Tt ](\\d\\d):(\\d\\d)(?::(\\d\\d)(?:[.,](\\d{1,9}))?)?\\s*([Zz]|[+-]\\d\\d:?\\d\\d)?)?\\s*");
  private static final DateTimeFormatter TEXT = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS").withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter ISO = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  /** TRY_CAST: NULL instead of a failure. */
  public static <A, B> B tryCast(A value, Function<A, B> cast) {
    try {
      return cast.apply(value);
    } catch (IllegalArgumentException | ArithmeticException e) {
      return null;
    }
  }

  private static IllegalArgumentException noCast(Object value, String type) {
    return new IllegalArgumentException("cannot cast \"" + value + "\" to " + type);
  }

  public static String toText(Object value) {
    if (value == null) {
      return null;
    }
    if (value instanceof Boolean truth) {
      return truth ? "TRUE" : "FALSE";
    }
    if (value instanceof BigDecimal number) {
      return number.toPlainString();
    }
    if (value instanceof Instant time) {
      return TEXT.format(time);
    }
    if (value instanceof byte[] bytes) {
      return new String(bytes, StandardCharsets.UTF_8);
    }
    if (value instanceof List<?> list) {
      return list.stream().map(Sql::textOrNull).collect(Collectors.joining(", ", "[", "]"));
    }
    if (value instanceof Map<?, ?> map) {
      return map.entrySet().stream()
          .map(entry -> textOrNull(entry.getKey()) + "=" + textOrNull(entry.getValue()))
          .collect(Collectors.joining(", ", "{", "}"));
    }
    return value.toString();
  }

  private static String textOrNull(Object value) {
    return value == null ? "NULL" : toText(value);
  }

  static String isoText(Instant time) {
    return ISO.format(time);
  }

  public static Boolean toBoolean(Object value) {
    if (value == null || value instanceof Boolean) {
      return (Boolean) value;
    }
    if (value instanceof String text) {
      switch (text.trim().toLowerCase()) {
        case "t", "true", "y", "yes", "1":
          return true;
        case "f", "false", "n", "no", "0":
          return false;
        default:
          throw noCast(text, "BOOLEAN");
      }
    }
    return value instanceof BigDecimal number ? number.signum() != 0 : ((Number) value).doubleValue() != 0;
  }

  public static Integer toInteger(Object value) {
    if (value instanceof String text) {
      BigInteger number = wholeNumber(text, "INT");
      if (number.bitLength() > 31) {
        throw noCast(text, "INT");
      }
      return number.intValue();
    }
    return value == null ? null : value instanceof Boolean truth ? (Integer) (truth ? 1 : 0) : (Integer) ((Number) value).intValue();
  }

  public static Long toLong(Object value) {
    if (value instanceof String text) {
      BigInteger number = wholeNumber(text, "BIGINT");
      if (number.bitLength() > 63) {
        throw noCast(text, "BIGINT");
      }
      return number.longValue();
    }
    return value == null ? null : value instanceof Boolean truth ? (Long) (truth ? 1L : 0L) : (Long) ((Number) value).longValue();
  }

  private static BigInteger wholeNumber(String text, String type) {
    Matcher matcher = WHOLE.matcher(text);
    if (!matcher.matches()) {
      throw noCast(text, type);
    }
    return new BigInteger(matcher.group(1));
  }

  public static Double toDouble(Object value) {
    if (value instanceof String text) {
      String trimmed = text.trim();
      if (trimmed.matches("[+-]?(Infinity|NaN)") || DECIMAL.matcher(trimmed).matches()) {
        return Double.valueOf(trimmed);
      }
      throw noCast(text, "DOUBLE");
    }
    return value == null ? null : value instanceof Boolean truth ? (Double) (truth ? 1.0 : 0.0) : (Double) ((Number) value).doubleValue();
  }

  public static BigDecimal toDecimal(Object value, int precision, int scale) {
    if (value == null) {
      return null;
    }
    String text = value instanceof Boolean truth ? (truth ? "1" : "0") : value.toString().trim();
    if (!DECIMAL.matcher(text).matches()) {
      throw noCast(value, "DECIMAL");
    }
    BigDecimal fitting = fit(new BigDecimal(text), precision, scale);
    if (fitting == null) {
      throw noCast(value, "DECIMAL(" + precision + ", " + scale + ")");
    }
    return fitting;
  }

  public static byte[] toBytes(String value) {
    return value == null ? null : value.getBytes(StandardCharsets.UTF_8);
  }

  public static LocalDate toDate(Object value) {
    if (value == null || value instanceof LocalDate) {
      return (LocalDate) value;
    }
    Instant time = value instanceof Instant instant ? instant : toTimestamp(value);
    return time.atOffset(ZoneOffset.UTC).toLocalDate();
  }

  /** UTC unless the text says otherwise. */
  public static Instant toTimestamp(Object value) {
    if (value == null || value instanceof Instant) {
      return (Instant) value;
    }
    if (value instanceof LocalDate date) {
      return date.atStartOfDay().toInstant(ZoneOffset.UTC);
    }
    Matcher parts = TIMESTAMP.matcher((String) value);
    if (!parts.matches()) {
      throw noCast(value, "TIMESTAMP");
    }
    String fraction = parts.group(7) == null ? "000" : (parts.group(7) + "00").substring(0, 3);
    try {
      LocalDateTime time =
          LocalDateTime.of(
              Integer.parseInt(parts.group(1)),
              Integer.parseInt(parts.group(2)),
              Integer.parseInt(parts.group(3)),
              number(parts.group(4)),
              number(parts.group(5)),
              number(parts.group(6)),
              Integer.parseInt(fraction) * 1_000_000);
      String zone = parts.group(8);
      return time.toInstant(zone == null || zone.equalsIgnoreCase("Z") ? ZoneOffset.UTC : ZoneOffset.of(zone));
    } catch (java.time.DateTimeException e) {
      throw noCast(value, "TIMESTAMP");
    }
  }

  private static int number(String digits) {
    return digits == null ? 0 : Integer.parseInt(digits);
  }

  /** A function that can be kept in a bolt. */
  public interface RowFunction<T> extends Serializable {
    T apply(Row row);
  }
}
