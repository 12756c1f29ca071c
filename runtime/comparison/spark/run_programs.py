"""Runs programs of PySpark one after the other in one JVM.

Reads a line of JSON for each from standard input: {"program": path, "folder": path}. A program calls
capture(sink, mode) for what it would give to a sink; the rows come to be in folder/sink.captured, a line of JSON each.
Answers with a line of JSON on standard output: {"error": null or a text, "seconds": of its micro-batches, or of a whole batch job}.
The argument is Spark's master.
"""

import base64
import datetime
import decimal
import json
import math
import os
import sys
import time
import traceback

from pyspark.sql import Row, SparkSession
from pyspark.sql.streaming import StreamingQuery

answers = os.fdopen(os.dup(1), "w")
# Whatever Spark prints is no answer.
os.dup2(2, 1)


def plain(value):
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, decimal.Decimal):
        return format(value, "f")
    if isinstance(value, datetime.datetime):
        # The process is in UTC.
        return value.isoformat(timespec="milliseconds") + "Z"
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, (bytes, bytearray)):
        return base64.b64encode(value).decode()
    if isinstance(value, dict):
        return [[plain(key), plain(item)] for key, item in value.items()]
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value


def captures(folder):
    def capture(sink):
        path = os.path.join(folder, f"{sink}.captured")

        def write(rows, _batch=None):
            with open(path, "a", encoding="utf-8") as file:
                for row in rows.collect():
                    file.write(json.dumps(plain(row), ensure_ascii=False) + "\n")

        return write

    return capture


def processing_seconds(names, whole):
    queries = [value for value in names.values() if isinstance(value, StreamingQuery)]
    if not queries:
        return whole
    # Those of one program run at the same time.
    return max(sum(batch["durationMs"]["triggerExecution"] for batch in query.recentProgress) for query in queries) / 1000


def main():
    spark = SparkSession.builder.master(sys.argv[1]).getOrCreate()
    spark.sparkContext.setLogLevel("OFF")
    print(json.dumps({"ready": spark.version}), file=answers, flush=True)
    for line in sys.stdin:
        job = json.loads(line)
        error = None
        seconds = 0
        try:
            with open(job["program"], encoding="utf-8") as file:
                code = compile(file.read(), job["program"], "exec")
            names = {"__name__": "__main__", "capture": captures(job["folder"])}
            started = time.monotonic()
            exec(code, names)
            seconds = processing_seconds(names, time.monotonic() - started)
        except Exception as problem:
            error = str(problem).split("\n\nJVM stacktrace")[0]
            traceback.print_exc()
        for query in spark.streams.active:
            query.stop()
        print(json.dumps({"error": error, "seconds": seconds}), file=answers, flush=True)
    spark.stop()


main()
