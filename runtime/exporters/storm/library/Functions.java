package millrace.storm;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DayOfWeek;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.time.temporal.IsoFields;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleUnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.CRC32;

/** SQL's functions, each under its own name. NULL where an argument is, unless it says otherwise; texts are counted in characters, from 1. */
public final class Functions {
  private Functions() {}

  private static boolean anyNull(Object... values) {
    return Arrays.stream(values).anyMatch(Objects::isNull);
  }

  // Texts.

  public static String upper(String text) {
    return text == null ? null : text.toUpperCase();
  }

  public static String lower(String text) {
    return text == null ? null : text.toLowerCase();
  }

  public static String initcap(String text) {
    if (text == null) {
      return null;
    }
    Matcher words = Pattern.compile("[\\p{L}\\p{N}]+").matcher(text.toLowerCase());
    return words.replaceAll(word -> Matcher.quoteReplacement(part(word.group(), 0, 1).toUpperCase() + part(word.group(), 1, word.group().length())));
  }

  public static String trim(String text) {
    return trim(text, " ");
  }

  public static String trim(String text, String characters) {
    return rtrim(ltrim(text, characters), characters);
  }

  public static String ltrim(String text) {
    return ltrim(text, " ");
  }

  public static String ltrim(String text, String characters) {
    if (anyNull(text, characters)) {
      return null;
    }
    int start = 0;
    while (start < text.length() && characters.indexOf(text.codePointAt(start)) >= 0) {
      start = text.offsetByCodePoints(start, 1);
    }
    return text.substring(start);
  }

  public static String rtrim(String text) {
    return rtrim(text, " ");
  }

  public static String rtrim(String text, String characters) {
    if (anyNull(text, characters)) {
      return null;
    }
    int end = text.length();
    while (end > 0 && characters.indexOf(text.codePointBefore(end)) >= 0) {
      end = text.offsetByCodePoints(end, -1);
    }
    return text.substring(0, end);
  }

  public static Integer charLength(String text) {
    return text == null ? null : (Integer) text.codePointCount(0, text.length());
  }

  public static Integer octetLength(String text) {
    return text == null ? null : (Integer) text.getBytes(StandardCharsets.UTF_8).length;
  }

  /** Characters from {@code start} to before {@code end}, as far as there are any. */
  private static String part(String text, long start, long end) {
    int[] characters = text.codePoints().toArray();
    int from = (int) Math.max(0, Math.min(start, characters.length));
    int to = (int) Math.max(from, Math.min(end, characters.length));
    return new String(characters, from, to - from);
  }

  public static String substring(String text, Integer start) {
    return substring(text, start, Integer.MAX_VALUE);
  }

  public static String substring(String text, Integer start, Integer length) {
    if (anyNull(text, start, length) || length < 0) {
      return null;
    }
    int count = charLength(text);
    long from = start > 0 ? start - 1 : start < 0 ? count + start : 0;
    return from < 0 || from >= count ? "" : part(text, from, from + length);
  }

  public static String left(String text, Integer length) {
    return anyNull(text, length) ? null : part(text, 0, length);
  }

  public static String right(String text, Integer length) {
    return anyNull(text, length) ? null : part(text, charLength(text) - Math.max(0, length), charLength(text));
  }

  public static String concat(String... texts) {
    return anyNull((Object[]) texts) ? null : String.join("", texts);
  }

  /** Without those that are NULL. */
  public static String concatWs(String separator, String... texts) {
    return separator == null ? null : Arrays.stream(texts).filter(Objects::nonNull).collect(Collectors.joining(separator));
  }

  public static String replace(String text, String search, String replacement) {
    return anyNull(text, search, replacement) ? null : text.replace(search, replacement);
  }

  public static String translate(String text, String from, String to) {
    if (anyNull(text, from, to)) {
      return null;
    }
    int[] replacements = to.codePoints().toArray();
    int[] replaced = from.codePoints().toArray();
    StringBuilder result = new StringBuilder();
    text.codePoints()
        .forEach(
            character -> {
              for (int i = 0; i < replaced.length; i++) {
                if (replaced[i] == character) {
                  if (i < replacements.length) {
                    result.appendCodePoint(replacements[i]);
                  }
                  return;
                }
              }
              result.appendCodePoint(character);
            });
    return result.toString();
  }

  public static Integer position(String part, String text) {
    return locate(part, text, 1);
  }

  public static Integer locate(String part, String text) {
    return locate(part, text, 1);
  }

  public static Integer locate(String part, String text, Integer from) {
    if (anyNull(part, text, from)) {
      return null;
    }
    int count = charLength(text);
    if (from < 1 || from > count + 1) {
      return 0;
    }
    int at = text.indexOf(part, text.offsetByCodePoints(0, from - 1));
    return at < 0 ? 0 : text.codePointCount(0, at) + 1;
  }

  public static Integer instr(String text, String part) {
    return locate(part, text, 1);
  }

  private static String padding(String text, int length, String pad) {
    int missing = length - charLength(text);
    return missing <= 0 ? "" : part(pad.repeat(missing), 0, missing);
  }

  public static String lpad(String text, Integer length, String pad) {
    return anyNull(text, length, pad) || length < 0 || pad.isEmpty() ? null : padding(text, length, pad) + part(text, 0, length);
  }

  public static String rpad(String text, Integer length, String pad) {
    return anyNull(text, length, pad) || length < 0 || pad.isEmpty() ? null : part(text, 0, length) + padding(text, length, pad);
  }

  public static String repeat(String text, Integer times) {
    return anyNull(text, times) ? null : text.repeat(Math.max(0, times));
  }

  public static String reverse(String text) {
    return text == null ? null : new StringBuilder(text).reverse().toString();
  }

  /** From 0; NULL where there is no such part. */
  public static String splitIndex(String text, String separator, Integer index) {
    if (anyNull(text, separator, index) || text.isEmpty() || index < 0) {
      return null;
    }
    String[] parts = separator.isEmpty() ? text.split("") : text.split(Pattern.quote(separator), -1);
    return index < parts.length ? parts[index] : null;
  }

  public static List<Object> split(String text, String separator) {
    return anyNull(text, separator) ? null : List.of((Object[]) text.split(Pattern.quote(separator), -1));
  }

  public static Boolean startswith(String text, String start) {
    return anyNull(text, start) ? null : (Boolean) text.startsWith(start);
  }

  public static Boolean endswith(String text, String end) {
    return anyNull(text, end) ? null : (Boolean) text.endsWith(end);
  }

  public static Boolean contains(String text, String part) {
    return anyNull(text, part) ? null : (Boolean) text.contains(part);
  }

  public static Integer ascii(String text) {
    return text == null ? null : text.isEmpty() ? (Integer) 0 : (Integer) text.codePointAt(0);
  }

  public static String chr(Long code) {
    return code == null || code < 0 ? null : String.valueOf((char) (code & 0xff));
  }

  public static String elt(Integer index, String... texts) {
    return index == null || index < 1 || index > texts.length ? null : texts[index - 1];
  }

  public static Boolean isAlpha(String text) {
    return text == null ? null : (Boolean) text.matches("\\p{L}+");
  }

  public static Boolean isDigit(String text) {
    return text == null ? null : (Boolean) text.matches("\\p{Nd}+");
  }

  public static Boolean isDecimal(String text) {
    return text == null ? null : (Boolean) text.matches("\\s*[+-]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?\\s*");
  }

  public static String urlEncode(String text) {
    return text == null ? null : URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /** NULL when it is malformed. */
  public static String urlDecode(String text) {
    try {
      return text == null ? null : URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static final Pattern URL_PARTS =
      Pattern.compile(
          "([a-z][a-z0-9+.-]*):(?://((?:([^/?#]*)@)?([^/?#:]*)(?::\\d*)?))?([^?#]*)(?:\\?([^#]*))?(?:#(.*))?",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  /** NULL where the part is not there. */
  public static String parseUrl(String url, String part) {
    Matcher parts = anyNull(url, part) ? null : URL_PARTS.matcher(url);
    if (parts == null || !parts.matches()) {
      return null;
    }
    switch (part.toUpperCase(Locale.ROOT)) {
      case "PROTOCOL":
        return parts.group(1);
      case "AUTHORITY":
        return parts.group(2);
      case "USERINFO":
        return parts.group(3);
      case "HOST":
        return parts.group(4);
      case "PATH":
        return parts.group(5);
      case "FILE":
        return parts.group(5) + (parts.group(6) == null ? "" : "?" + parts.group(6));
      case "QUERY":
        return parts.group(6);
      case "REF":
        return parts.group(7);
      default:
        return null;
    }
  }

  /** The value of a key in the query. */
  public static String parseUrl(String url, String part, String key) {
    String query = anyNull(part, key) || !part.equalsIgnoreCase("QUERY") ? null : parseUrl(url, part);
    String start = key + "=";
    return query == null
        ? null
        : Arrays.stream(query.split("&")).filter(pair -> pair.startsWith(start)).findFirst().map(pair -> pair.substring(start.length())).orElse(null);
  }

  public static Map<Object, Object> strToMap(String text) {
    return strToMap(text, ",", "=");
  }

  public static Map<Object, Object> strToMap(String text, String pairSeparator) {
    return strToMap(text, pairSeparator, "=");
  }

  public static Map<Object, Object> strToMap(String text, String pairSeparator, String keySeparator) {
    if (anyNull(text, pairSeparator, keySeparator)) {
      return null;
    }
    Map<Object, Object> map = new LinkedHashMap<>();
    for (String pair : text.split(Pattern.quote(pairSeparator), -1)) {
      int at = pair.indexOf(keySeparator);
      map.put(at < 0 ? pair : pair.substring(0, at), at < 0 ? null : pair.substring(at + keySeparator.length()));
    }
    return map;
  }

  public static String toBase64(String text) {
    return text == null ? null : Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  /** NULL when it is malformed. */
  public static String fromBase64(String base64) {
    try {
      return base64 == null ? null : new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  public static byte[] encode(String text, String charset) {
    return anyNull(text, charset) ? null : text.getBytes(Charset.forName(charset));
  }

  public static String decode(byte[] bytes, String charset) {
    return anyNull(bytes, charset) ? null : new String(bytes, Charset.forName(charset));
  }

  /** NULL where there are other characters. Of an odd number of digits a zero byte stands for the first. */
  public static byte[] unhex(String digits) {
    if (digits == null || !digits.matches("[0-9A-Fa-f]*")) {
      return null;
    }
    return HexFormat.of().parseHex(digits.length() % 2 == 0 ? digits : "00" + digits.substring(1));
  }

  /** How many characters must be put in, taken out or changed to make one text of the other (Wagner and Fischer). */
  public static Integer levenshtein(String text, String other) {
    if (anyNull(text, other)) {
      return null;
    }
    int[] a = text.codePoints().toArray();
    int[] b = other.codePoints().toArray();
    int[] row = new int[b.length + 1];
    Arrays.setAll(row, i -> i);
    for (int i = 0; i < a.length; i++) {
      int[] next = new int[b.length + 1];
      next[0] = i + 1;
      for (int j = 1; j <= b.length; j++) {
        int change = row[j - 1] + (a[i] == b[j - 1] ? 0 : 1);
        next[j] = Math.min(change, Math.min(row[j], next[j - 1]) + 1);
      }
      row = next;
    }
    return row[b.length];
  }

  public static String uuid() {
    return UUID.randomUUID().toString();
  }

  // Regular expressions.

  public static Boolean regexp(String text, String pattern) {
    return anyNull(text, pattern) ? null : (Boolean) Pattern.compile(pattern).matcher(text).find();
  }

  public static String regexpExtract(String text, String pattern) {
    return regexpExtract(text, pattern, 0);
  }

  /** NULL where nothing matches. */
  public static String regexpExtract(String text, String pattern, Integer group) {
    if (anyNull(text, pattern, group)) {
      return null;
    }
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    return matcher.find() && group >= 0 && group <= matcher.groupCount() ? matcher.group(group) : null;
  }

  public static String regexpSubstr(String text, String pattern) {
    return regexpExtract(text, pattern, 0);
  }

  public static String regexpReplace(String text, String pattern, String replacement) {
    return anyNull(text, pattern, replacement) ? null : Pattern.compile(pattern).matcher(text).replaceAll(replacement);
  }

  public static Integer regexpCount(String text, String pattern) {
    return anyNull(text, pattern) ? null : (Integer) (int) Pattern.compile(pattern).matcher(text).results().count();
  }

  public static Integer regexpInstr(String text, String pattern) {
    if (anyNull(text, pattern)) {
      return null;
    }
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    return matcher.find() ? text.codePointCount(0, matcher.start()) + 1 : 0;
  }

  public static List<Object> regexpExtractAll(String text, String pattern) {
    return regexpExtractAll(text, pattern, 1);
  }

  /** The group of every match. */
  public static List<Object> regexpExtractAll(String text, String pattern, Integer group) {
    return anyNull(text, pattern, group) ? null : new ArrayList<>(Pattern.compile(pattern).matcher(text).results().map(match -> match.group(group)).toList());
  }

  // Numbers.

  public static Integer abs(Integer x) {
    return x == null ? null : (Integer) Math.abs(x);
  }

  public static Long abs(Long x) {
    return x == null ? null : (Long) Math.abs(x);
  }

  public static Double abs(Double x) {
    return x == null ? null : (Double) Math.abs(x);
  }

  public static BigDecimal abs(BigDecimal x) {
    return x == null ? null : x.abs();
  }

  public static Integer sign(Integer x) {
    return x == null ? null : (Integer) Integer.signum(x);
  }

  public static Long sign(Long x) {
    return x == null ? null : (Long) (long) Long.signum(x);
  }

  public static Double sign(Double x) {
    return x == null ? null : (Double) Math.signum(x);
  }

  public static BigDecimal sign(BigDecimal x) {
    return x == null ? null : BigDecimal.valueOf(x.signum()).setScale(x.scale());
  }

  public static Integer ceil(Integer x) {
    return x;
  }

  public static Long ceil(Long x) {
    return x;
  }

  public static Double ceil(Double x) {
    return x == null ? null : (Double) Math.ceil(x);
  }

  public static BigDecimal ceil(BigDecimal x) {
    return x == null ? null : x.setScale(0, RoundingMode.CEILING);
  }

  public static Integer floor(Integer x) {
    return x;
  }

  public static Long floor(Long x) {
    return x;
  }

  public static Double floor(Double x) {
    return x == null ? null : (Double) Math.floor(x);
  }

  public static BigDecimal floor(BigDecimal x) {
    return x == null ? null : x.setScale(0, RoundingMode.FLOOR);
  }

  private static Double rounded(Double x, Integer digits, RoundingMode mode) {
    if (anyNull(x, digits)) {
      return null;
    }
    return Double.isFinite(x) ? (Double) BigDecimal.valueOf(x).setScale(digits, mode).doubleValue() : x;
  }

  /** Half away from zero. */
  public static Double round(Double x) {
    return rounded(x, 0, RoundingMode.HALF_UP);
  }

  public static Double round(Double x, Integer digits) {
    return rounded(x, digits, RoundingMode.HALF_UP);
  }

  public static Integer round(Integer x) {
    return x;
  }

  public static Integer round(Integer x, Integer digits) {
    return anyNull(x, digits) ? null : (Integer) BigDecimal.valueOf(x).setScale(Math.min(0, digits), RoundingMode.HALF_UP).intValue();
  }

  public static Long round(Long x) {
    return x;
  }

  public static Long round(Long x, Integer digits) {
    return anyNull(x, digits) ? null : (Long) BigDecimal.valueOf(x).setScale(Math.min(0, digits), RoundingMode.HALF_UP).longValue();
  }

  /** {@code scale}: of the result's type. */
  public static BigDecimal roundTo(BigDecimal x, Integer digits, int scale) {
    return anyNull(x, digits) ? null : x.setScale(Math.min(digits, x.scale()), RoundingMode.HALF_UP).setScale(scale, RoundingMode.DOWN);
  }

  public static Double truncate(Double x) {
    return rounded(x, 0, RoundingMode.DOWN);
  }

  public static Double truncate(Double x, Integer digits) {
    return rounded(x, digits, RoundingMode.DOWN);
  }

  public static BigDecimal truncateTo(BigDecimal x, Integer digits, int scale) {
    return anyNull(x, digits) ? null : x.setScale(Math.min(digits, x.scale()), RoundingMode.DOWN).setScale(scale, RoundingMode.DOWN);
  }

  public static Integer truncate(Integer x) {
    return x;
  }

  public static Integer truncate(Integer x, Integer digits) {
    return anyNull(x, digits) ? null : (Integer) BigDecimal.valueOf(x).setScale(Math.min(0, digits), RoundingMode.DOWN).intValue();
  }

  public static Long truncate(Long x) {
    return x;
  }

  public static Long truncate(Long x, Integer digits) {
    return anyNull(x, digits) ? null : (Long) BigDecimal.valueOf(x).setScale(Math.min(0, digits), RoundingMode.DOWN).longValue();
  }

  /** The bucket, from 1, among some of equal width; 0 below them, one more than there are above. */
  public static Long widthBucket(Double x, Double low, Double high, Integer buckets) {
    if (anyNull(x, low, high, buckets) || buckets < 1 || low.equals(high) || !Double.isFinite(x) || !Double.isFinite(low) || !Double.isFinite(high)) {
      return null;
    }
    double share = (x - low) / (high - low);
    return share < 0 ? (Long) 0L : share >= 1 ? (Long) (buckets + 1L) : (Long) ((long) (share * buckets) + 1);
  }

  public static Long pmod(Long x, Long by) {
    return anyNull(x, by) ? null : x % by < 0 ? (Long) ((x % by + by) % by) : (Long) (x % by);
  }

  public static Double power(Double x, Double exponent) {
    return anyNull(x, exponent) ? null : (Double) Math.pow(x, exponent);
  }

  private static Double of(Double x, DoubleUnaryOperator function) {
    return x == null ? null : (Double) function.applyAsDouble(x);
  }

  public static Double sqrt(Double x) {
    return of(x, Math::sqrt);
  }

  public static Double exp(Double x) {
    return of(x, Math::exp);
  }

  public static Double ln(Double x) {
    return of(x, Math::log);
  }

  public static Double log(Double x) {
    return of(x, Math::log);
  }

  public static Double log(Double base, Double x) {
    return anyNull(base, x) ? null : (Double) (Math.log(x) / Math.log(base));
  }

  public static Double log10(Double x) {
    return of(x, Math::log10);
  }

  public static Double log2(Double x) {
    return of(x, value -> Math.log(value) / Math.log(2));
  }

  public static Double sin(Double x) {
    return of(x, Math::sin);
  }

  public static Double cos(Double x) {
    return of(x, Math::cos);
  }

  public static Double tan(Double x) {
    return of(x, Math::tan);
  }

  public static Double cot(Double x) {
    return of(x, value -> 1 / Math.tan(value));
  }

  public static Double sinh(Double x) {
    return of(x, Math::sinh);
  }

  public static Double cosh(Double x) {
    return of(x, Math::cosh);
  }

  public static Double tanh(Double x) {
    return of(x, Math::tanh);
  }

  public static Double asin(Double x) {
    return of(x, Math::asin);
  }

  public static Double acos(Double x) {
    return of(x, Math::acos);
  }

  public static Double atan(Double x) {
    return of(x, Math::atan);
  }

  public static Double atan2(Double y, Double x) {
    return anyNull(y, x) ? null : (Double) Math.atan2(y, x);
  }

  public static Double degrees(Double x) {
    return of(x, value -> value / Math.PI * 180);
  }

  public static Double radians(Double x) {
    return of(x, value -> value / 180 * Math.PI);
  }

  public static Double pi() {
    return Math.PI;
  }

  public static Double e() {
    return Math.E;
  }

  @SafeVarargs
  @SuppressWarnings("varargs")
  public static <T> T greatest(T... values) {
    return anyNull((Object[]) values) ? null : Arrays.stream(values).max(Sql::compare).orElse(null);
  }

  @SafeVarargs
  @SuppressWarnings("varargs")
  public static <T> T least(T... values) {
    return anyNull((Object[]) values) ? null : Arrays.stream(values).min(Sql::compare).orElse(null);
  }

  public static Double rand() {
    return ThreadLocalRandom.current().nextDouble();
  }

  public static Integer randInteger(Integer bound) {
    return bound == null ? null : (Integer) ThreadLocalRandom.current().nextInt(bound);
  }

  public static String bin(Long x) {
    return x == null ? null : Long.toBinaryString(x);
  }

  public static String hex(Long x) {
    return x == null ? null : Long.toHexString(x).toUpperCase();
  }

  // Conditions.

  public static <T> T nvl2(Object value, T then, T otherwise) {
    return value != null ? then : otherwise;
  }

  // Times, in UTC.

  private static OffsetDateTime utc(Object time) {
    return Sql.toTimestamp(time).atOffset(ZoneOffset.UTC);
  }

  public static Instant currentTimestamp() {
    return Instant.ofEpochMilli(System.currentTimeMillis());
  }

  public static LocalDate currentDate() {
    return utc(currentTimestamp()).toLocalDate();
  }

  /** A part of a DATE or TIMESTAMP. */
  public static Long extract(String unit, Object time) {
    if (time == null) {
      return null;
    }
    OffsetDateTime at = utc(time);
    switch (unit) {
      case "MILLISECOND":
        return (long) at.get(ChronoField.MILLI_OF_SECOND);
      case "SECOND":
        return (long) at.getSecond();
      case "MINUTE":
        return (long) at.getMinute();
      case "HOUR":
        return (long) at.getHour();
      case "DAY":
        return (long) at.getDayOfMonth();
      case "WEEK":
        return (long) at.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR);
      case "MONTH":
        return (long) at.getMonthValue();
      case "QUARTER":
        return (long) at.get(IsoFields.QUARTER_OF_YEAR);
      case "YEAR":
        return (long) at.getYear();
      case "DOW":
        return (long) at.getDayOfWeek().getValue() % 7 + 1;
      case "ISODOW":
        return (long) at.getDayOfWeek().getValue();
      case "DOY":
        return (long) at.getDayOfYear();
      default:
        return at.toEpochSecond();
    }
  }

  /** {@code FLOOR(time TO unit)}; weeks begin on Sunday. */
  public static Instant floorTo(Instant time, String unit) {
    if (time == null) {
      return null;
    }
    OffsetDateTime at = utc(time);
    OffsetDateTime day = at.truncatedTo(ChronoUnit.DAYS);
    switch (unit) {
      case "WEEK":
        return day.with(TemporalAdjusters.previousOrSame(DayOfWeek.SUNDAY)).toInstant();
      case "MONTH":
        return day.withDayOfMonth(1).toInstant();
      case "QUARTER":
        return day.with(IsoFields.DAY_OF_QUARTER, 1).toInstant();
      case "YEAR":
        return day.withDayOfYear(1).toInstant();
      default:
        return at.truncatedTo(chronoUnit(unit)).toInstant();
    }
  }

  public static LocalDate floorTo(LocalDate date, String unit) {
    return date == null ? null : utc(floorTo(Sql.toTimestamp(date), unit)).toLocalDate();
  }

  private static ChronoUnit chronoUnit(String unit) {
    return unit.equals("MILLISECOND") ? ChronoUnit.MILLIS : ChronoUnit.valueOf(unit + "S");
  }

  private static OffsetDateTime plus(OffsetDateTime time, String unit, long count) {
    return unit.equals("QUARTER") ? time.plusMonths(3 * count) : time.plus(count, chronoUnit(unit));
  }

  public static Instant addToTimestamp(String unit, Long count, Object time) {
    return anyNull(count, time) ? null : plus(utc(time), unit, count).toInstant();
  }

  public static LocalDate addToDate(String unit, Long count, LocalDate date) {
    return anyNull(count, date) ? null : plus(utc(date), unit, count).toLocalDate();
  }

  /** Full units between. */
  public static Integer timestampdiff(String unit, Object from, Object to) {
    if (anyNull(from, to)) {
      return null;
    }
    long units = unit.equals("QUARTER") ? ChronoUnit.MONTHS.between(utc(from), utc(to)) / 3 : chronoUnit(unit).between(utc(from), utc(to));
    return (int) units;
  }

  public static String dateFormat(Instant time, String pattern) {
    return anyNull(time, pattern) ? null : DateTimeFormatter.ofPattern(pattern).format(utc(time));
  }

  /** NULL when the text is none. */
  public static Instant parseTimestamp(String text) {
    return Sql.tryCast(text, Sql::toTimestamp);
  }

  /** NULL when the text does not have the pattern. */
  public static Instant parseTimestamp(String text, String pattern) {
    LocalDateTime time = anyNull(text, pattern) ? null : localTime(text, pattern);
    return time == null ? null : time.toInstant(ZoneOffset.UTC);
  }

  public static LocalDate parseDate(String text) {
    return Sql.toDate(parseTimestamp(text));
  }

  public static LocalDate parseDate(String text, String pattern) {
    return Sql.toDate(parseTimestamp(text, pattern));
  }

  /** What a pattern leaves out is as it was at the beginning of 1970. */
  private static LocalDateTime localTime(String text, String pattern) {
    DateTimeFormatterBuilder builder = new DateTimeFormatterBuilder().appendPattern(pattern);
    if (!pattern.matches(".*[yu].*")) {
      builder.parseDefaulting(ChronoField.YEAR_OF_ERA, 1970);
    }
    if (!pattern.matches(".*[ML].*")) {
      builder.parseDefaulting(ChronoField.MONTH_OF_YEAR, 1);
    }
    if (!pattern.contains("d")) {
      builder.parseDefaulting(ChronoField.DAY_OF_MONTH, 1);
    }
    if (!pattern.matches(".*[HhKk].*")) {
      builder.parseDefaulting(ChronoField.HOUR_OF_DAY, 0);
    }
    try {
      return LocalDateTime.parse(text, builder.toFormatter(Locale.ENGLISH));
    } catch (DateTimeException e) {
      return null;
    }
  }

  public static String convertTz(String text, String from, String to) {
    LocalDateTime time = anyNull(text, from, to) ? null : localTime(text, "yyyy-MM-dd HH:mm:ss");
    return time == null
        ? null
        : DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").format(time.atZone(ZoneId.of(from)).withZoneSameInstant(ZoneId.of(to)));
  }

  public static Instant toTimestampLtz(Long epoch, Integer precision) {
    return anyNull(epoch, precision) ? null : Instant.ofEpochMilli(precision == 0 ? epoch * 1000 : epoch);
  }

  public static LocalDate dateAdd(LocalDate date, Integer days) {
    return anyNull(date, days) ? null : date.plusDays(days);
  }

  public static LocalDate dateSub(LocalDate date, Integer days) {
    return anyNull(date, days) ? null : date.minusDays(days);
  }

  public static Integer datediff(LocalDate end, LocalDate start) {
    return Sql.subtract(end, start);
  }

  public static LocalDate lastDay(LocalDate date) {
    return date == null ? null : date.with(TemporalAdjusters.lastDayOfMonth());
  }

  public static Long unixMillis(Instant time) {
    return time == null ? null : (Long) time.toEpochMilli();
  }

  public static Long unixTimestamp(Instant time) {
    return time == null ? null : (Long) time.getEpochSecond();
  }

  public static Long unixTimestamp(String text) {
    return unixTimestamp(text, "yyyy-MM-dd HH:mm:ss");
  }

  public static Long unixTimestamp(String text, String pattern) {
    return unixTimestamp(parseTimestamp(text, pattern));
  }

  public static String fromUnixtime(Long seconds) {
    return fromUnixtime(seconds, "yyyy-MM-dd HH:mm:ss");
  }

  public static String fromUnixtime(Long seconds, String pattern) {
    return seconds == null ? null : dateFormat(Instant.ofEpochSecond(seconds), pattern);
  }

  // Hashes, in hexadecimal digits.

  private static String digest(String algorithm, String text) {
    if (text == null) {
      return null;
    }
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  public static String md5(String text) {
    return digest("MD5", text);
  }

  public static String sha1(String text) {
    return digest("SHA-1", text);
  }

  public static String sha224(String text) {
    return digest("SHA-224", text);
  }

  public static String sha256(String text) {
    return digest("SHA-256", text);
  }

  public static String sha384(String text) {
    return digest("SHA-384", text);
  }

  /** NULL for another number of bits than 224, 256, 384 and 512. */
  public static String sha2(String text, Integer bits) {
    return anyNull(text, bits) || !List.of(224, 256, 384, 512).contains(bits) ? null : digest("SHA-" + bits, text);
  }

  public static String sha512(String text) {
    return digest("SHA-512", text);
  }

  public static Long crc32(String text) {
    if (text == null) {
      return null;
    }
    CRC32 crc = new CRC32();
    crc.update(text.getBytes(StandardCharsets.UTF_8));
    return crc.getValue();
  }
}
