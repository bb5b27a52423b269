"""The networks in PyTorch, as its tutorials write them: eager, batches picked by index, `loss.item()` each step."""

import sys

from protocol import Task, serve

task = Task(sys.argv[1])

import torch

torch.set_num_threads(task.threads)

from torch_networks import NETWORKS

serve(task, NETWORKS, torch.manual_seed)
