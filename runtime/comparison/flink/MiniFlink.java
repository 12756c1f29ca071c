import java.net.URI;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.table.gateway.SqlGateway;
import org.apache.flink.table.gateway.service.context.DefaultContext;
import org.apache.flink.table.gateway.service.session.SessionManager;

/**
 * A Flink cluster in this process and an SQL Gateway before it, both on free ports of 127.0.0.1. It says "ready GATEWAY-PORT REST-PORT" and
 * ends with its standard input: it never outlives who started it.
 */
public final class MiniFlink {
  public static void main(String[] arguments) throws Exception {
    Configuration configuration = new Configuration();
    configuration.setString("rest.address", "127.0.0.1");
    configuration.setString("rest.bind-address", "127.0.0.1");
    configuration.setString("rest.bind-port", "0");
    configuration.setString("rest.port", "0");
    configuration.setString("taskmanager.memory.network.max", "64m");
    configuration.setString("taskmanager.memory.network.min", "64m");
    configuration.setString("taskmanager.memory.managed.size", "64m");
    configuration.setString("web.submit.enable", "false");
    // A view of a job that is seconds old says nothing of a job that lasts seconds.
    configuration.setString("metrics.fetcher.update-interval", "500 ms");
    MiniCluster cluster =
        new MiniCluster(
            new MiniClusterConfiguration.Builder()
                .setConfiguration(configuration)
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(4)
                .build());
    cluster.start();
    URI rest = cluster.getRestAddress().get();
    Configuration client = new Configuration();
    client.setString("execution.target", "remote");
    client.setString("rest.address", rest.getHost());
    client.setString("rest.port", String.valueOf(rest.getPort()));
    client.setString("sql-gateway.endpoint.rest.address", "127.0.0.1");
    client.setString("sql-gateway.endpoint.rest.bind-address", "127.0.0.1");
    String port = arguments[0];
    client.setString("sql-gateway.endpoint.rest.port", port);
    client.setString("sql-gateway.endpoint.rest.bind-port", port);
    DefaultContext context = new DefaultContext(client, List.of());
    SqlGateway gateway = new SqlGateway(context.getFlinkConfig(), SessionManager.create(context));
    gateway.start();
    System.out.println("ready " + port + " " + rest.getPort());
    while (System.in.read() >= 0) {}
    gateway.stop();
    cluster.close();
    System.exit(0);
  }
}
