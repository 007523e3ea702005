// The grader, behind a worker: questions go in, reports come out.
export class Judge {
  constructor(tell, before) {
    this.waiting = new Map();
    this.next = 1;
    this.tell = tell;
    this.ready = new Promise((resolve, reject) => { this.started = resolve; this.failed = reject; });
    this.ready.catch(() => {});
    this.worker = before.then(() => this.work());
  }

  work() {
    const worker = new Worker(new URL('worker.js', import.meta.url), { type: 'module' });
    worker.onmessage = ({ data }) => this.heard(data);
    worker.onerror = () => this.heard({ stage: 'failed', reason: 'the worker did not start' });
    return worker;
  }

  heard(data) {
    if (data.stage) {
      this.tell(data);
      if (data.stage === 'ready') this.started(data);
      if (data.stage === 'failed') this.failed(new Error(data.reason));
      return;
    }
    const asked = this.waiting.get(data.id);
    this.waiting.delete(data.id);
    if (data.error) asked.reject(new Error(data.error));
    else asked.resolve(data.found);
  }

  async ask(question) {
    const worker = await this.worker;
    return new Promise((resolve, reject) => {
      const id = this.next++;
      this.waiting.set(id, { resolve, reject });
      worker.postMessage({ ...question, id });
    });
  }

  // The report of `byhand grade --json`.
  judge(toml, texts, { hints = false, needs = [] } = {}) { return this.ask({ what: 'judge', toml, texts, hints, needs }); }

  // What a whole sheet says, line by line.
  read(toml, text, name = '') { return this.ask({ what: 'read', toml, text, name, needs: [] }); }
}
