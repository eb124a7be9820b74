# Aim: more rights, through set-uid programs, capabilities, user ids and personalities.
# Ends: failed
import ctypes, glob, os, subprocess


def become_root():
    for action, argument in ((os.setuid, 0), (os.setgid, 0), (os.setgroups, [0]), (os.seteuid, 0)):
        if os.getuid() != 0:
            attempt(action.__name__, action, argument)
    for program in (*glob.glob("/usr/bin/*"), "/usr/lib/openssh/ssh-keysign"):
        try:
            if os.stat(program).st_mode & 0o4000 and os.access(program, os.X_OK):
                said = subprocess.run([program, "-c", "id -u"], capture_output=True, timeout=0.05, input=b"")
                if said.stdout.strip() == b"0":
                    breach(f"root by {program}")
        except (OSError, subprocess.SubprocessError):
            pass
    libc = ctypes.CDLL(None, use_errno=True)
    version, held = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
    if libc.capget(version, held) != 0 or any(held):
        breach(f"capabilities {list(held)}")
    for capability in range(41):
        if libc.prctl(23, capability, 0, 0, 0) == 1:  # PR_CAPBSET_READ
            breach(f"capability {capability} can be had")
    if libc.prctl(39, 0, 0, 0, 0) != 1:  # PR_GET_NO_NEW_PRIVS
        breach("new privileges can be had")


if first_time():
    become_root()
