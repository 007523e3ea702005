// Starts Pyodide under Node with the grader loaded and warm, and keeps its memory: what the practice page restores.
//
//     node freeze.mjs PYODIDE_FOLDER LIBRARY_ZIP CORE_ZIP JOB_JSON SNAPSHOT_OUT
//
// LIBRARY_ZIP must be the file that the page gets: the memory knows where in it each module lies. JOB_JSON holds
// {"library": [Python's modules to import], "modules": [ours], "samples": [[problem file, sheet], …]}. Whatever may be
// imported later is imported here, since a page that starts from this memory does without the library. Fails loudly
// if a sample cannot be judged. Documentation is left out, and free memory is cleared, so that it packs well.
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const [folder, library, core, job, snapshotOut] = process.argv.slice(2).map(word => path.resolve(word));
const { loadPyodide } = await import(pathToFileURL(path.join(folder, 'pyodide.mjs')));
const py = await loadPyodide({ indexURL: folder + path.sep, stdLibURL: library, _makeSnapshot: true, env: { HOME: '/home/pyodide', PYTHONOPTIMIZE: '2' } });
py.FS.writeFile('/core.zip', new Uint8Array(fs.readFileSync(core)));
py.globals.set('job', fs.readFileSync(job, 'utf8'));
try {
  py.runPython(`
import gc, importlib, json, sys
from contextlib import suppress
sys.path.insert(0, "/core.zip")
from grader.practice import standin
standin.take_place()
job = json.loads(job)
for name in job["library"]:
    with suppress(ImportError):  # a name that a module has, or what this Python has not
        importlib.import_module(name)
for name in job["modules"]:
    importlib.import_module(name)
from grader.practice import bridge
for toml, sheet in job["samples"]:
    bridge.warm(toml, sheet)
bridge.forget()
del job, name, toml, sheet
gc.collect()
`);
} catch (error) {
  console.error(error.message); // and none of the megabyte in which it happened
  process.exit(1);
}
// Every free piece below the end of what is used, large ones first: taken, cleared, and given back.
const { _malloc, _free, _sbrk } = py._module;
const end = _sbrk(0) - 65536, taken = [];
for (let size = 1 << 16; size >= 8; size = size > 64 ? Math.floor(size / 1.25) & ~7 : size - 8) {
  for (let at = _malloc(size); at; at = _malloc(size)) {
    taken.push(at);
    if (at + size >= end) break;
    py._module.HEAPU8.fill(0, at, at + size);
  }
}
for (const at of taken) _free(at);
fs.writeFileSync(snapshotOut, py.makeMemorySnapshot());
