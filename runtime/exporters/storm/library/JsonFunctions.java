package millrace.storm;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** SQL's functions over texts of JSON. NULL where a text is NULL or malformed, unless it says otherwise. Paths go by names and places: {@code $.user.items[0]}. */
public final class JsonFunctions {
  private static final ObjectReader READER =
      Json.MAPPER.readerFor(JsonNode.class).with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
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
