// Runs byhand's own grader. It begins from a frozen start where the browser takes it, and else from the beginning.
const HERE = new URL('runtime/', self.location);
const KEPT = 'byhand-MADE'; // where the service worker keeps this page
const at = name => new URL(name, HERE).href;
const tell = (stage, more = {}) => self.postMessage({ stage, ...more });
const plainFetch = self.fetch.bind(self);
const settings = plainFetch(at('start.json')).then(answer => answer.json());
const toKeep = [];
let bridge, python, frozen;
const added = new Set();

async function got(name) {
  const answer = await plainFetch(at(name));
  if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
  return answer;
}

// What was packed (as xz, so that any server will do) as it was, with how much of it has come.
async function unpacked(name) {
  const [{ XzReadableStream }, answer] = await Promise.all([import(at('xz.mjs')), got(name)]);
  const whole = Number(answer.headers.get('content-length')) || 0;
  let come = 0;
  const counted = new TransformStream({
    transform(chunk, out) {
      come += chunk.length;
      tell('fetching', { name, come, whole });
      out.enqueue(chunk);
    },
  });
  const packed = await new Response(answer.body.pipeThrough(counted)).blob();
  return new Uint8Array(await new Response(new XzReadableStream(packed.stream())).arrayBuffer());
}

// What has been unpacked once is kept as it is, so that later visits need not do it again.
async function kept(name, type, unpack) {
  const found = await self.caches?.open(KEPT).then(cache => cache.match(at(name))).catch(() => undefined);
  if (found) return found;
  const make = data => new Response(data, { headers: { 'content-type': type } });
  const data = await unpack();
  toKeep.push(cache => cache.put(at(name), make(data)));
  return make(data);
}

async function keepAll() {
  try {
    const cache = await self.caches?.open(KEPT);
    if (cache) for (const keep of toKeep.splice(0)) await keep(cache);
  } catch { /* no room */ }
}

const program = kept('pyodide.asm.wasm', 'application/wasm', () => unpacked('pyodide.asm.wasm.packed'));
program.catch(() => { /* told where it is asked for */ });

// The memory of a grader that has started; what it has from the program was left out of it.
async function memory() {
  const [{ segments }, found, plain] = await Promise.all([settings, unpacked('snapshot.packed'), program.then(answer => answer.clone().arrayBuffer())]);
  const data = new Uint8Array(plain);
  let from = 0, to = new DataView(found.buffer).getUint32(4, true); // after Pyodide's own head
  for (const [on, further, count] of segments) {
    from += on;
    to += further;
    for (let n = 0; n < count; n += 1) found[to + n] ^= data[from + n];
  }
  return found;
}

// Pyodide asks for its program by name, and gets it unpacked; a frozen start has all of the library that it needs in its memory.
self.fetch = async (asked, ...rest) => {
  const address = typeof asked === 'string' ? asked : asked.url ?? String(asked);
  if (address.endsWith('.wasm')) return (await program).clone();
  if (frozen && address === at('library.zip')) return new Response(new Uint8Array((await settings).library));
  return plainFetch(asked, ...rest);
};

async function begin(fromMemory) {
  frozen = fromMemory;
  const { loadPyodide } = await import(at('pyodide.mjs'));
  const options = { indexURL: HERE.href, stdLibURL: at('library.zip'), lockFileContents: LOCK };
  if (frozen) options._loadSnapshot = kept('snapshot', 'application/octet-stream', memory).then(answer => answer.arrayBuffer());
  python = await loadPyodide(options);
  if (!frozen) {
    await put('core');
    python.runPython('import sys; sys.path.insert(0, "/core.zip"); from grader.practice import standin; standin.take_place()');
  }
  bridge = python.pyimport('grader.practice.bridge');
  tell('ready', { frozen });
  keepAll();
}

const put = async name => python.FS.writeFile(`/${name}.zip`, new Uint8Array(await (await got(`${name}.zip`)).arrayBuffer()));

const LOCK = JSON.stringify({ info: { abi_version: '2026_0', arch: 'wasm32', platform: 'emscripten', python: '3.14.2', version: '314.0.7' }, packages: {} });

const plain = new URL(self.location).searchParams.has('plain');
const started = (plain ? begin(false) : begin(true).catch(() => { tell('again'); return begin(false); })).catch(error => {
  tell('failed', { reason: String(error.message ?? error) });
  throw error;
});

// A library that only some exercises take.
async function add(name) {
  if (added.has(name)) return;
  await put(name);
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
