import java.io.BufferedReader;
import java.io.InputStreamReader;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.hadoop.hdfs.MiniDFSCluster.DataNodeProperties;
import org.apache.hadoop.hdfs.protocol.HdfsConstants.SafeModeAction;

/**
 * An HDFS of one NameNode and one DataNode on free ports, for tests. Its folder is the only argument. Says "ready PORT" (of
 * WebHDFS), then obeys a command per line of standard input with "done" or "failed REASON". Ends with its standard input, so
 * that it never outlives the test that started it.
 */
public final class MiniHdfs {
  private static DataNodeProperties stopped;

  public static void main(String[] arguments) throws Exception {
    Configuration configuration = new Configuration();
    configuration.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, arguments[0]);
    configuration.set("dfs.datanode.hostname", "localhost");
    configuration.setInt("dfs.replication", 1);
    configuration.setBoolean("dfs.permissions.enabled", true);
    // A restarted NameNode would otherwise stay in safe mode for half a minute after its blocks are reported.
    configuration.setInt("dfs.namenode.safemode.extension", 0);
    MiniDFSCluster cluster = new MiniDFSCluster.Builder(configuration).numDataNodes(1).build();
    try {
      cluster.waitActive();
      System.out.println("ready " + cluster.getNameNode().getHttpAddress().getPort());
      BufferedReader commands = new BufferedReader(new InputStreamReader(System.in));
      for (String command = commands.readLine(); command != null; command = commands.readLine()) {
        try {
          obey(cluster, command);
          System.out.println("done");
        } catch (Exception problem) {
          System.out.println("failed " + problem);
        }
      }
    } finally {
      cluster.shutdown(true);
    }
    System.exit(0);
  }

  private static void obey(MiniDFSCluster cluster, String command) throws Exception {
    switch (command) {
      case "enter-safe-mode" -> cluster.getFileSystem().setSafeMode(org.apache.hadoop.fs.SafeModeAction.ENTER);
      case "leave-safe-mode" -> cluster.getFileSystem().setSafeMode(org.apache.hadoop.fs.SafeModeAction.LEAVE);
      case "stop-namenode" -> cluster.shutdownNameNode(0);
      case "start-namenode" -> cluster.restartNameNode(0);
      case "stop-datanode" -> stopped = cluster.stopDataNode(0);
      case "start-datanode" -> {
        cluster.restartDataNode(stopped, true);
        cluster.waitActive();
      }
      default -> throw new IllegalArgumentException(command);
    }
  }
}
