import java.io.BufferedReader;
import java.io.InputStreamReader;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.SafeModeAction;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.hadoop.hdfs.MiniDFSCluster.DataNodeProperties;

/**
 * An HDFS of one NameNode and one DataNode on free ports, for tests; user "millrace" may write to /user/millrace. The only
 * argument is the folder to keep it in. It says "ready PORT" (of WebHDFS), then does what the lines of its standard input say,
 * and answers "done" or "failed REASON". It ends with its standard input: it never outlives the test that started it.
 */
public final class MiniHdfs {
  private static DataNodeProperties stopped;

  public static void main(String[] arguments) throws Exception {
    Configuration configuration = new Configuration();
    configuration.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, arguments[0]);
    configuration.set("dfs.datanode.hostname", "localhost");
    configuration.setInt("dfs.replication", 1);
    // Once its blocks are reported, a NameNode that starts again would stay in safe mode for another half a minute.
    configuration.setInt("dfs.namenode.safemode.extension", 0);
    // By default a server that starts again is found out after three seconds.
    configuration.setInt("dfs.heartbeat.interval", 1);
    // A writer asks whether its file is complete a moment before the DataNode reports the block, and by default sleeps 400 ms then.
    configuration.setInt("dfs.client.block.write.locateFollowingBlock.initial.delay.ms", 10);
    MiniDFSCluster cluster = new MiniDFSCluster.Builder(configuration).numDataNodes(1).build();
    try {
      cluster.waitActive();
      Path home = new Path("/user/millrace");
      cluster.getFileSystem().mkdirs(home);
      cluster.getFileSystem().setOwner(home, "millrace", "millrace");
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
      case "enter-safe-mode" -> cluster.getFileSystem().setSafeMode(SafeModeAction.ENTER);
      case "leave-safe-mode" -> cluster.getFileSystem().setSafeMode(SafeModeAction.LEAVE);
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
