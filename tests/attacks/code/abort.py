# Aim: abort with a core dump that is larger than the disk.
# Ends: error
import os, resource

try:
    resource.setrlimit(resource.RLIMIT_CORE, (-1, -1))
    breach("the limit of core dumps was lifted")
except (ValueError, OSError):
    pass
Value.__mul__ = lambda *args: os.abort()
