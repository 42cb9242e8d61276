// Reads the stamp of bench_stage.py from the corner of the shown picture, the same way for every way of showing a game.
// bench.read(x, y, width, height) returns RGBA of the current picture. Its source differs:
window.bench = (() => {
  const block = 8, blocks = 25;
  const probe = document.createElement('canvas');
  const context = probe.getContext('2d', { willReadFrequently: true });

  /** Reads from a canvas or an image of this page. */
  const fromElement = (find) => async (x, y, width, height) => {
    const source = find();
    const ready = source && (source.naturalWidth ?? source.width) >= x + width;
    if (!ready) return null;
    if (probe.width < width || probe.height < height) [probe.width, probe.height] = [width, height];
    context.drawImage(source, x, y, width, height, 0, 0, width, height);
    return context.getImageData(0, 0, width, height).data;
  };

  /** Reads from our page's canvas, which belongs to a worker. */
  const fromWorker = async (x, y, width, height) => (await pixelgamedev.readPixels(x, y, width, height)).data;

  // A timer that is set from a message has no minimum of 4 ms; nested timers have.
  const channel = new MessageChannel();
  let wake;
  channel.port1.onmessage = () => setTimeout(() => wake?.(), 1);
  const pause = () => new Promise((resolve) => { wake = resolve; channel.port2.postMessage(0); });

  // Returns the milliseconds between performance.now() and the wall clock of the stamps. Measures them when Date.now() changes.
  const offset = () => {
    let best = -Infinity;
    for (let i = 0; i < 8; i++) {
      const date = Date.now();
      let now;
      do now = performance.now(); while (Date.now() === date);
      // Date.now() changed to date + 1 at or just before this reading.
      best = Math.max(best, date + 1 - performance.now());
    }
    return best;
  };

  async function stamp() {
    const data = await bench.read(0, block / 2, block * blocks, 1);
    if (!data || data.length < block * blocks * 4) return null;
    let bits = 0;
    for (let i = 0; i < blocks; i++) {
      const level = data[(i * block + block / 2) * 4 + 1];
      if (level > 64 && level < 192) return null;
      if (level >= 192) bits += 2 ** i;
    }
    return { key: bits & 1, time: (bits >>> 1) & 0xffff, frame: (bits >>> 17) & 0xff };
  }
  // Returns the age of a stamp in tenths of a millisecond. The stamp wraps after 6.5 s.
  const age = (time, at, off) => ((Math.floor((at + off) * 10) - time) % 65536 + 65536) % 65536;

  return {
    fromElement, fromWorker, read: null,
    async first(limit = 30000) {
      const off = offset(), end = performance.now() + limit;
      while (performance.now() < end) {
        const seen = await stamp().catch(() => null);
        if (seen && seen.time !== 0 && age(seen.time, performance.now(), off) < 20000) return true;
        await pause();
      }
      throw new Error('no picture of the game came');
    },
    /** Every different frame seen within so many milliseconds: [page time, age in ms]. */
    async watch(millis) {
      const off = offset(), start = performance.now(), seen = [];
      let last = -1, polls = 0;
      while (performance.now() < start + millis) {
        const now = await stamp().catch(() => null);
        const at = performance.now();
        polls++;
        if (now && now.frame !== last) {
          last = now.frame;
          seen.push([at, age(now.time, at, off) / 10]);
        }
        await pause();
      }
      return { seen, millis: performance.now() - start, polls };
    },
    /** Until so many different frames have been seen. */
    async pictures(count, limit = 30000) {
      const end = performance.now() + limit;
      let last = -1;
      for (let seen = 0; seen < count; ) {
        if (performance.now() > end) throw new Error(`only ${seen} of ${count} pictures came`);
        const now = await stamp().catch(() => null);
        if (now && now.frame !== last) {
          last = now.frame;
          seen++;
        }
        await pause();
      }
    },
    /** Waits for the next key and then for the picture that has seen it; milliseconds from the event's time stamp. */
    armed: null,
    async arm() {
      const before = (await stamp())?.key;
      const pressed = new Promise((resolve) => addEventListener('keydown', (event) => resolve(event.timeStamp), { capture: true, once: true }));
      bench.armed = (async () => {
        const from = await pressed, end = performance.now() + 3000;
        while (performance.now() < end) {
          const now = await stamp().catch(() => null);
          if (now && now.key !== before) return performance.now() - from;
          await pause();
        }
        return -1;
      })();
    },
    async pressed() { return await bench.armed; },
  };
})();
