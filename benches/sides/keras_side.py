"""The networks in Keras on TensorFlow: `fit` for one network, a `tf.function` step for two that play a game."""

import os
import sys

from protocol import Task, serve

task = Task(sys.argv[1])

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["KERAS_BACKEND"] = "tensorflow"
import keras
import tensorflow as tf

tf.config.threading.set_intra_op_parallelism_threads(task.threads)
tf.config.threading.set_inter_op_parallelism_threads(task.threads)

from keras_networks import NETWORKS


def seed_with(seed):
    keras.backend.clear_session()
    keras.utils.set_random_seed(seed)


serve(task, NETWORKS, seed_with)
