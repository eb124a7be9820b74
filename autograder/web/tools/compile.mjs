// Python in zips to bytecode of Pyodide's own Python: node compile.mjs PYODIDE IN.zip OUT.zip [FOLDER [SOURCES]]
// What matches SOURCES, a pattern, keeps its text beside the bytecode, for tracebacks and whoever reads
// it. What does not takes the place of its text, and tracebacks call it by its name in FOLDER.
// Nothing in OUT.zip is compressed: it is as a whole, which makes it smaller.
import fs from "node:fs";
import { pathToFileURL } from "node:url";

const [, , folder, from, to, place = "", sources = "(?!)"] = process.argv;
const { loadPyodide } = await import(pathToFileURL(`${folder}/pyodide.mjs`));
const python = await loadPyodide({ indexURL: folder });
python.FS.writeFile("/in.zip", fs.readFileSync(from));
python.globals.set("place", place);
python.globals.set("sources", sources);
python.runPython(`
import importlib._bootstrap_external, importlib.util, re, zipfile
STAMP = (1980, 1, 1, 0, 0, 0)  # the same bytes each time
with zipfile.ZipFile("/in.zip") as given, zipfile.ZipFile("/out.zip", "w") as made:
    def put(name, content):
        made.writestr(zipfile.ZipInfo(name, STAMP), content)
    for info in given.infolist():
        if info.is_dir():
            continue
        name, content, code = info.filename, given.read(info), None
        keep = re.match(sources, name) is not None
        if name.endswith(".py"):
            try:
                code = compile(content, place + name, "exec", dont_inherit=True, optimize=0)
            except SyntaxError:
                pass
        if keep or code is None:
            put(name, content)
        if code is not None:
            hashed = importlib.util.source_hash(content)
            pyc = importlib._bootstrap_external._code_to_hash_pyc(code, hashed, False)
            head, _, last = name.rpartition("/")
            cached = f"{head}/__pycache__/{last[:-3]}.cpython-314.pyc".lstrip("/")
            put(cached if keep else name + "c", pyc)
`);
fs.writeFileSync(to, python.FS.readFile("/out.zip"));
