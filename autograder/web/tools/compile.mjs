// Python in zips to bytecode of Pyodide's own Python: node compile.mjs PYODIDE IN.zip OUT.zip [sources]
// With `sources` the text stays beside the bytecode, for tracebacks and whoever reads it.
import fs from "node:fs";
import { pathToFileURL } from "node:url";

const [, , folder, from, to, sources] = process.argv;
const { loadPyodide } = await import(pathToFileURL(`${folder}/pyodide.mjs`));
const python = await loadPyodide({ indexURL: folder });
python.FS.writeFile("/in.zip", fs.readFileSync(from));
python.globals.set("keep", sources === "sources");
python.runPython(`
import importlib._bootstrap_external, importlib.util, zipfile
STAMP = (1980, 1, 1, 0, 0, 0)  # the same bytes each time
with zipfile.ZipFile("/in.zip") as given, zipfile.ZipFile("/out.zip", "w") as made:
    def put(name, content):
        info = zipfile.ZipInfo(name, STAMP)
        info.compress_type = zipfile.ZIP_DEFLATED
        made.writestr(info, content, compresslevel=9)
    for info in given.infolist():
        if info.is_dir():
            continue
        name, content, code = info.filename, given.read(info), None
        if name.endswith(".py"):
            try:
                code = compile(content, name, "exec", dont_inherit=True, optimize=0)
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
