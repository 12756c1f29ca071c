package millrace.storm;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** SQL's functions of arrays and maps. NULL where an argument is, unless it says otherwise; NULL elements are equal to each other. */
public final class Lists {
  private static final int MAX_MADE = 1_000_000;

  private Lists() {}

  private static boolean includes(Collection<Object> list, Object value) {
    return list.stream().anyMatch(item -> Sql.sameValue(item, value));
  }

  private static List<Object> distinct(Collection<Object> list) {
    List<Object> found = new ArrayList<>();
    for (Object item : list) {
      if (!includes(found, item)) {
        found.add(item);
      }
    }
    return found;
  }

  private static boolean anyNull(Object... values) {
    return Arrays.stream(values).anyMatch(Objects::isNull);
  }

  public static Integer cardinality(List<Object> list) {
    return list == null ? null : (Integer) list.size();
  }

  public static Integer cardinality(Map<Object, Object> map) {
    return map == null ? null : (Integer) map.size();
  }

  /** A value that is NULL is repeated like others. */
  public static List<Object> arrayRepeat(Object value, Integer times) {
    return times == null ? null : new ArrayList<>(Collections.nCopies(checkedLength("ARRAY_REPEAT", Math.max(0, times)), value));
  }

  /** Both ends are in it; downwards when the second is smaller. */
  public static List<Object> sequence(Long from, Long to) {
    if (anyNull(from, to)) {
      return null;
    }
    int length = checkedLength("SEQUENCE", Math.addExact(Math.absExact(Math.subtractExact(to, from)), 1));
    long step = to < from ? -1 : 1;
    List<Object> numbers = new ArrayList<>(length);
    for (int i = 0; i < length; i++) {
      numbers.add(from + i * step);
    }
    return numbers;
  }

  private static int checkedLength(String name, long length) {
    if (length > MAX_MADE) {
      throw new IllegalArgumentException(name + " makes arrays of up to " + MAX_MADE + " elements, not of " + length);
    }
    return (int) length;
  }

  /** The only element. */
  public static Object onlyElement(List<Object> list) {
    if (list != null && list.size() > 1) {
      throw new IllegalArgumentException("ELEMENT needs an array of one element, not of " + list.size());
    }
    return list == null || list.isEmpty() ? null : list.get(0);
  }

  public static Boolean arrayContains(List<Object> list, Object value) {
    return anyNull(list, value) ? null : (Boolean) includes(list, value);
  }

  public static Integer arrayPosition(List<Object> list, Object value) {
    if (anyNull(list, value)) {
      return null;
    }
    for (int i = 0; i < list.size(); i++) {
      if (Sql.sameValue(list.get(i), value)) {
        return i + 1;
      }
    }
    return 0;
  }

  public static List<Object> arrayConcat(Object... lists) {
    List<Object> all = new ArrayList<>();
    for (Object list : lists) {
      if (list == null) {
        return null;
      }
      all.addAll((Collection<?>) list);
    }
    return all;
  }

  public static List<Object> arrayAppend(List<Object> list, Object value) {
    return anyNull(list, value) ? null : arrayConcat(list, Sql.listOf(value));
  }

  public static List<Object> arrayPrepend(List<Object> list, Object value) {
    return anyNull(list, value) ? null : arrayConcat(Sql.listOf(value), list);
  }

  public static List<Object> arrayRemove(List<Object> list, Object value) {
    return anyNull(list, value) ? null : new ArrayList<>(list.stream().filter(item -> !Sql.sameValue(item, value)).toList());
  }

  public static List<Object> arrayUnion(List<Object> list, List<Object> other) {
    return anyNull(list, other) ? null : distinct(arrayConcat(list, other));
  }

  public static List<Object> arrayIntersect(List<Object> list, List<Object> other) {
    return anyNull(list, other) ? null : distinct(list.stream().filter(item -> includes(other, item)).toList());
  }

  public static List<Object> arrayExcept(List<Object> list, List<Object> other) {
    return anyNull(list, other) ? null : distinct(list.stream().filter(item -> !includes(other, item)).toList());
  }

  public static List<Object> arrayDistinct(List<Object> list) {
    return list == null ? null : distinct(list);
  }

  public static List<Object> arrayReverse(List<Object> list) {
    if (list == null) {
      return null;
    }
    List<Object> reversed = new ArrayList<>(list);
    Collections.reverse(reversed);
    return reversed;
  }

  public static List<Object> arraySort(List<Object> list) {
    return arraySort(list, true, true);
  }

  public static List<Object> arraySort(List<Object> list, Boolean ascending) {
    return arraySort(list, ascending, ascending);
  }

  public static List<Object> arraySort(List<Object> list, Boolean ascending, Boolean nullsFirst) {
    if (anyNull(list, ascending, nullsFirst)) {
      return null;
    }
    List<Object> sorted = new ArrayList<>(list);
    sorted.sort(
        (a, b) -> {
          if (a == null || b == null) {
            return a == b ? 0 : (a == null) == nullsFirst ? -1 : 1;
          }
          return ascending ? Sql.compare(a, b) : Sql.compare(b, a);
        });
    return sorted;
  }

  public static List<Object> arraySlice(List<Object> list, Integer start) {
    return list == null ? null : arraySlice(list, start, list.size());
  }

  /** Both ends are included; negative positions count from the end. */
  public static List<Object> arraySlice(List<Object> list, Integer start, Integer end) {
    if (anyNull(list, start, end)) {
      return null;
    }
    int from = Math.max(0, (start < 0 ? list.size() + start + 1 : start) - 1);
    int to = Math.min(list.size(), Math.max(0, end < 0 ? list.size() + end + 1 : end));
    return from < to ? new ArrayList<>(list.subList(from, to)) : new ArrayList<>();
  }

  /** NULLs are left out. */
  public static Object arrayMax(List<Object> list) {
    return list == null ? null : list.stream().filter(Objects::nonNull).max(Sql::compare).orElse(null);
  }

  public static Object arrayMin(List<Object> list) {
    return list == null ? null : list.stream().filter(Objects::nonNull).min(Sql::compare).orElse(null);
  }

  /** Without NULLs. */
  public static String arrayJoin(List<Object> list, String separator) {
    return anyNull(list, separator) ? null : list.stream().filter(Objects::nonNull).map(String::valueOf).collect(Collectors.joining(separator));
  }

  public static String arrayJoin(List<Object> list, String separator, String nullText) {
    return anyNull(list, separator, nullText) ? null : list.stream().map(item -> item == null ? nullText : String.valueOf(item)).collect(Collectors.joining(separator));
  }

  public static List<Object> arrayCompact(List<Object> list) {
    return list == null ? null : new ArrayList<>(list.stream().filter(Objects::nonNull).toList());
  }

  public static List<Object> flatten(List<Object> lists) {
    return lists == null ? null : arrayConcat(lists.toArray());
  }

  public static List<Object> mapKeys(Map<Object, Object> map) {
    return map == null ? null : new ArrayList<>(map.keySet());
  }

  public static List<Object> mapValues(Map<Object, Object> map) {
    return map == null ? null : new ArrayList<>(map.values());
  }

  /** Rows of key and value. */
  public static List<Object> mapEntries(Map<Object, Object> map) {
    if (map == null) {
      return null;
    }
    List<Object> entries = new ArrayList<>();
    map.forEach((key, value) -> entries.add(Sql.listOf(key, value)));
    return entries;
  }

  public static Map<Object, Object> mapFromArrays(List<Object> keys, List<Object> values) {
    if (anyNull(keys, values)) {
      return null;
    }
    if (keys.size() != values.size()) {
      throw new IllegalArgumentException("MAP_FROM_ARRAYS needs as many values as keys, not " + values.size() + " for " + keys.size());
    }
    Map<Object, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < keys.size(); i++) {
      map.put(keys.get(i), values.get(i));
    }
    return map;
  }

  /** Of equal keys, the last counts. */
  @SafeVarargs
  @SuppressWarnings("varargs")
  public static Map<Object, Object> mapUnion(Map<Object, Object>... maps) {
    if (anyNull((Object[]) maps)) {
      return null;
    }
    Map<Object, Object> all = new LinkedHashMap<>();
    for (Map<Object, Object> map : maps) {
      all.putAll(map);
    }
    return all;
  }
}
