// Runs byhand's own grader. It begins from a frozen start where the browser takes it, and else from the beginning.
const HERE = new URL('runtime/', self.location);
const at = name => new URL(name, HERE).href;
const tell = (stage, more = {}) => self.postMessage({ stage, ...more });
const plainFetch = self.fetch.bind(self);
let bridge, python;
const added = new Set();

// What was packed (by gzip, so that any server will do) as it was, with how much of it has come.
async function unpacked(name) {
  const answer = await plainFetch(at(name));
  if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
  const whole = Number(answer.headers.get('content-length')) || 0;
  let come = 0;
  const counted = new TransformStream({
    transform(chunk, out) {
      come += chunk.length;
      tell('fetching', { name, come, whole });
      out.enqueue(chunk);
    },
  });
  return answer.body.pipeThrough(counted).pipeThrough(new DecompressionStream('gzip'));
}

const bytes = async stream => new Uint8Array(await new Response(stream).arrayBuffer());

// Pyodide asks for its program by name, and gets it unpacked.
self.fetch = (asked, ...rest) => {
  const address = typeof asked === 'string' ? asked : asked.url ?? String(asked);
  if (!address.endsWith('.wasm')) return plainFetch(asked, ...rest);
  return unpacked('pyodide.asm.wasm.packed').then(stream => new Response(stream, { headers: { 'content-type': 'application/wasm' } }));
};

async function begin(frozen) {
  const { loadPyodide } = await import(at('pyodide.mjs'));
  const settings = { indexURL: HERE.href, stdLibURL: at('library.zip'), lockFileContents: LOCK };
  if (frozen) settings._loadSnapshot = unpacked('snapshot.packed').then(bytes);
  python = await loadPyodide(settings);
  if (!frozen) {
    python.FS.writeFile('/core.zip', await bytes((await plainFetch(at('core.zip'))).body));
    python.runPython('import sys; sys.path.insert(0, "/core.zip"); from grader.practice import standin; standin.take_place()');
  }
  bridge = python.pyimport('grader.practice.bridge');
  tell('ready', { frozen });
}

const LOCK = JSON.stringify({ info: { abi_version: '2026_0', arch: 'wasm32', platform: 'emscripten', python: '3.14.2', version: '314.0.7' }, packages: {} });

const plain = new URL(self.location).searchParams.has('plain');
const started = (plain ? begin(false) : begin(true).catch(() => { tell('again'); return begin(false); })).catch(error => {
  tell('failed', { reason: String(error.message ?? error) });
  throw error;
});

// A library that only some exercises take.
async function add(name) {
  if (added.has(name)) return;
  python.FS.writeFile(`/${name}.zip`, await bytes((await plainFetch(at(`${name}.zip`))).body));
  python.runPython(`import sys; sys.path.append("/${name}.zip")`);
  added.add(name);
}

function answer({ what, toml, texts, hints, text, name }) {
  return what === 'judge'
    ? bridge.judge.callKwargs(toml, JSON.stringify(texts), { hints: Boolean(hints) })
    : bridge.read_sheet(toml, text, name);
}

let turn = Promise.resolve();
self.onmessage = ({ data }) => {
  turn = turn.then(async () => {
    await started;
    for (const name of data.needs ?? []) await add(name);
    const from = performance.now();
    return { found: JSON.parse(answer(data)), took: performance.now() - from };
  }).then(
    ({ found, took }) => self.postMessage({ id: data.id, found, took }),
    error => self.postMessage({ id: data.id, error: String(error.message ?? error).trim().split('\n').pop() }),
  );
};
