package millrace.storm;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.databind.util.RawValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** SQL's functions over texts of JSON. NULL where a text is NULL or malformed, unless it says otherwise. Paths go by names and places: {@code $.user.items[0]}. */
public final class JsonFunctions {
  private static final ObjectReader READER =
      Json.MAPPER.readerFor(JsonNode.class).with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  private static final JsonNodeFactory NODES = Json.MAPPER.getNodeFactory();
  private static final Pattern STEP = Pattern.compile("\\G(?:\\.([A-Za-z_]\\w*)|\\[(\\d+)\\]|\\['([^']*)'\\])");

  private JsonFunctions() {}

  private static JsonNode parse(String text) {
    try {
      JsonNode node = text == null ? null : READER.readValue(text);
      return node == null || node.isMissingNode() ? null : node;
    } catch (JsonProcessingException e) {
      return null;
    }
  }

  private static JsonNode find(String text, String path) {
    JsonNode node = path == null ? null : parse(text);
    Matcher steps = STEP.matcher(path == null ? "" : path.substring(path.indexOf('$') + 1));
    while (node != null && steps.find()) {
      String name = steps.group(1) == null ? steps.group(3) : steps.group(1);
      node = name == null ? node.get(Integer.parseInt(steps.group(2))) : node.get(name);
    }
    return node;
  }

  /** A text, number or boolean as text. */
  public static String jsonValue(String text, String path) {
    JsonNode node = find(text, path);
    if (node == null || node.isNull() || node.isContainerNode()) {
      return null;
    }
    return node.isNumber() ? node.decimalValue().stripTrailingZeros().toPlainString() : node.asText();
  }

  /** An object or array as JSON. */
  public static String jsonQuery(String text, String path) {
    JsonNode node = find(text, path);
    return node == null || !node.isContainerNode() ? null : node.toString();
  }

  /** Whether there is something other than null. */
  public static Boolean jsonExists(String text, String path) {
    if (text == null || path == null) {
      return null;
    }
    JsonNode node = find(text, path);
    return node != null && !node.isNull();
  }

  public static Boolean isJson(String text) {
    return text == null ? null : (Boolean) (parse(text) != null);
  }

  public static Integer jsonLength(String text) {
    return jsonLength(text, "$");
  }

  /** Elements or members; 1 for other values. */
  public static Integer jsonLength(String text, String path) {
    JsonNode node = find(text, path);
    return node == null ? null : (Integer) (node.isContainerNode() ? node.size() : 1);
  }

  public static String jsonQuote(String text) {
    return text == null ? null : TextNode.valueOf(text).toString();
  }

  /** Of numbers, texts, times, and arrays and maps of them. */
  public static String jsonString(Object value) {
    return value == null ? null : node(value).toString();
  }

  /** Without the values that are NULL. */
  public static String jsonArray(Object... values) {
    ArrayNode items = NODES.arrayNode();
    Arrays.stream(values).filter(Objects::nonNull).forEach(value -> items.add(node(value)));
    return items.toString();
  }

  private static JsonNode node(Object value) {
    if (value == null) {
      return NODES.nullNode();
    }
    if (value instanceof Boolean truth) {
      return NODES.booleanNode(truth);
    }
    if (value instanceof Number) {
      return NODES.rawValueNode(new RawValue(Sql.toText(value)));
    }
    if (value instanceof List<?> list) {
      ArrayNode items = NODES.arrayNode();
      list.forEach(item -> items.add(node(item)));
      return items;
    }
    if (value instanceof Map<?, ?> map) {
      ObjectNode members = NODES.objectNode();
      map.forEach((key, item) -> members.set(String.valueOf(Sql.toText(key)), node(item)));
      return members;
    }
    return NODES.textNode(Sql.toText(value));
  }

  /** Other texts than a JSON string stay as they are. */
  public static String jsonUnquote(String text) {
    JsonNode node = text != null && text.startsWith("\"") ? parse(text) : null;
    return node == null || !node.isTextual() ? text : node.textValue();
  }

  /** NULL for what is no object. */
  public static List<Object> jsonObjectKeys(String text) {
    JsonNode node = parse(text);
    if (node == null || !node.isObject()) {
      return null;
    }
    List<Object> keys = new ArrayList<>();
    node.fieldNames().forEachRemaining(keys::add);
    return keys;
  }
}
