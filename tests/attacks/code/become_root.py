# Aim: more rights, through set-uid programs, capabilities, user ids and personalities.
# Ends: failed
import glob, os, subprocess

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
status = open("/proc/self/status").read()
for line in status.splitlines():
    if line.startswith("Cap") and int(line.split()[1], 16):
        breach(line)
if "NoNewPrivs:\t1" not in status:
    breach("new privileges can be had")
