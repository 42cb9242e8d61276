/** Time after which a claim expires, milliseconds: a tab that has vanished blocks the others for this long. */
const claimLife = 5000;

/**
 * Runs `work` in one tab of this origin at a time. Browsers have locks for this on pages that came with TLS or from this machine. On other
 * pages the tabs agree through the storage that they share.
 */
export async function oneTabAtATime<T>(name: string, work: () => Promise<T>): Promise<T> {
  if (typeof navigator !== 'undefined' && 'locks' in navigator) return (await navigator.locks.request(name, work)) as T;
  const claim = await claimed(name);
  try {
    return await work();
  } finally {
    if (claim !== undefined && read(name)?.claim === claim) remove(name);
  }
}

/** Writes a claim until it is the one that stays. Undefined: there is no storage, so the tabs cannot agree. */
async function claimed(name: string): Promise<string | undefined> {
  const claim = Math.random().toString(36).slice(2);
  for (;;) {
    const other = read(name);
    if (other === undefined || Date.now() - other.at > claimLife) {
      if (!write(name, claim)) return undefined;
      // Tabs that saw the place free at the same time overwrite each other's claims; the last one stays.
      await pause(60);
      if (read(name)?.claim === claim) return claim;
    }
    await pause(40);
  }
}

function read(name: string): { claim: string; at: number } | undefined {
  try {
    const [claim, at] = (localStorage.getItem(name) ?? '').split(' ');
    return claim === undefined || at === undefined ? undefined : { claim, at: Number(at) };
  } catch {
    return undefined;
  }
}

function write(name: string, claim: string): boolean {
  try {
    localStorage.setItem(name, `${claim} ${Date.now()}`);
    return true;
  } catch {
    return false;
  }
}

function remove(name: string): void {
  try {
    localStorage.removeItem(name);
  } catch {
    // The claim expires by itself.
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
