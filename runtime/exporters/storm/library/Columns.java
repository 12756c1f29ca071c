package millrace.storm;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/** Names and types of the fields that are read or written. */
public final class Columns implements Serializable {
  private final List<String> names = new ArrayList<>();
  private final List<Type> types = new ArrayList<>();

  public Columns add(String name, Type type) {
    names.add(name);
    types.add(type);
    return this;
  }

  public int size() {
    return names.size();
  }

  public String name(int index) {
    return names.get(index);
  }

  public Type type(int index) {
    return types.get(index);
  }

  public String[] names() {
    return names.toArray(String[]::new);
  }
}
