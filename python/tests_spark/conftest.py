import os
import sys

import pytest

import made

# Half the start of a JVM is its second compiler and its collector's threads, which these small jobs do not need.
JVM = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"


@pytest.fixture(scope="session")
def spark(tmp_path_factory):
    """One session for all tests: two executors of one core, processes of their own, on loopback only."""
    os.environ.update(JDK_JAVA_OPTIONS=JVM, SPARK_LOCAL_IP="127.0.0.1", PYSPARK_PYTHON=sys.executable)
    from pyspark.sql import SparkSession

    built = SparkSession.builder.master("local-cluster[2,1,1024]").appName("tests")
    for name, value in {
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.executor.extraJavaOptions": JVM,
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.warehouse.dir": str(tmp_path_factory.mktemp("warehouse")),
        # The time zone of a session must not move a date.
        "spark.sql.session.timeZone": "America/Lima",
    }.items():
        built = built.config(name, value)
    # The master keeps its own copy of work beside the driver.
    os.chdir(tmp_path_factory.mktemp("work"))
    session = built.getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    yield session
    session.stop()


@pytest.fixture(scope="session")
def world(tmp_path_factory):
    """Sites with parts, incidents and settlements as Parquet files, and what one machine makes of them."""
    return made.World(tmp_path_factory.mktemp("world"))


@pytest.fixture(scope="session")
def frames(spark, world):
    """The same files as DataFrames."""
    return {name: spark.read.parquet(str(path)) for name, path in world.files.items()}
