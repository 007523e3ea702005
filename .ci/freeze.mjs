// Starts Pyodide under Node with the grader loaded and warm, and keeps its memory: what the practice page restores.
//
//     node freeze.mjs PYODIDE_FOLDER LIBRARY_ZIP CORE_ZIP JOB_JSON SNAPSHOT_OUT
//
// LIBRARY_ZIP must be the file that the page gets: the memory knows where in it each module lies. JOB_JSON holds
// {"modules": [names to import], "samples": [[problem file, sheet], …]}. Fails loudly if a sample cannot be judged.
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const [folder, library, core, job, snapshotOut] = process.argv.slice(2).map(word => path.resolve(word));
const { loadPyodide } = await import(pathToFileURL(path.join(folder, 'pyodide.mjs')));
const py = await loadPyodide({ indexURL: folder + path.sep, stdLibURL: library, _makeSnapshot: true });
py.FS.writeFile('/core.zip', new Uint8Array(fs.readFileSync(core)));
py.globals.set('job', fs.readFileSync(job, 'utf8'));
try {
  py.runPython(`
import gc, importlib, json, sys
sys.path.insert(0, "/core.zip")
from grader.practice import standin
standin.take_place()
job = json.loads(job)
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
fs.writeFileSync(snapshotOut, py.makeMemorySnapshot());
