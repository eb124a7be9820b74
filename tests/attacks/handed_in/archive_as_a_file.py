# Aim: an archive with `..`, links and devices in it, under the name of the file.
# Ends: ungradable
import io, tarfile


def arrange(folder, text, run):
    with tarfile.open(folder / "closures.py", "w") as archive:
        for name in ("../../../../tmp/canary", "/etc/canary", "closures.py"):
            entry = tarfile.TarInfo(name)
            entry.size = 5
            archive.addfile(entry, io.BytesIO(b"x = 1"))
        entry = tarfile.TarInfo("link")
        entry.type, entry.linkname = tarfile.SYMTYPE, str(run / "course/gradebook.db")
        archive.addfile(entry)
    return folder / "closures.py"
