# Written by `course lab`, which passes what differs from start to start (port, token, folder) by itself.
import os
import signal
import sys
import threading
import time

from jupyter_server.services.contents.largefilemanager import AsyncLargeFileManager

c = get_config()  # noqa: F821

# One kernel to choose: the Python kernel that comes with JupyterLab would only be in the way.
c.KernelSpecManager.ensure_native_kernel = False
c.KernelSpecManager.allowed_kernelspecs = {"rust"}
c.MultiKernelManager.default_kernel_name = "rust"

# Nothing is fetched that the learner did not ask for: no news, no look for updates, no catalogue of extensions.
c.LabApp.news_url = None
c.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"
c.LabApp.extension_manager = "readonly"
# It would search the machine for language servers at every start; the kernel completes names itself.
c.LanguageServerManager.autodetect = False


class CourseContents(AsyncLargeFileManager):
    """Trusts the course's own notebooks: JupyterLab draws no SVG of a notebook that it does not trust."""

    def mark_trusted_cells(self, nb, path=""):
        if path.strip("/").startswith(("lectures/", "weights/")):
            self.notary.mark_cells(nb, True)
        else:
            super().mark_trusted_cells(nb, path)


c.ServerApp.contents_manager_class = CourseContents

# In a container everything runs as root, and the container is the fence.
c.ServerApp.allow_root = True
# The port was chosen and announced; another one would be a surprise.
c.ServerApp.port_retries = 0

# How long kernels get to end by themselves.
STOP_SECONDS = 10


def stop_with_course():
    """Stops JupyterLab when the pipe from `course` closes: on Ctrl-C, and just as well when `course` is killed."""
    while os.read(0, 1024):
        pass
    import psutil

    # Listed now, because a kernel whose parent has ended is nobody's child any more.
    kernels = psutil.Process().children(recursive=True)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(STOP_SECONDS)
    for process in kernels:
        try:
            process.kill()
        except psutil.NoSuchProcess:
            pass
    os.kill(os.getpid(), signal.SIGKILL)


# JupyterLab may read this file more than once.
if not any(thread.name == "stop-with-course" for thread in threading.enumerate()):
    threading.Thread(target=stop_with_course, name="stop-with-course", daemon=True).start()
